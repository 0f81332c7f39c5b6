from __future__ import annotations

import json
from typing import Any

import pytest

from kubewire.adoption.described import Wishes, described
from kubewire.adoption.found import FoundBalancer
from kubewire.adoption.importing import import_file, missing
from kubewire.adoption.plan import Plan, plan
from kubewire.adoption.stack import Stack
from kubewire.errors import InvalidInputError
from tests.unit.adoption.things import ARN, GUARD, admits, balancer, guard, listener, service, stack

START = "urn:pulumi:dev::shop::kubewire:services:LoadBalancerService"
SHARED = {"GroupId": "sg-backend", "GroupName": "k8s-traffic", "IpPermissions": [], "Tags": []}


def planned(found: FoundBalancer, known: Stack | None = None, *, replace: bool = False, **spec: Any) -> Plan:
    args, warnings = described(service(spec), found, Wishes(sources=["10.8.0.0/16"], replace=replace))
    return plan(args, found, known or stack(), warnings, replace=replace)


def test_everything_is_imported_under_the_name_that_the_program_will_give_it() -> None:
    made = planned(balancer(guard()))
    assert {one.urn: one.id for one in made.aws} == {
        f"{START}$kubewire:index:NetworkLoadBalancer::main.shop.web": ARN,
        f"{START}$kubewire:index:SecurityGroup::main.shop.web": GUARD,
        f"{START}$kubewire:index:TargetGroup::main.shop.web.http": "tg-80",
        f"{START}$kubewire:index:Listener::main.shop.web.80": "listener-80",
    }
    assert made.component.urn == f"{START}::main.shop.web"
    assert (made.service.urn, made.service.id) == (f"{START}$kubernetes:core/v1:Service::main.shop.web", "shop/web")
    assert not made.left
    assert not made.warnings
    becomes = {one.shown.partition(" k8s")[0].partition(" TCP")[0]: one.becomes for one in made.aws}
    assert becomes["load balancer"].startswith("kept")
    assert becomes["listener"].startswith("kept")
    assert becomes["target group"] == becomes["security group"] == "`up` makes a new one, then deletes it"


def test_another_run_imports_what_is_missing_alone() -> None:
    there = [
        {"urn": f"{START}::main.shop.web", "type": "kubewire:services:LoadBalancerService"},
        {"urn": f"{START}$kubewire:index:NetworkLoadBalancer::main.shop.web", "type": "x", "id": ARN},
    ]
    known = stack(*there)
    made = planned(balancer(guard()), known)
    written = json.loads(import_file(made, missing(made.aws), known))
    assert written["nameTable"] == {"component": f"{START}::main.shop.web"}
    assert [row["id"] for row in written["resources"]] == [GUARD, "tg-80", "listener-80"]
    assert {row["parent"] for row in written["resources"]} == {"component"}


def test_the_first_run_imports_the_component_too() -> None:
    made = planned(balancer(guard()))
    first, *others = json.loads(import_file(made, missing(made.aws), stack()))["resources"]
    assert first == {
        "type": "kubewire:services:LoadBalancerService",
        "name": "component",
        "logicalName": "main.shop.web",
        "component": True,
    }
    assert len(others) == 4
    assert len({row["name"] for row in others}) == 4


def test_a_provider_that_the_program_names_is_the_one_that_imports() -> None:
    kubernetes = {"urn": "urn:pulumi:dev::shop::pulumi:providers:kubernetes::main", "type": "x", "id": "k"}
    known = stack(kubernetes, provider="own")
    made = planned(balancer(guard()), known)
    aws = json.loads(import_file(made, made.aws, known))
    assert aws["nameTable"]["provider"] == "urn:pulumi:dev::shop::pulumi:providers:kubewire::own"
    assert json.loads(import_file(made, [made.service], known))["nameTable"]["provider"] == kubernetes["urn"]


def test_groups_of_others_are_left() -> None:
    made = planned(balancer(guard(), SHARED))
    assert GUARD in {one.id for one in made.aws}
    assert [text for text in made.left if "k8s-traffic (sg-backend): others use it" in text]


def test_a_group_that_rules_of_others_name_is_left_for_it_could_not_be_deleted() -> None:
    rule = admits(UserIdGroupPairs=[{"GroupId": GUARD}])
    nodes = {"GroupId": "sg-nodes", "GroupName": "nodes", "IpPermissions": [rule], "Tags": []}
    made = planned(balancer(guard(), others=(nodes,)))
    assert GUARD not in {one.id for one in made.aws}
    assert [text for text in made.left if "rules on sg-nodes name it" in text]


def test_rules_that_cloud_provider_aws_put_on_nodes_are_listed() -> None:
    said = {"CidrIp": "0.0.0.0/0", "Description": "kubernetes.io/rule/nlb/client=k8s-shop-web"}
    other = {"CidrIp": "0.0.0.0/0", "Description": "kubernetes.io/rule/nlb/client=another"}
    rule = {"IpProtocol": "tcp", "FromPort": 30080, "ToPort": 30080, "IpRanges": [said, other]}
    nodes = {"GroupId": "sg-nodes", "GroupName": "nodes", "IpPermissions": [rule], "Tags": []}
    (left,) = planned(balancer(guard(), others=(nodes,))).left
    assert left.startswith("rule on sg-nodes: tcp 30080-30080 from 0.0.0.0/0")


def test_a_listener_that_is_no_ports_is_left() -> None:
    made = planned(balancer(guard(), listeners=(listener(), listener(81))))
    assert made.left == ("listener 81: no port of the Service's",)


def test_subnets_that_are_not_the_networks_are_told_of() -> None:
    zones = [{"ZoneName": "eu-west-1a", "SubnetId": "subnet-x"}]
    (warning,) = planned(balancer(guard(), AvailabilityZones=zones)).warnings
    assert "its subnets subnet-x aren't the network's" in warning


def test_without_security_groups_it_is_refused_unless_it_may_be_replaced() -> None:
    with pytest.raises(InvalidInputError, match="has no security groups") as caught:
        planned(balancer())
    assert "--replace" in caught.value.detail
    made = planned(balancer(), replace=True)
    assert made.aws[0].becomes == "`up` makes a new one, then deletes it"
    assert [text for text in made.warnings if "its DNS name changes" in text]


def test_one_of_another_vpc_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="in another VPC"):
        planned(balancer(guard(), VpcId="vpc-2"))


def test_one_that_cannot_be_deleted_or_made_twice_is_not_replaced() -> None:
    with pytest.raises(InvalidInputError, match="protected from deletion"):
        planned(balancer(settings={"deletion_protection.enabled": "true"}), replace=True)
    zones = [
        {
            "ZoneName": "eu-west-1a",
            "SubnetId": "subnet-a",
            "LoadBalancerAddresses": [{"PrivateIPv4Address": "10.0.0.9"}],
        }
    ]
    with pytest.raises(InvalidInputError, match="addresses of its own"):
        planned(balancer(AvailabilityZones=zones), replace=True)
