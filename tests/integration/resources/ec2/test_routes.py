from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from kubewire.cloud.aws import AwsCloud
from kubewire.provider.lifecycle import Lifecycle
from kubewire.resources.base import Owner
from kubewire.resources.route_table import RouteTable, RouteTableArgs
from kubewire.resources.routing import Route, Via
from tests.integration.resources.ec2.described import NOBODY, POD_ROUTE, World, differences, route_table

MANY = 500


class Counting:
    """EC2's client, with the calls that it is asked for counted."""

    def __init__(self, ec2: Any) -> None:
        self.calls: Counter[str] = Counter()
        self._ec2 = ec2

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def call(**parameters: Any) -> Any:
            self.calls[operation] += 1
            return getattr(self._ec2, operation)(**parameters)

        return call


def routes(ec2: Any, table: str) -> dict[str, str]:
    (found,) = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"]
    keys = ("NetworkInterfaceId", "GatewayId", "NatGatewayId", "EgressOnlyInternetGatewayId")
    destinations = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
    return {
        next(row[key] for key in destinations if key in row): next(row[key] for key in keys if key in row)
        for row in found["Routes"]
    }


def to_node(interface: str) -> Route:
    return Route(name="node-a", id=interface, via=Via.NETWORK_INTERFACE)


def declared(args: RouteTableArgs, **fields: Any) -> RouteTableArgs:
    return RouteTableArgs.model_validate({**dict(args), **fields})


def prefix_list(ec2: Any) -> str:
    made = ec2.create_managed_prefix_list(PrefixListName="partners", MaxEntries=5, AddressFamily="IPv4")
    return str(made["PrefixList"]["PrefixListId"])


def test_routes_come_move_and_go(run: Any, world: World, ec2: Any) -> None:
    args = route_table(world)
    node = world.machine().id
    table, state = run(RouteTable).create(declared(args, routes={**args.routes, POD_ROUTE: to_node(node)}), NOBODY)
    assert routes(ec2, table) == {"10.0.0.0/16": "local", POD_ROUTE: node, "0.0.0.0/0": world.gateway.id}
    moved = Route(name="out", id=world.gateway.id, via=Via.INTERNET_GATEWAY)
    wanted = declared(args, routes={POD_ROUTE: moved, "100.64.1.0/24": to_node(node)}, subnets={})
    run(RouteTable).update(table, state, wanted)
    assert routes(ec2, table) == {"10.0.0.0/16": "local", POD_ROUTE: world.gateway.id, "100.64.1.0/24": node}
    assert differences(RouteTable, run(RouteTable).read(table, wanted), wanted) == set()


def test_routes_for_every_kind_of_destination_come_move_and_go(run: Any, world: World, ec2: Any) -> None:
    out = ec2.create_egress_only_internet_gateway(VpcId=world.vpc.id)["EgressOnlyInternetGateway"]
    gateway = out["EgressOnlyInternetGatewayId"]
    egress = Route(name="out", id=gateway, via=Via.EGRESS_ONLY_INTERNET_GATEWAY)
    first, second, listed = world.machine().id, world.machine().id, prefix_list(ec2)
    args = declared(
        route_table(world), routes={"::/0": egress, "2001:db8:64::/80": to_node(first), listed: to_node(first)}
    )
    table, state = run(RouteTable).create(args, NOBODY)
    made = {"10.0.0.0/16": "local", "::/0": gateway, "2001:db8:64::/80": first, listed: first}
    assert routes(ec2, table) == made
    assert differences(RouteTable, run(RouteTable).read(table, args), args) == set()
    wanted = declared(args, routes={"2001:db8:64::/80": to_node(second), listed: to_node(second)})
    run(RouteTable).update(table, state, wanted)
    assert routes(ec2, table) == {"10.0.0.0/16": "local", "2001:db8:64::/80": second, listed: second}


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
    wanted = declared(args, routes={POD_ROUTE: out})
    run(RouteTable).update(table, state, wanted)
    assert routes(ec2, table) == {"10.0.0.0/16": "local", POD_ROUTE: world.gateway.id}


