"""The dev environment's network, as plain boto3 finds it."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

import pytest

from tests.e2e.aws import Aws, Thing, made_by, named
from tests.e2e.projects import Project

STACK = "cluster/dev"
NODES = {"node-a": "100.64.0.0/24", "node-b": "100.64.1.0/24", "node-c": "100.64.2.0/24"}
ZONES = ("eu-west-1a", "eu-west-1b", "eu-west-1c")
Rule = tuple[str, str, tuple[int, int], str]
ALL_PORTS = (-1, -1)
TOO_BIG = (3, 4)
"""ICMP: destination unreachable, fragmentation needed."""

pytestmark = pytest.mark.usefixtures("dev")


@pytest.fixture(scope="module")
def things(dev: Project, aws: Aws) -> list[Thing]:
    del dev
    return made_by(aws, STACK)


def ids(things: list[Thing], kind: str) -> dict[str, str]:
    return {thing.tags["Name"]: thing.id for thing in things if thing.kind == kind}


def described_routes(aws: Aws, table: str) -> dict[str, dict[str, Any]]:
    found = aws.ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]
    return {route["DestinationCidrBlock"]: dict(route) for route in found["Routes"]}


def rules_of(aws: Aws, group: str, names: dict[str, str]) -> set[Rule]:
    found = aws.ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])
    by_id = {group_id: name for name, group_id in names.items()}
    return {
        (
            "out" if rule["IsEgress"] else "in",
            rule["IpProtocol"],
            (rule.get("FromPort", -1), rule.get("ToPort", -1)),
            rule.get("CidrIpv4") or by_id[rule["ReferencedGroupInfo"]["GroupId"]],
        )
        for rule in found["SecurityGroupRules"]
    }


def test_vpc_resolves_names_for_its_private_zone(aws: Aws, things: list[Thing]) -> None:
    vpc = ids(things, "vpc")["shop"]
    assert aws.ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["CidrBlock"] == "10.0.0.0/16"
    hostnames = aws.ec2.describe_vpc_attribute(VpcId=vpc, Attribute="enableDnsHostnames")
    support = aws.ec2.describe_vpc_attribute(VpcId=vpc, Attribute="enableDnsSupport")
    assert hostnames["EnableDnsHostnames"]["Value"]
    assert support["EnableDnsSupport"]["Value"]


def test_each_zone_has_a_private_and_a_public_subnet(aws: Aws, things: list[Thing]) -> None:
    subnets = aws.ec2.describe_subnets(SubnetIds=list(ids(things, "subnet").values()))["Subnets"]
    found = {(subnet["AvailabilityZone"], subnet["CidrBlock"]) for subnet in subnets}
    assert found == {
        ("eu-west-1a", "10.0.0.0/20"),
        ("eu-west-1a", "10.0.16.0/21"),
        ("eu-west-1b", "10.0.32.0/20"),
        ("eu-west-1b", "10.0.48.0/21"),
        ("eu-west-1c", "10.0.64.0/20"),
        ("eu-west-1c", "10.0.80.0/21"),
    }
    assert {subnet["VpcId"] for subnet in subnets} == {ids(things, "vpc")["shop"]}


def test_every_table_routes_each_node_s_pods_to_its_interface(aws: Aws, things: list[Thing]) -> None:
    tables, interfaces = ids(things, "route-table"), ids(things, "network-interface")
    assert tables.keys() == {"shop-public", *(f"shop-private-{zone}" for zone in ZONES)}
    for name, table in tables.items():
        routes = described_routes(aws, table)
        led = {cidr: route.get("NetworkInterfaceId") for cidr, route in routes.items() if cidr.startswith("100.64.")}
        assert led == {pods: interfaces[node] for node, pods in NODES.items()}, name


def test_every_subnet_uses_the_table_of_its_role_and_zone(aws: Aws, things: list[Thing]) -> None:
    users = {}
    for name, table in ids(things, "route-table").items():
        found = aws.ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]
        users[name] = {row["SubnetId"] for row in found["Associations"]}
    subnets = ids(things, "subnet")
    assert users == {
        "shop-public": {subnets[f"shop-public-{zone}"] for zone in ZONES},
        **{f"shop-private-{zone}": {subnets[f"shop-private-{zone}"]} for zone in ZONES},
    }


def test_the_way_out_is_the_gateway_for_public_and_nat_for_private_subnets(aws: Aws, things: list[Thing]) -> None:
    internet, nat = ids(things, "internet-gateway")["shop"], ids(things, "nat-gateway")["shop-eu-west-1a"]
    ways = {name: described_routes(aws, table)["0.0.0.0/0"] for name, table in ids(things, "route-table").items()}
    assert ways.pop("shop-public")["GatewayId"] == internet
    assert {way["NatGatewayId"] for way in ways.values()} == {nat}


def test_nat_stands_in_a_public_subnet_with_an_address_of_its_own(aws: Aws, things: list[Thing]) -> None:
    (gateway,) = aws.ec2.describe_nat_gateways(NatGatewayIds=list(ids(things, "nat-gateway").values()))["NatGateways"]
    assert gateway["SubnetId"] == ids(things, "subnet")["shop-public-eu-west-1a"]
    assert [address["AllocationId"] for address in gateway["NatGatewayAddresses"]] == [*ids(things, "address").values()]


def test_nodes_pass_packets_of_their_pods(aws: Aws, things: list[Thing]) -> None:
    interfaces, instances = ids(things, "network-interface"), ids(things, "instance")
    assert interfaces.keys() == instances.keys() == NODES.keys()
    for interface in aws.ec2.describe_network_interfaces(NetworkInterfaceIds=[*interfaces.values()])[
        "NetworkInterfaces"
    ]:
        assert not interface["SourceDestCheck"]
        assert [group["GroupName"] for group in interface["Groups"]] == ["shop-nodes"]
    for name, instance_id in instances.items():
        (found,) = aws.ec2.describe_instances(InstanceIds=[instance_id])["Reservations"][0]["Instances"]
        attached = [item["NetworkInterfaceId"] for item in found["NetworkInterfaces"]]
        assert attached == [interfaces[name]]
        zone = f"eu-west-1{name[-1]}"
        assert found["SubnetId"] == ids(things, "subnet")[f"shop-private-{zone}"]


def test_node_firewall_is_the_network_model_and_the_declared_ports_and_no_more(aws: Aws, things: list[Thing]) -> None:
    groups = ids(things, "security-group")
    assert rules_of(aws, groups["shop-nodes"], groups) == {
        ("in", "-1", ALL_PORTS, "shop-nodes"),
        ("in", "-1", ALL_PORTS, "100.64.0.0/16"),
        ("out", "-1", ALL_PORTS, "shop-nodes"),
        ("out", "-1", ALL_PORTS, "100.64.0.0/16"),
        ("out", "-1", ALL_PORTS, "0.0.0.0/0"),
        # From whoever nodes may connect to: packets are too big for the way there.
        ("in", "icmp", TOO_BIG, "0.0.0.0/0"),
        ("in", "tcp", (30080, 30080), "shop-shop-frontend"),
        ("in", "tcp", (30081, 30081), "10.8.0.0/16"),
    }


def test_load_balancer_s_firewall_leads_to_the_nodes_alone(aws: Aws, things: list[Thing]) -> None:
    groups = ids(things, "security-group")
    assert rules_of(aws, groups["shop-shop-frontend"], groups) == {
        ("in", "tcp", (80, 80), "0.0.0.0/0"),
        ("in", "icmp", TOO_BIG, "0.0.0.0/0"),
        ("out", "tcp", (30080, 30080), "shop-nodes"),
    }


def test_the_world_is_in_no_other_rule(aws: Aws, things: list[Thing]) -> None:
    """The egress of nodes and the front end's sources say `anywhere`, for packets and for their size; nothing else."""
    mine = set(ids(things, "security-group").values())
    rules = aws.ec2.describe_security_group_rules()["SecurityGroupRules"]
    world = [rule for rule in rules if rule["GroupId"] in mine and rule.get("CidrIpv4") == "0.0.0.0/0"]
    assert sorted((rule["IsEgress"], rule.get("FromPort", -1)) for rule in world) == [
        (False, 3),
        (False, 3),
        (False, 80),
        (True, -1),
    ]


