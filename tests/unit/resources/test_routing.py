from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network
from typing import Any

import pytest
from pydantic import ValidationError

from kubewire.faults import faults
from kubewire.found import FOUND
from kubewire.provider.diff import compare
from kubewire.resources.destinations import Destination, PrefixListId, parameter
from kubewire.resources.route_table import RouteTableArgs, RouteTableState
from kubewire.resources.routing import KEYS, MOST_ROUTES, Route, Via, routes_in

PODS = IPv4Network("100.64.1.0/24")
LIST = PrefixListId("pl-0123456789abcdef0")
IDS = {
    Via.INTERNET_GATEWAY: "igw-1",
    Via.EGRESS_ONLY_INTERNET_GATEWAY: "eigw-1",
    Via.NAT_GATEWAY: "nat-1",
    Via.NETWORK_INTERFACE: "eni-1",
    Via.TRANSIT_GATEWAY: "tgw-1",
    Via.PEERING_CONNECTION: "pcx-1",
    Via.VIRTUAL_PRIVATE_GATEWAY: "vgw-1",
}


def wire(destination: str, via: Via = Via.NETWORK_INTERFACE) -> dict[str, Any]:
    target = {"name": "target", "id": IDS.get(via, "x-1"), "via": via.value}
    vpc = {"name": "shop", "id": "vpc-1"}
    routes = {destination: target}
    return {"name": "main", "tags": {}, "vpc": vpc, "routes": routes, "subnets": {}, "idleInterfaces": False}


def read(**row: Any) -> dict[Destination, Route]:
    made = {"Origin": "CreateRoute", "State": "active"}
    if not any(name.startswith("Destination") for name in row):
        made["DestinationCidrBlock"] = str(PODS)
    table: Any = {"Routes": [{**made, **row}]}
    return routes_in(table, [Route(name="node-1", id="eni-1", via=Via.NETWORK_INTERFACE)])


@pytest.mark.parametrize(
    ("written", "parsed", "named"),
    [
        ("100.64.1.0/24", PODS, "DestinationCidrBlock"),
        ("::/0", IPv6Network("::/0"), "DestinationIpv6CidrBlock"),
        ("2001:db8::/32", IPv6Network("2001:db8::/32"), "DestinationIpv6CidrBlock"),
        ("pl-0123456789abcdef0", LIST, "DestinationPrefixListId"),
        ("pl-6da54004", PrefixListId("pl-6da54004"), "DestinationPrefixListId"),
    ],
)
def test_destinations_are_plain_strings_on_the_wire(written: str, parsed: Destination, named: str) -> None:
    args = RouteTableArgs.model_validate(wire(written))
    (destination,) = args.routes
    assert destination == parsed
    assert type(destination) is type(parsed)
    assert args.to_wire() == wire(written)
    assert RouteTableArgs.model_validate(args.to_wire()) == args
    assert parameter(destination) == {named: written}


@pytest.mark.parametrize("destination", ["100.64.1.0/24", "2001:db8::/32", "pl-0123456789abcdef0"])
def test_a_diff_names_the_row(destination: str) -> None:
    empty = {**wire(destination), "routes": {}}
    assert compare(RouteTableArgs, empty, wire(destination)).changes.keys() == {f'routes["{destination}"]'}


