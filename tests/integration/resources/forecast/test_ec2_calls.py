from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kubewire.model import Ref
from kubewire.resources.interface_sets import Interface
from kubewire.resources.routing import Route, Via
from kubewire.resources.security_group_rules import SecurityGroupRules, SecurityGroupRulesArgs
from kubewire.resources.source_dest_checks import SourceDestChecks, SourceDestChecksArgs
from kubewire.resources.subnet import Subnet, SubnetArgs
from kubewire.resources.traffic import Direction, Protocol, Rule
from kubewire.resources.vpc_cidr_blocks import VpcCidrBlocks, VpcCidrBlocksArgs
from tests.integration.resources.ec2.around import entries
from tests.integration.resources.ec2.described import EVERY, TAGGED, World, rule
from tests.integration.resources.forecast.conftest import Heard

Change = Callable[[World, Any], dict[str, Any]]


def other_subnet(world: World, ec2: Any) -> Ref:
    made = ec2.create_subnet(VpcId=world.vpc.id, CidrBlock="10.0.48.0/20", AvailabilityZone="eu-west-1c")
    return Ref(name="private-c", id=made["Subnet"]["SubnetId"])


def other_group(world: World, ec2: Any) -> dict[str, str]:
    made = ec2.create_security_group(GroupName="other", Description="other", VpcId=world.vpc.id)
    return {"other": made["GroupId"]}


def routes(world: World, args: Any) -> dict[str, Any]:
    rows = dict(args.routes)
    first = next(iter(rows))
    target = Route(name="node-b", id=world.machine().id, via=Via.NETWORK_INTERFACE)
    more = {f"100.65.{number}.0/24": target for number in range(7)}
    return {"routes": {**rows, first: target, **more}}


def fewer_routes(_: World, args: Any) -> dict[str, Any]:
    return {"routes": dict(list(args.routes.items())[1:])}


def rules(_: World, args: Any) -> dict[str, Any]:
    web = {"https": rule(443), "the web": args.rules["web"], "ping": args.rules["ping"]}
    return {"rules": {**web, "dns": Rule(direction=Direction.EGRESS, protocol=Protocol.UDP, **_dns())}}


def _dns() -> dict[str, Any]:
    peer = rule(53)
    return {"ports": peer.ports, "peer": peer.peer}


def acl(_: World, args: Any) -> dict[str, Any]:
    kept = {key: entry for key, entry in args.entries.items() if key not in ("ingress 100", "ingress 103")}
    new = entries(
        {"number": 100, "cidr": "10.0.0.0/8"}, {"number": 8, "cidr": "10.8.0.0/16"}, {"number": 9, "cidr": "::/0"}
    )
    return {"entries": {**kept, **new}, "subnets": {}}


def interfaces(world: World, args: Any) -> dict[str, Any]:
    rows = {"node-a": args.interfaces["node-a"], **{f"new-{n}": Interface(subnet=world.subnet) for n in range(3)}}
    return {"interfaces": rows}


CHANGES: dict[str, tuple[str, Change]] = {
    "names without a DNS": ("Vpc", lambda *_: {"dns_hostnames": False, "dns_support": False}),
    "public addresses": ("Subnet", lambda *_: {"public_addresses": True}),
    "other ranges": (
        "VpcCidrBlocks",
        lambda *_: {
            "cidrs": VpcCidrBlocksArgs.model_validate(
                {"vpc": {"name": "x", "id": "x"}, "cidrs": ["100.64.0.0/16", "100.65.0.0/16", "100.66.0.0/16"]}
            ).cidrs
        },
    ),
    "no IPv6": ("VpcCidrBlocks", lambda *_: {"ipv6": False}),
    "detached": ("InternetGateway", lambda *_: {"attached": False}),
    "routes of a table": ("RouteTable", routes),
    "fewer routes of a table": ("RouteTable", fewer_routes),
    "no subnet of a table": ("RouteTable", lambda *_: {"subnets": {}}),
    "shared routes": ("Routes", routes),
    "fewer shared routes": ("Routes", fewer_routes),
    "open egress": ("SecurityGroup", lambda *_: {"default_egress": True}),
    "rules": ("SecurityGroupRules", rules),
    "no rules": ("SecurityGroupRules", lambda *_: {"rules": {}}),
    "entries": ("NetworkAcl", acl),
    "no tables of an endpoint": ("GatewayEndpoint", lambda *_: {"route_tables": {}}),
    "interfaces": ("NetworkInterfaces", interfaces),
    "checks": ("NetworkInterfaces", lambda *_: {"source_dest_check": True}),
    "tags of a set": ("NetworkInterfaces", lambda *_: {"tags": {"team": "shop"}}),
    "machines of another size": (
        "Instances",
        lambda _, args: {
            "instances": {
                name: one.model_copy(update={"instance_type": "t3.large"}) for name, one in args.instances.items()
            }
        },
    ),
    "no machines": ("Instances", lambda *_: {"instances": {}}),
    "tags of machines": ("Instances", lambda *_: {"tags": {"team": "shop"}}),
}