def test_private_zone_has_the_bank_s_name(aws: Aws, things: list[Thing]) -> None:
    (zone,) = [thing.id for thing in things if thing.kind == "zone"]
    found = aws.route53.get_hosted_zone(Id=zone)
    assert found["HostedZone"]["Name"] == "shop.internal."
    assert found["HostedZone"]["Config"]["PrivateZone"]
    assert [vpc["VPCId"] for vpc in found["VPCs"]] == [ids(things, "vpc")["shop"]]
    records = aws.route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    bank, mark = sorted((record for record in records if record["Type"] not in ("NS", "SOA")), key=itemgetter("Type"))
    assert (bank["Name"], bank["Type"]) == ("bank.shop.internal.", "CNAME")
    assert (mark["Name"], mark["Type"]) == ("cname-bank.shop.internal.", "TXT")
    assert [row["Value"].rstrip(".") for row in bank["ResourceRecords"]] == ["payments.example.com"]


def test_everything_bears_its_name_its_owner_and_the_default_tags(aws: Aws, things: list[Thing], dev: Project) -> None:
    owned = [thing for thing in things if thing.kind != "security-group-rule"]
    for thing in owned:
        assert thing.tags["Name"], thing
        assert thing.tags["environment"] == "dev", thing
    members = [thing for thing in owned if "kubewire:member" in thing.tags]
    assert sorted(thing.tags["kubewire:member"] for thing in members) == sorted([*NODES, *NODES])
    sets = {thing.tags["kubewire:resource"] for thing in members}
    single = [thing for thing in owned if thing not in members and thing.kind != "address"]
    owners = [thing.tags["kubewire:resource"] for thing in single]
    assert len(owners) == len(set(owners)), "an owner has one object, or a set of them"
    untagged = {"SecurityGroupRules", "Records", "LoadBalancerStatus"}
    declared = [row["type"] for row in dev.state() if row["custom"] and row["type"].startswith("kubewire:index:")]
    assert len({*owners, *sets}) == sum(token.rpartition(":")[2] not in untagged for token in declared)
    assert named(aws, STACK, "address").keys() == {"shop-eu-west-1a"}
