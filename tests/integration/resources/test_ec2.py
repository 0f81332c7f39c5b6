"""The EC2 resources, run as the provider runs them; what came of it is looked at through plain boto3.

AWS is the embedded one, which is stricter than moto's server where the two differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kubewire.cloud.aws import AwsCloud
from kubewire.model import Model, Ref
from kubewire.provider.diff import compare
from kubewire.provider.lifecycle import Lifecycle
from kubewire.resources.base import Owner, Resource
from kubewire.resources.instance import Instance, InstanceArgs
from kubewire.resources.internet_gateway import InternetGateway, InternetGatewayArgs
from kubewire.resources.nat_gateway import NatGateway, NatGatewayArgs
from kubewire.resources.network_interface import NetworkInterface, NetworkInterfaceArgs
from kubewire.resources.route_table import Route, RouteTable, RouteTableArgs, Via
from kubewire.resources.security_group import SecurityGroup, SecurityGroupArgs
from kubewire.resources.security_group_rules import SecurityGroupRules, SecurityGroupRulesArgs
from kubewire.resources.subnet import Subnet, SubnetArgs
from kubewire.resources.traffic import CidrPeer, Direction, GroupPeer, Ports, Protocol, Rule
from kubewire.resources.vpc import Vpc, VpcArgs
from tests.integration.resources.conftest import serving

NOBODY: frozenset[str] = frozenset()
IMAGE = "ami-0d71ea30463e0ff8d"
POD_ROUTE = "100.64.0.0/24"

Kind = type[Resource[Any, Any]]


class World:
    """A VPC with a subnet, a gateway, a group and an interface, and a bare one, made by plain boto3."""

    def __init__(self, ec2: Any) -> None:
        self.bare = Ref(name="bare", id=ec2.create_vpc(CidrBlock="10.7.0.0/16")["Vpc"]["VpcId"])
        self.vpc = Ref(name="shop", id=ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"])
        made = ec2.create_subnet(VpcId=self.vpc.id, CidrBlock="10.0.0.0/20", AvailabilityZone="eu-west-1a")
        self.subnet = Ref(name="private-a", id=made["Subnet"]["SubnetId"])
        gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=self.vpc.id)
        self.gateway = Ref(name="out", id=gateway)
        group = ec2.create_security_group(GroupName="nodes", Description="nodes", VpcId=self.vpc.id)["GroupId"]
        self.group = Ref(name="nodes", id=group)
        interface = ec2.create_network_interface(SubnetId=self.subnet.id, Groups=[group])["NetworkInterface"]
        self.interface = Ref(name="node-a", id=interface["NetworkInterfaceId"])


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with serving("kubewire.local.aws.server", "--host", "--port") as url:
        yield url


@pytest.fixture
def ec2(boto: Callable[[str], Any]) -> Any:
    return boto("ec2")


@pytest.fixture
def world(ec2: Any) -> World:
    return World(ec2)


@pytest.fixture
def run(cloud: AwsCloud, owner: Owner) -> Callable[[Kind], Any]:
    """Give a resource's lifecycle, a new one each time: as each operation of the engine gets one."""
    return lambda kind: Lifecycle(kind(cloud, owner))


def vpc(_: World) -> VpcArgs:
    return VpcArgs.model_validate({"name": "main", "cidr": "10.1.0.0/16"})


def subnet(world: World) -> SubnetArgs:
    fields = {"name": "main", "vpc": world.vpc, "cidr": "10.0.16.0/20", "zone": "eu-west-1b"}
    return SubnetArgs.model_validate(fields)


def internet_gateway(world: World) -> InternetGatewayArgs:
    return InternetGatewayArgs(name="main", vpc=world.bare)


def nat_gateway(world: World) -> NatGatewayArgs:
    return NatGatewayArgs(name="main", subnet=world.subnet)


def route_table(world: World) -> RouteTableArgs:
    return RouteTableArgs.model_validate(
        {
            "name": "main",
            "vpc": world.vpc,
            "routes": {
                POD_ROUTE: Route(name="node-a", id=world.interface.id, via=Via.NETWORK_INTERFACE),
                "0.0.0.0/0": Route(name="out", id=world.gateway.id, via=Via.INTERNET_GATEWAY),
            },
            "subnets": {world.subnet.name: world.subnet.id},
        }
    )


def security_group(world: World) -> SecurityGroupArgs:
    return SecurityGroupArgs(name="main", vpc=world.vpc, description="A test")


