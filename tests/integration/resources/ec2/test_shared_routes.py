from __future__ import annotations

from typing import Any

import pytest

from kubewire.errors import PartlyCreatedError, RefusedError
from kubewire.resources.routes import Routes, RoutesArgs
from kubewire.resources.routing import Route, Via
from tests.integration.resources.ec2.described import NOBODY, POD_ROUTE, POD_ROUTE6, World, differences, routes

OTHER_ROUTE = "100.64.1.0/24"


def rows(ec2: Any, table: str) -> dict[str, str]:
    """Give where a table's routes lead to, without the VPC's own."""
    (found,) = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"]
    return {
        row.get("DestinationCidrBlock") or row["DestinationIpv6CidrBlock"]: row.get("NetworkInterfaceId")
        or row["GatewayId"]
        for row in found["Routes"]
        if row["Origin"] == "CreateRoute"
    }


def declared(args: RoutesArgs, to: dict[str, str]) -> RoutesArgs:
    nodes = {
        destination: Route(name="node", id=interface, via=Via.NETWORK_INTERFACE)
        for destination, interface in to.items()
    }
    return RoutesArgs.model_validate({"table": args.table, "routes": nodes})


def test_routes_come_move_and_go_beside_those_of_others(run: Any, world: World, ec2: Any) -> None:
    first, second = world.machine().id, world.machine().id
    args = declared(routes(world), {POD_ROUTE: first, POD_ROUTE6: first})
    theirs = {"0.0.0.0/0": world.gateway.id}
    table, state = run(Routes).create(args, NOBODY)
    assert rows(ec2, table) == {**theirs, POD_ROUTE: first, POD_ROUTE6: first}
    wanted = declared(args, {POD_ROUTE6: second, OTHER_ROUTE: second})
    state = run(Routes).update(table, state, wanted)
    assert rows(ec2, table) == {**theirs, POD_ROUTE6: second, OTHER_ROUTE: second}
    assert run(Routes).read(table, state) == state
    run(Routes).delete(table, state)
    assert rows(ec2, table) == theirs


def test_a_strangers_route_is_refused_and_stays(run: Any, world: World, ec2: Any) -> None:
    args = routes(world)
    theirs = world.machine().id
    ec2.create_route(RouteTableId=args.table.id, DestinationCidrBlock=POD_ROUTE, NetworkInterfaceId=theirs)
    before = rows(ec2, args.table.id)
    with pytest.raises(RefusedError, match=f"theirs routes {POD_ROUTE} to {theirs} already"):
        run(Routes).create(args, NOBODY)
    assert rows(ec2, args.table.id) == before
    free = declared(args, {OTHER_ROUTE: theirs})
    table, state = run(Routes).create(free, NOBODY)
    both = declared(args, {OTHER_ROUTE: theirs, POD_ROUTE: world.machine().id})
    with pytest.raises(PartlyCreatedError, match="already"):
        run(Routes).update(table, state, both)
    assert rows(ec2, table) == {**before, OTHER_ROUTE: theirs}


def test_a_route_whose_machine_is_gone_shows_as_a_black_hole_and_leads_to_its_successor(
    run: Any, world: World, ec2: Any
) -> None:
    args = routes(world)
    table, state = run(Routes).create(args, NOBODY)
    (found,) = ec2.describe_instances()["Reservations"]
    ec2.terminate_instances(InstanceIds=[found["Instances"][0]["InstanceId"]])
    read = run(Routes).read(table, state)
    assert differences(Routes, read, args) == {f'routes["{POD_ROUTE}"].via', f'routes["{POD_ROUTE6}"].via'}
    successor = world.machine().id
    wanted = declared(args, {POD_ROUTE: successor, POD_ROUTE6: successor})
    state = run(Routes).update(table, read, wanted)
    assert rows(ec2, table) == {"0.0.0.0/0": world.gateway.id, POD_ROUTE: successor, POD_ROUTE6: successor}
    assert run(Routes).read(table, state) == state


def test_a_route_that_somebody_moved_shows_and_is_moved_back_but_never_deleted(
    run: Any, world: World, ec2: Any
) -> None:
    args = routes(world)
    table, state = run(Routes).create(args, NOBODY)
    there, elsewhere = rows(ec2, table), world.machine().id
    moved = {"RouteTableId": table, "DestinationCidrBlock": POD_ROUTE, "NetworkInterfaceId": elsewhere}
    ec2.replace_route(**moved)
    read = run(Routes).read(table, state)
    assert differences(Routes, read, args) == {f'routes["{POD_ROUTE}"].id', f'routes["{POD_ROUTE}"].name'}
    state = run(Routes).update(table, read, args)
    assert rows(ec2, table) == there
    ec2.replace_route(**moved)
    run(Routes).delete(table, run(Routes).read(table, state))
    assert rows(ec2, table) == {"0.0.0.0/0": world.gateway.id, POD_ROUTE: elsewhere}


def test_a_table_that_somebody_deleted_reads_as_gone(run: Any, world: World, ec2: Any) -> None:
    args = routes(world)
    table, state = run(Routes).create(args, NOBODY)
    ec2.delete_route_table(RouteTableId=table)
    assert run(Routes).read(table, state) is None
    run(Routes).delete(table, state)