@pytest.mark.parametrize("name", EVERY)
def test_a_create_makes_the_calls_that_were_forecast(name: str, heard: Heard, world: World) -> None:
    kind, args = EVERY[name][0], EVERY[name][1](world)
    _, _, made = heard.create(kind, args)
    assert made == kind.calls(None, args)


@pytest.mark.parametrize("name", EVERY)
def test_without_a_change_there_are_none(name: str, heard: Heard, world: World) -> None:
    kind, args = EVERY[name][0], EVERY[name][1](world)
    object_id, state, _ = heard.create(kind, args)
    assert kind.calls(state, args).total() == 0
    assert heard.update(kind, object_id, state, args).total() == 0


@pytest.mark.parametrize("name", TAGGED)
def test_new_tags_make_the_calls_that_were_forecast(name: str, heard: Heard, world: World) -> None:
    kind = EVERY[name][0]
    args = EVERY[name][1](world).model_copy(update={"tags": {"team": "shop"}})
    object_id, state, _ = heard.create(kind, args)
    wanted = args.model_copy(update={"tags": {"owner": "web"}})
    assert heard.update(kind, object_id, state, wanted) == kind.calls(state, wanted)


@pytest.mark.parametrize("title", CHANGES)
def test_a_change_makes_the_calls_that_were_forecast(title: str, heard: Heard, world: World) -> None:
    name, change = CHANGES[title]
    kind, args = EVERY[name][0], EVERY[name][1](world)
    object_id, state, _ = heard.create(kind, args)
    wanted = kind.Args.model_validate({**dict(args), **change(world, args)})
    forecast = kind.calls(state, wanted)
    assert forecast.total() > 0
    assert heard.update(kind, object_id, state, wanted) == forecast


def test_an_endpoint_that_moves_to_another_subnet_and_group(heard: Heard, world: World, ec2: Any) -> None:
    kind, args = EVERY["InterfaceEndpoint"][0], EVERY["InterfaceEndpoint"][1](world)
    object_id, state, _ = heard.create(kind, args)
    subnet = other_subnet(world, ec2)
    fields = {"subnets": {subnet.name: subnet.id}, "security_groups": other_group(world, ec2)}
    wanted = args.model_copy(update=fields)
    assert heard.update(kind, object_id, state, wanted) == kind.calls(state, wanted) == {"ec2:ModifyVpcEndpoint": 1}


def test_interfaces_that_get_another_group(heard: Heard, world: World, ec2: Any) -> None:
    kind, args = EVERY["NetworkInterfaces"][0], EVERY["NetworkInterfaces"][1](world)
    object_id, state, _ = heard.create(kind, args)
    wanted = args.model_copy(update={"security_groups": other_group(world, ec2)})
    expected = {"ec2:ModifyNetworkInterfaceAttribute": 2}
    assert heard.update(kind, object_id, state, wanted) == kind.calls(state, wanted) == expected


def test_a_subnets_ipv6_range_comes_and_goes(heard: Heard, world: World) -> None:
    ranges = VpcCidrBlocksArgs.model_validate({"vpc": world.vpc, "ipv6": True})
    whole = heard.create(VpcCidrBlocks, ranges)[1].ipv6_cidr
    fields = {"name": "main", "vpc": world.vpc, "cidr": "10.0.16.0/20", "zone": "eu-west-1b"}
    six = {"ipv6_cidr": whole.replace("/56", "/64"), "assigns_ipv6": True}
    without, with_ipv6 = SubnetArgs.model_validate(fields), SubnetArgs.model_validate({**fields, **six})
    object_id, state, made = heard.create(Subnet, with_ipv6)
    assert made == Subnet.calls(None, with_ipv6)
    assert heard.update(Subnet, object_id, state, without) == Subnet.calls(state, without)
    bare = state.model_copy(update={"ipv6_cidr": None, "assigns_ipv6": False})
    assert heard.update(Subnet, object_id, bare, with_ipv6) == Subnet.calls(bare, with_ipv6)


def test_a_default_group_is_locked_down(heard: Heard, world: World, ec2: Any) -> None:
    filters = [{"Name": "vpc-id", "Values": [world.vpc.id]}, {"Name": "group-name", "Values": ["default"]}]
    group = ec2.describe_security_groups(Filters=filters)["SecurityGroups"][0]["GroupId"]
    args = SecurityGroupRulesArgs(group=Ref(name="default", id=group), exclusive=True)
    _, _, made = heard.create(SecurityGroupRules, args)
    assert made == SecurityGroupRules.calls(None, args)


def test_checks_of_others_interfaces(heard: Heard, world: World) -> None:
    first, second = world.machine().id, world.machine().id
    args = SourceDestChecksArgs(interfaces={"a": first, "b": world.interface.id})
    object_id, state, made = heard.create(SourceDestChecks, args)
    assert made == SourceDestChecks.calls(None, args)
    wanted = SourceDestChecksArgs(interfaces={"a": first, "c": second})
    assert heard.update(SourceDestChecks, object_id, state, wanted) == SourceDestChecks.calls(state, wanted)