def rule(port: int, cidr: str = "10.8.0.0/16") -> Rule:
    peer = CidrPeer.model_validate({"cidr": cidr})
    return Rule(direction=Direction.INGRESS, protocol=Protocol.TCP, ports=Ports.one(port), peer=peer)


def security_group_rules(world: World) -> SecurityGroupRulesArgs:
    nodes = GroupPeer(name=world.group.name, id=world.group.id)
    out = Rule(direction=Direction.EGRESS, protocol=Protocol.ALL, peer=nodes)
    ping = Rule(direction=Direction.INGRESS, protocol=Protocol.ICMP, peer=nodes)
    return SecurityGroupRulesArgs(group=world.group, rules={"web": rule(80), "ping": ping, "all to nodes": out})


def network_interface(world: World) -> NetworkInterfaceArgs:
    groups = {world.group.name: world.group.id}
    return NetworkInterfaceArgs(name="main", subnet=world.subnet, security_groups=groups, source_dest_check=False)


def instance(world: World) -> InstanceArgs:
    return InstanceArgs(name="main", image=IMAGE, instance_type="t3.medium", interface=world.interface)


EVERY: dict[str, tuple[Kind, Callable[[World], Any]]] = {
    "Vpc": (Vpc, vpc),
    "Subnet": (Subnet, subnet),
    "InternetGateway": (InternetGateway, internet_gateway),
    "NatGateway": (NatGateway, nat_gateway),
    "RouteTable": (RouteTable, route_table),
    "SecurityGroup": (SecurityGroup, security_group),
    "SecurityGroupRules": (SecurityGroupRules, security_group_rules),
    "NetworkInterface": (NetworkInterface, network_interface),
    "Instance": (Instance, instance),
}
TAGGED = [name for name in EVERY if name != "SecurityGroupRules"]


def tags(ec2: Any, object_id: str) -> dict[str, str]:
    found = ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": [object_id]}])["Tags"]
    return {tag["Key"]: tag["Value"] for tag in found}


def differences(kind: Kind, state: Model | None, args: Model) -> set[str]:
    assert state
    return set(compare(kind.Args, state.to_wire(), args.to_wire()).changes)


def made_in(ec2: Any) -> dict[str, set[str]]:
    """Give everything that costs, or is in the way, if it stays."""
    instances = [item for found in ec2.describe_instances()["Reservations"] for item in found["Instances"]]
    gateways = ec2.describe_nat_gateways()["NatGateways"]
    return {
        "vpcs": {item["VpcId"] for item in ec2.describe_vpcs()["Vpcs"]},
        "subnets": {item["SubnetId"] for item in ec2.describe_subnets()["Subnets"]},
        "gateways": {item["InternetGatewayId"] for item in ec2.describe_internet_gateways()["InternetGateways"]},
        "nat": {item["NatGatewayId"] for item in gateways if item["State"] != "deleted"},
        "addresses": {item["AllocationId"] for item in ec2.describe_addresses()["Addresses"]},
        "tables": {item["RouteTableId"] for item in ec2.describe_route_tables()["RouteTables"]},
        "groups": {item["GroupId"] for item in ec2.describe_security_groups()["SecurityGroups"]},
        "rules": {item["SecurityGroupRuleId"] for item in ec2.describe_security_group_rules()["SecurityGroupRules"]},
        "interfaces": {item["NetworkInterfaceId"] for item in ec2.describe_network_interfaces()["NetworkInterfaces"]},
        "instances": {item["InstanceId"] for item in instances if item["State"]["Name"] != "terminated"},
    }


@pytest.mark.parametrize("name", EVERY)
def test_what_was_made_reads_without_a_difference(name: str, run: Any, world: World) -> None:
    kind, args = EVERY[name][0], EVERY[name][1](world)
    object_id, state = run(kind).create(args, NOBODY)
    read = run(kind).read(object_id, args)
    assert read == state
    assert differences(kind, read, args) == set()


@pytest.mark.parametrize("name", TAGGED)
def test_it_bears_its_name_and_its_owner(name: str, run: Any, world: World, ec2: Any, owner: Owner) -> None:
    kind, args = EVERY[name][0], EVERY[name][1](world)
    object_id, _ = run(kind).create(args.model_copy(update={"tags": {"team": "shop"}}), NOBODY)
    assert tags(ec2, object_id) == {"Name": "main", "team": "shop", **owner.tags()}


