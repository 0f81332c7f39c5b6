from __future__ import annotations

from typing import Any

import pytest

from kubewire.cloud.aws import AwsCloud
from kubewire.provider.lifecycle import Lifecycle
from kubewire.resources.base import Owner
from kubewire.resources.route_table import Route, RouteTable, RouteTableArgs, Via
from tests.integration.resources.ec2.described import NOBODY, POD_ROUTE, World, differences, route_table


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
