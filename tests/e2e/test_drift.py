"""What others changed behind Pulumi's back: a refresh shows it, an up takes it back, and what isn't ours stays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import lightkube
import pytest
from lightkube.resources.core_v1 import Service
from lightkube.types import PatchType

from tests.e2e.aws import Account, Aws, named
from tests.e2e.projects import Project, Projects
from tests.e2e.runs import Run

STACK = "drift/dev"
LOST_ROUTE = "100.80.1.0/24"
SSH: Any = {
    "IpProtocol": "tcp",
    "FromPort": 22,
    "ToPort": 22,
    "IpRanges": [{"CidrIp": "203.0.113.0/24"}],
}


@dataclass(frozen=True)
class Repair:
    """A stack that was changed by hand, then refreshed, then brought up again."""

    project: Project
    refresh: Run
    up: Run


@pytest.fixture(scope="module")
def project(projects: Projects) -> Project:
    made = projects.small("drift")
    made.up().ok()
    return made


@pytest.fixture(scope="module")
def aws(account: Account, project: Project) -> Aws:
    return account.of(project.region)


@pytest.fixture(scope="module")
def repair(project: Project, aws: Aws, kubernetes: lightkube.Client) -> Repair:
    lose_a_route(aws, f"drift-private-{project.region}a")
    lose_a_rule(aws)
    let_ssh_in(aws)
    tag_the_vpc(aws)
    deregister_a_target(aws)
    lead_the_bank_elsewhere(aws)
    move_the_port(kubernetes)
    return Repair(project, refresh=project.refresh().ok(), up=project.up().ok())


def lose_a_route(aws: Aws, table: str) -> None:
    table_id = named(aws, STACK, "route-table")[table]
    aws.ec2.delete_route(RouteTableId=table_id, DestinationCidrBlock=LOST_ROUTE)


def lose_a_rule(aws: Aws) -> None:
    group = named(aws, STACK, "security-group")["drift-nodes"]
    (rule,) = [rule for rule in rules(aws) if rule["IpProtocol"] == "tcp" and rule.get("CidrIpv4") == "10.8.0.0/16"]
    aws.ec2.revoke_security_group_ingress(GroupId=group, SecurityGroupRuleIds=[rule["SecurityGroupRuleId"]])


def let_ssh_in(aws: Aws) -> None:
    group = named(aws, STACK, "security-group")["drift-nodes"]
    aws.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[SSH])


def tag_the_vpc(aws: Aws) -> None:
    vpc = named(aws, STACK, "vpc")["drift"]
    aws.ec2.create_tags(Resources=[vpc], Tags=[{"Key": "owner", "Value": "somebody"}])
    aws.ec2.delete_tags(Resources=[vpc], Tags=[{"Key": "team"}])


def deregister_a_target(aws: Aws) -> None:
    (group,) = named(aws, STACK, "target-group").values()
    node = named(aws, STACK, "instance")["node-a"]
    aws.elbv2.deregister_targets(TargetGroupArn=group, Targets=[{"Id": node, "Port": port_of_targets(aws)}])


def lead_the_bank_elsewhere(aws: Aws) -> None:
    (zone,) = named(aws, STACK, "zone").values()
    record = {"Name": "bank.drift.internal", "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": "evil.example"}]}
    aws.route53.change_resource_record_sets(
        HostedZoneId=zone,
        ChangeBatch={"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]},  # type: ignore[typeddict-item]
    )


def move_the_port(kubernetes: lightkube.Client) -> None:
    patch = [{"op": "replace", "path": "/spec/ports/0/port", "value": 9999}]
    kubernetes.patch(
        Service, "admin", patch, namespace="drift", patch_type=PatchType.JSON, field_manager="kubectl-edit"
    )


def rules(aws: Aws) -> list[dict[str, Any]]:
    group = named(aws, STACK, "security-group")["drift-nodes"]
    found = aws.ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])
    return [dict(rule) for rule in found["SecurityGroupRules"]]


def port_of_targets(aws: Aws) -> int:
    (group,) = named(aws, STACK, "target-group").values()
    return aws.elbv2.describe_target_groups(TargetGroupArns=[group])["TargetGroups"][0]["Port"]


def test_lost_route_is_shown_and_restored(repair: Repair, aws: Aws) -> None:
    table = f"drift-private-{repair.project.region}a"
    assert repair.refresh.diff("RouteTable", table) >= {f'routes["{LOST_ROUTE}"]'}
    table_id = named(aws, STACK, "route-table")[table]
    routes = aws.ec2.describe_route_tables(RouteTableIds=[table_id])["RouteTables"][0]["Routes"]
    led = {route["DestinationCidrBlock"]: route.get("NetworkInterfaceId") for route in routes}
    assert led[LOST_ROUTE] == named(aws, STACK, "network-interface")["node-b"]


def test_lost_rule_is_shown_and_restored(repair: Repair, aws: Aws) -> None:
    assert "update SecurityGroupRules drift.drift.admin.nodes" in repair.refresh.changes
    assert "10.8.0.0/16" in {rule.get("CidrIpv4") for rule in rules(aws) if rule["IpProtocol"] == "tcp"}


def test_rule_of_somebody_else_is_no_difference_and_stays(repair: Repair, aws: Aws) -> None:
    assert not repair.refresh.diff("SecurityGroupRules", "drift-nodes")
    assert [rule["FromPort"] for rule in rules(aws) if rule.get("CidrIpv4") == "203.0.113.0/24"] == [22]


def test_tags_are_brought_back(repair: Repair, aws: Aws) -> None:
    assert repair.refresh.diff("Vpc", "drift") == {"tags.owner", "tags.team"}
    vpc = named(aws, STACK, "vpc")["drift"]
    tags = {tag["Key"]: tag["Value"] for tag in aws.ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["Tags"]}
    assert tags["team"] == "network"
    assert "owner" not in tags


def test_deregistered_target_is_registered_again(repair: Repair, aws: Aws) -> None:
    assert {path for path in repair.refresh.diff("TargetGroup", "drift.drift.front.http") if "node-a" in path}
    (group,) = named(aws, STACK, "target-group").values()
    health = aws.elbv2.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
    assert {item["Target"]["Id"] for item in health} == set(named(aws, STACK, "instance").values())


def test_changed_record_is_brought_back(repair: Repair, aws: Aws) -> None:
    assert "update Records drift.drift.bank" in repair.refresh.changes
    (zone,) = named(aws, STACK, "zone").values()
    records = aws.route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    (bank,) = [record for record in records if record["Type"] == "CNAME"]
    assert bank["TTL"] == 300
    assert [row["Value"].rstrip(".") for row in bank["ResourceRecords"]] == ["payments.example.com"]


def test_moved_port_is_brought_back(repair: Repair, kubernetes: lightkube.Client) -> None:
    assert "update Service drift.drift.admin" in repair.refresh.changes
    service = kubernetes.get(Service, "admin", namespace="drift")
    assert service.spec is not None
    assert [port.port for port in service.spec.ports or []] == [8080]


def test_only_what_was_changed_is_touched(repair: Repair) -> None:
    touched = {
        f"update RouteTable drift-private-{repair.project.region}a",
        "update SecurityGroupRules drift.drift.admin.nodes",
        "update Vpc drift",
        "update TargetGroup drift.drift.front.http",
        "update Records drift.drift.bank",
        "update Service drift.drift.admin",
    }
    assert repair.refresh.changes == repair.up.changes == touched
    assert repair.project.up("--expect-no-changes").ok().changes == set()