@pytest.mark.parametrize("name", TAGGED)
def test_a_tag_that_somebody_changed_shows_and_comes_back(name: str, run: Any, world: World, ec2: Any) -> None:
    kind = EVERY[name][0]
    args = EVERY[name][1](world).model_copy(update={"tags": {"team": "shop"}})
    object_id, _ = run(kind).create(args, NOBODY)
    ec2.create_tags(Resources=[object_id], Tags=[{"Key": "team", "Value": "web"}, {"Key": "odd", "Value": "1"}])
    read = run(kind).read(object_id, args)
    assert differences(kind, read, args) == {"tags.team", "tags.odd"}
    run(kind).update(object_id, read, args)
    assert differences(kind, run(kind).read(object_id, args), args) == set()


@pytest.mark.parametrize("name", EVERY)
def test_what_a_run_made_and_could_not_report_is_taken_over(name: str, run: Any, world: World, ec2: Any) -> None:
    kind, args = EVERY[name][0], EVERY[name][1](world)
    first, state = run(kind).create(args, NOBODY)
    there = made_in(ec2)
    assert run(kind).create(args, NOBODY) == (first, state)
    assert made_in(ec2) == there


@pytest.mark.parametrize("name", EVERY)
def test_deleted_twice_it_leaves_nothing(name: str, run: Any, world: World, ec2: Any) -> None:
    kind, args = EVERY[name][0], EVERY[name][1](world)
    before = made_in(ec2)
    object_id, state = run(kind).create(args, NOBODY)
    assert made_in(ec2) != before
    run(kind).delete(object_id, state)
    run(kind).delete(object_id, state)
    assert made_in(ec2) == before


@pytest.mark.parametrize("name", TAGGED)
def test_it_is_imported_by_its_id_as_it_was_declared(name: str, run: Any, world: World) -> None:
    kind, args = EVERY[name][0], EVERY[name][1](world)
    object_id, _ = run(kind).create(args, NOBODY)
    imported = run(kind).read(object_id, None)
    declared = {**args.to_wire(), **imported.to_wire()}
    # An import knows ids, and no names for them; and it pins the address that AWS chose.
    changed = differences(kind, imported, kind.Args.model_validate({key: declared[key] for key in args.to_wire()}))
    assert changed <= {"address"}


@pytest.mark.parametrize(
    "name", ["Vpc", "Subnet", "InternetGateway", "NetworkInterface", "RouteTable", "SecurityGroup"]
)
def test_one_that_somebody_deleted_reads_as_gone(name: str, run: Any, world: World) -> None:
    kind, args = EVERY[name][0], EVERY[name][1](world)
    object_id, state = run(kind).create(args, NOBODY)
    run(kind).delete(object_id, state)
    assert run(kind).read(object_id, args) is None


def test_an_interface_checks_no_addresses_and_whoever_switches_it_on_is_seen(run: Any, world: World, ec2: Any) -> None:
    args = network_interface(world)
    object_id, _ = run(NetworkInterface).create(args, NOBODY)

    def checked() -> bool:
        (found,) = ec2.describe_network_interfaces(NetworkInterfaceIds=[object_id])["NetworkInterfaces"]
        return bool(found["SourceDestCheck"])

    assert not checked()
    ec2.modify_network_interface_attribute(NetworkInterfaceId=object_id, SourceDestCheck={"Value": True})
    read = run(NetworkInterface).read(object_id, args)
    assert differences(NetworkInterface, read, args) == {"sourceDestCheck"}
    run(NetworkInterface).update(object_id, read, args)
    assert not checked()


def routes(ec2: Any, table: str) -> dict[str, str]:
    (found,) = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"]
    keys = ("NetworkInterfaceId", "GatewayId", "NatGatewayId")
    return {row["DestinationCidrBlock"]: next(row[key] for key in keys if key in row) for row in found["Routes"]}


def test_routes_come_move_and_go(run: Any, world: World, ec2: Any) -> None:
    args = route_table(world)
    table, state = run(RouteTable).create(args, NOBODY)
    assert routes(ec2, table) == {
        "10.0.0.0/16": "local",
        POD_ROUTE: world.interface.id,
        "0.0.0.0/0": world.gateway.id,
    }
    moved = Route(name="out", id=world.gateway.id, via=Via.INTERNET_GATEWAY)
    node = Route(name="node-a", id=world.interface.id, via=Via.NETWORK_INTERFACE)
    fields = {"routes": {POD_ROUTE: moved, "100.64.1.0/24": node}, "subnets": {}}
    wanted = RouteTableArgs.model_validate({**dict(args), **fields})
    run(RouteTable).update(table, state, wanted)
    assert routes(ec2, table) == {
        "10.0.0.0/16": "local",
        POD_ROUTE: world.gateway.id,
        "100.64.1.0/24": world.interface.id,
    }
    assert differences(RouteTable, run(RouteTable).read(table, wanted), wanted) == set()