def test_a_route_to_a_machine_that_is_gone_shows_as_a_black_hole_and_leads_to_its_successor(
    run: Any, world: World, ec2: Any
) -> None:
    args = route_table(world)
    table, _ = run(RouteTable).create(args, NOBODY)
    (found,) = ec2.describe_instances()["Reservations"]
    ec2.terminate_instances(InstanceIds=[found["Instances"][0]["InstanceId"]])
    read = run(RouteTable).read(table, args)
    assert differences(RouteTable, read, args) == {f'routes["{POD_ROUTE}"].via'}
    assert {str(destination): route.via for destination, route in read.routes.items()} == {
        POD_ROUTE: Via.BLACKHOLE,
        "0.0.0.0/0": Via.INTERNET_GATEWAY,
    }
    # What a refresh has found is remembered by the next.
    assert run(RouteTable).read(table, read) == read
    successor = world.machine().id
    wanted = declared(args, routes={**args.routes, POD_ROUTE: to_node(successor)})
    run(RouteTable).update(table, read, wanted)
    assert routes(ec2, table)[POD_ROUTE] == successor
    assert differences(RouteTable, run(RouteTable).read(table, wanted), wanted) == set()


def test_a_way_out_that_was_detached_is_a_black_hole_until_it_is_attached_again(
    run: Any, world: World, ec2: Any
) -> None:
    args = route_table(world)
    table, state = run(RouteTable).create(args, NOBODY)
    ec2.detach_internet_gateway(InternetGatewayId=world.gateway.id, VpcId=world.vpc.id)
    read = run(RouteTable).read(table, args)
    assert differences(RouteTable, read, args) == {'routes["0.0.0.0/0"].via'}
    ec2.attach_internet_gateway(InternetGatewayId=world.gateway.id, VpcId=world.vpc.id)
    assert run(RouteTable).update(table, read, args) == state
    assert run(RouteTable).read(table, args) == state


def test_a_route_to_an_interface_that_waits_for_its_machine_is_no_difference_where_that_is_said(
    run: Any, world: World
) -> None:
    args = declared(route_table(world), routes={POD_ROUTE: to_node(world.interface.id)})
    table, state = run(RouteTable).create(args, NOBODY)
    assert differences(RouteTable, state, args) == set()
    assert differences(RouteTable, run(RouteTable).read(table, args), args) == {f'routes["{POD_ROUTE}"].via'}
    waiting = declared(args, idle_interfaces=True)
    assert differences(RouteTable, run(RouteTable).read(table, waiting), waiting) == set()


def test_a_table_of_five_hundred_routes_is_made_in_as_many_calls_and_a_few(
    run: Any, cloud: AwsCloud, world: World, ec2: Any
) -> None:
    node = to_node(world.machine().id)
    many = {f"100.{64 + one // 256}.{one % 256}.0/24": node for one in range(MANY)}
    args = declared(route_table(world), routes=many, subnets={})
    counting: Any = Counting(cloud.ec2)
    cloud.ec2 = counting
    table, state = run(RouteTable).create(args, NOBODY)
    assert counting.calls == Counter(create_route=MANY, create_route_table=1, describe_route_tables=2)
    counting.calls.clear()
    assert run(RouteTable).read(table, args) == state
    moved = declared(args, routes={**many, "100.64.7.0/24": to_node(world.machine().id)})
    run(RouteTable).update(table, state, moved)
    assert counting.calls == Counter(describe_route_tables=1, replace_route=1)
    assert len(routes(ec2, table)) == MANY + 1


def test_the_route_of_a_gateway_endpoint_is_no_difference_and_stays(run: Any, world: World, ec2: Any) -> None:
    args = route_table(world)
    table, state = run(RouteTable).create(args, NOBODY)
    ec2.create_vpc_endpoint(VpcId=world.vpc.id, ServiceName="com.amazonaws.eu-west-1.s3", RouteTableIds=[table])
    (own,) = set(routes(ec2, table)) - {"10.0.0.0/16", *map(str, args.routes)}
    assert own.startswith("pl-")
    assert run(RouteTable).read(table, args) == state
    run(RouteTable).update(table, state, declared(args, routes={}))
    assert set(routes(ec2, table)) == {"10.0.0.0/16", own}


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