@pytest.mark.parametrize(
    ("destination", "via", "words"),
    [
        ("10.0.0.1/16", Via.NETWORK_INTERFACE, "Write 10.0.0.0/16"),
        ("2001:db8::1/64", Via.NETWORK_INTERFACE, "Write 2001:db8::/64"),
        ("everywhere", Via.NETWORK_INTERFACE, "no range of addresses"),
        ("pl-nodes", Via.NETWORK_INTERFACE, "pattern"),
        ("169.254.169.254/32", Via.NETWORK_INTERFACE, "belongs to AWS's own services"),
        ("169.254.168.0/22", Via.TRANSIT_GATEWAY, "belongs to AWS's own services"),
        ("fd00:ec2::254/128", Via.NETWORK_INTERFACE, "belongs to AWS's own services"),
        ("0.0.0.0/0", Via.EGRESS_ONLY_INTERNET_GATEWAY, "passes IPv6 alone"),
        ("::/0", Via.NAT_GATEWAY, "passes IPv4 alone"),
        ("0.0.0.0/0", Via.BLACKHOLE, "no route is declared to lead to blackhole"),
        ("0.0.0.0/0", Via.OTHER, "no route is declared to lead to other"),
    ],
)
def test_what_aws_takes_in_no_table_is_refused_where_it_is_written(destination: str, via: Via, words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        RouteTableArgs.model_validate(wire(destination, via))
    (fault,) = faults(caught.value, wire(destination, via))
    assert words in str(fault)
    assert fault.path in (f'routes["{destination}"]', f"routes.{destination}")


@pytest.mark.parametrize(
    ("destination", "via"),
    [
        ("169.254.0.0/16", Via.NETWORK_INTERFACE),
        ("169.254.172.0/24", Via.NETWORK_INTERFACE),
        ("fd00::/8", Via.TRANSIT_GATEWAY),
        ("64:ff9b::/96", Via.NAT_GATEWAY),
        ("pl-0123456789abcdef0", Via.EGRESS_ONLY_INTERNET_GATEWAY),
        ("pl-0123456789abcdef0", Via.NAT_GATEWAY),
        ("::/0", Via.INTERNET_GATEWAY),
    ],
)
def test_what_aws_takes_is_taken(destination: str, via: Via) -> None:
    assert RouteTableArgs.model_validate(wire(destination, via)).to_wire() == wire(destination, via)


@pytest.mark.parametrize(("number", "refused"), [(MOST_ROUTES, False), (MOST_ROUTES + 1, True)])
def test_each_family_has_its_own_most_routes(number: int, refused: bool) -> None:  # noqa: FBT001 - a column
    route = {"name": "target", "id": "eni-1", "via": "network-interface"}
    many = {f"100.{64 + one // 256}.{one % 256}.0/24": route for one in range(number)}
    both = {**many, **{f"2001:db8:{one:x}::/48": route for one in range(MOST_ROUTES)}}
    given = {**wire("::/0"), "routes": both}
    if refused:
        with pytest.raises(ValidationError, match=f"{number} routes for IPv4"):
            RouteTableArgs.model_validate(given)
    else:
        assert len(RouteTableArgs.model_validate(given).routes) == 2 * MOST_ROUTES


def test_what_was_found_is_remembered_though_it_can_not_be_declared() -> None:
    found = wire("0.0.0.0/0", Via.BLACKHOLE)
    assert RouteTableState.model_validate(found).to_wire() == found
    assert RouteTableArgs.model_validate(found, context=FOUND).to_wire() == found


@pytest.mark.parametrize("via", KEYS)
def test_every_kind_of_target_is_read(via: Via) -> None:
    (found,) = read(**{KEYS[via]: IDS[via]}).values()
    assert (found.via, found.id) == (via, IDS[via])


def test_an_instance_is_read_as_its_interface_which_keeps_the_name_it_is_known_by() -> None:
    row = {"InstanceId": "i-1", "InstanceOwnerId": "123456789012", "NetworkInterfaceId": "eni-1"}
    assert read(**row) == {PODS: Route(name="node-1", id="eni-1", via=Via.NETWORK_INTERFACE)}


@pytest.mark.parametrize("row", [{"DestinationIpv6CidrBlock": "::/0"}, {"DestinationPrefixListId": str(LIST)}])
def test_every_kind_of_destination_is_read(row: dict[str, str]) -> None:
    (text,) = row.values()
    assert [str(destination) for destination in read(NetworkInterfaceId="eni-1", **row)] == [text]


@pytest.mark.parametrize("via", KEYS)
def test_a_black_hole_reads_as_one_with_its_target(via: Via) -> None:
    (found,) = read(**{KEYS[via]: IDS[via]}, State="blackhole").values()
    assert (found.via, found.id) == (Via.BLACKHOLE, IDS[via])


@pytest.mark.parametrize("via", KEYS)
def test_an_idle_interface_alone_may_be_a_black_hole(via: Via) -> None:
    row = {"DestinationCidrBlock": str(PODS), "Origin": "CreateRoute", "State": "blackhole", KEYS[via]: IDS[via]}
    table: Any = {"Routes": [row]}
    (found,) = routes_in(table, idle_interfaces=True).values()
    assert found.via is (via if via is Via.NETWORK_INTERFACE else Via.BLACKHOLE)


def test_a_black_hole_without_a_target_is_read() -> None:
    assert read(State="blackhole") == {PODS: Route(name="", id="", via=Via.BLACKHOLE)}


@pytest.mark.parametrize(
    "row",
    [{"CarrierGatewayId": "cagw-1"}, {"CoreNetworkArn": "arn:1"}, {"GatewayId": "vpce-1"}],
    ids=["carrier gateway", "core network", "endpoint of a Gateway Load Balancer"],
)
def test_a_route_of_others_to_what_is_never_declared_shows(row: dict[str, str]) -> None:
    (found,) = read(**row).values()
    assert (found.via, [found.id]) == (Via.OTHER, list(row.values()))


@pytest.mark.parametrize(
    "row",
    [
        {"Origin": "EnableVgwRoutePropagation", "GatewayId": "vgw-1"},
        {"Origin": "CreateRouteTable", "GatewayId": "local"},
        {"Origin": "CreateRouteTable", "GatewayId": "local", "DestinationIpv6CidrBlock": "2001:db8::/56"},
        {"Origin": "CreateRouteTable", "NetworkInterfaceId": "eni-9"},
        {"DestinationPrefixListId": "pl-6da54004", "GatewayId": "vpce-0123456789abcdef0"},
    ],
    ids=["propagated", "local", "local for IPv6", "local by way of an appliance", "gateway endpoint"],
)
def test_routes_that_nobody_creates_are_not_read(row: dict[str, str]) -> None:
    assert read(**row) == {}