@pytest.mark.parametrize("lost", [POD_ROUTE, "0.0.0.0/0"])
def test_a_route_that_somebody_deleted_shows_and_comes_back(lost: str, run: Any, world: World, ec2: Any) -> None:
    args = route_table(world)
    table, _ = run(RouteTable).create(args, NOBODY)
    whole = routes(ec2, table)
    ec2.delete_route(RouteTableId=table, DestinationCidrBlock=lost)
    read = run(RouteTable).read(table, args)
    assert differences(RouteTable, read, args) == {f'routes["{lost}"]'}
    run(RouteTable).update(table, read, args)
    assert routes(ec2, table) == whole


def test_a_route_that_somebody_deleted_unseen_is_made_again_with_its_new_target(
    run: Any, world: World, ec2: Any
) -> None:
    args = route_table(world)
    table, state = run(RouteTable).create(args, NOBODY)
    ec2.delete_route(RouteTableId=table, DestinationCidrBlock=POD_ROUTE)
    out = Route(name="out", id=world.gateway.id, via=Via.INTERNET_GATEWAY)
    wanted = RouteTableArgs.model_validate({**dict(args), "routes": {POD_ROUTE: out}})
    run(RouteTable).update(table, state, wanted)
    assert routes(ec2, table) == {"10.0.0.0/16": "local", POD_ROUTE: world.gateway.id}


@pytest.mark.parametrize("first", [0, 1])
def test_a_subnet_moves_from_one_table_to_another_in_either_order(
    first: int, cloud: AwsCloud, world: World, ec2: Any
) -> None:
    owners = [Owner(stack="shop/dev", resource=name) for name in ("a", "b")]
    tables: list[Any] = [Lifecycle(RouteTable(cloud, owner)) for owner in owners]
    both = [
        RouteTableArgs(name=name, vpc=world.vpc, subnets=subnets)
        for name, subnets in (("a", {"s": world.subnet.id}), ("b", {}))
    ]
    made = [table.create(args, NOBODY) for table, args in zip(tables, both, strict=True)]
    wanted = [args.model_copy(update={"subnets": both[1 - index].subnets}) for index, args in enumerate(both)]
    for index in (first, 1 - first):
        tables[index].update(*made[index], wanted[index])
    user = [{"Name": "association.subnet-id", "Values": [world.subnet.id]}]
    assert [found["RouteTableId"] for found in ec2.describe_route_tables(Filters=user)["RouteTables"]] == [made[1][0]]


def test_a_group_lets_nothing_out_until_rules_say_so(run: Any, world: World, ec2: Any) -> None:
    group, _ = run(SecurityGroup).create(security_group(world), NOBODY)
    (found,) = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
    assert (found["IpPermissions"], found["IpPermissionsEgress"]) == ([], [])


def rules_on(ec2: Any, group: str) -> dict[str, tuple[Any, ...]]:
    found = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])["SecurityGroupRules"]
    return {
        row.get("Description", ""): (row["IsEgress"], row["IpProtocol"], row["FromPort"], row["ToPort"])
        for row in found
    }


def test_rules_are_tagged_in_the_call_that_makes_them_and_change_beside_those_of_others(
    run: Any, world: World, ec2: Any, owner: Owner
) -> None:
    everything = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    ec2.revoke_security_group_egress(GroupId=world.group.id, IpPermissions=[everything])
    by_hand = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22}
    peer = {"IpRanges": [{"CidrIp": "10.9.0.0/16", "Description": "by hand"}]}
    ec2.authorize_security_group_ingress(GroupId=world.group.id, IpPermissions=[{**by_hand, **peer}])
    args = security_group_rules(world)
    object_id, state = run(SecurityGroupRules).create(args, NOBODY)
    assert rules_on(ec2, world.group.id) == {
        "by hand": (False, "tcp", 22, 22),
        "web": (False, "tcp", 80, 80),
        "ping": (False, "icmp", -1, -1),
        "all to nodes": (True, "-1", -1, -1),
    }
    filters = [{"Name": "group-id", "Values": [world.group.id]}]
    rows = ec2.describe_security_group_rules(Filters=filters)["SecurityGroupRules"]
    marks = [{tag["Key"]: tag["Value"] for tag in row["Tags"]} for row in rows if row["Description"] != "by hand"]
    assert marks == [owner.tags()] * 3
    wanted = args.model_copy(update={"rules": {"tls": rule(443), "http": rule(80)}})
    run(SecurityGroupRules).update(object_id, state, wanted)
    assert rules_on(ec2, world.group.id) == {
        "by hand": (False, "tcp", 22, 22),
        "http": (False, "tcp", 80, 80),
        "tls": (False, "tcp", 443, 443),
    }


def test_a_rule_that_somebody_removed_shows_and_comes_back(run: Any, world: World, ec2: Any) -> None:
    args = security_group_rules(world)
    object_id, _ = run(SecurityGroupRules).create(args, NOBODY)
    there = rules_on(ec2, world.group.id)
    (permission,) = [args.rules["web"].permission("web")]
    ec2.revoke_security_group_ingress(GroupId=world.group.id, IpPermissions=[permission])
    read = run(SecurityGroupRules).read(object_id, args)
    assert differences(SecurityGroupRules, read, args) == {"rules.web"}
    run(SecurityGroupRules).update(object_id, read, args)
    assert rules_on(ec2, world.group.id) == there


def test_a_detached_gateway_shows_and_is_attached_again(run: Any, world: World, ec2: Any) -> None:
    args = internet_gateway(world)
    gateway, _ = run(InternetGateway).create(args, NOBODY)
    ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=world.bare.id)
    read = run(InternetGateway).read(gateway, args)
    assert differences(InternetGateway, read, args) == {"attached"}
    run(InternetGateway).update(gateway, read, args)
    (found,) = ec2.describe_internet_gateways(InternetGatewayIds=[gateway])["InternetGateways"]
    assert [item["VpcId"] for item in found["Attachments"]] == [world.bare.id]


def test_a_nat_gateway_bears_an_address_with_its_name_and_owner(run: Any, world: World, ec2: Any, owner: Owner) -> None:
    gateway, state = run(NatGateway).create(nat_gateway(world), NOBODY)
    (found,) = ec2.describe_nat_gateways(NatGatewayIds=[gateway])["NatGateways"]
    assert (found["SubnetId"], found["State"]) == (world.subnet.id, "available")
    assert tags(ec2, state.allocation) == {"Name": "main", **owner.tags()}


def test_an_address_that_a_killed_run_left_is_used(run: Any, world: World, ec2: Any, owner: Owner) -> None:
    marks = [{"Key": key, "Value": value} for key, value in {"Name": "main", **owner.tags()}.items()]
    specification = [{"ResourceType": "elastic-ip", "Tags": marks}]
    left = ec2.allocate_address(Domain="vpc", TagSpecifications=specification)["AllocationId"]
    _, state = run(NatGateway).create(nat_gateway(world), NOBODY)
    assert state.allocation == left
    assert made_in(ec2)["addresses"] == {left}


def test_dns_and_public_addresses_are_switched(run: Any, world: World, ec2: Any) -> None:
    args = vpc(world)
    made, state = run(Vpc).create(args, NOBODY)
    run(Vpc).update(made, state, args.model_copy(update={"dns_hostnames": False}))
    switch = ec2.describe_vpc_attribute(VpcId=made, Attribute="enableDnsHostnames")
    assert not switch["EnableDnsHostnames"]["Value"]
    part = subnet(world)
    made, state = run(Subnet).create(part, NOBODY)
    run(Subnet).update(made, state, part.model_copy(update={"public_addresses": True}))
    (found,) = ec2.describe_subnets(SubnetIds=[made])["Subnets"]
    assert found["MapPublicIpOnLaunch"]


def test_an_instance_stands_on_its_interface_which_outlives_it(run: Any, world: World, ec2: Any) -> None:
    made, state = run(Instance).create(instance(world), NOBODY)
    (found,) = ec2.describe_instances(InstanceIds=[made])["Reservations"][0]["Instances"]
    assert [item["NetworkInterfaceId"] for item in found["NetworkInterfaces"]] == [world.interface.id]
    assert (found["ImageId"], found["InstanceType"]) == (IMAGE, "t3.medium")
    run(Instance).delete(made, state)
    assert world.interface.id in made_in(ec2)["interfaces"]
    assert made_in(ec2)["instances"] == set()
