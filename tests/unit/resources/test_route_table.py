from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubewire.errors import NotFoundError, RefusedError
from kubewire.model import Ref
from kubewire.provider.diff import compare
from kubewire.provider.lifecycle import Lifecycle
from kubewire.resources.base import Owner
from kubewire.resources.destinations import Destination, PrefixListId
from kubewire.resources.route_table import RouteTable, RouteTableArgs
from kubewire.resources.routing import KEYS, Route, Via
from tests.unit.resources.conftest import FakeCloud
from tests.unit.resources.killable import Killed, refused
from tests.unit.resources.memory import TableMemory

OWNER = Owner(stack="shop/dev", resource="kubewire:index:RouteTable/a")
VPC = Ref(name="shop", id="vpc-1")
SUBNETS = [f"subnet-{number}" for number in range(5)]
TABLES = ("rtb-a", "rtb-b")

Routes = dict[Destination, Route]
Uses = dict[str, str | None]
any_route = st.builds(
    lambda via, number: Route(name=f"{via}-{number}", id=f"{via}-{number}", via=via),
    st.sampled_from([Via.NETWORK_INTERFACE, Via.INTERNET_GATEWAY, Via.TRANSIT_GATEWAY, Via.PEERING_CONNECTION]),
    st.integers(0, 2),
)
ranges = st.sampled_from(
    [
        *(IPv4Network(f"100.64.{number}.0/24") for number in range(3)),
        IPv4Network("0.0.0.0/0"),
        IPv6Network("::/0"),
        PrefixListId("pl-0123456789abcdef0"),
    ]
)
any_routes = st.dictionaries(ranges, any_route)
# Which table each subnet uses, if any.
any_uses = st.fixed_dictionaries({subnet: st.sampled_from([*TABLES, None]) for subnet in SUBNETS})


def route(number: int = 1, via: Via = Via.NETWORK_INTERFACE) -> Route:
    return Route(name=f"node-{number}", id=f"eni-{number}", via=via)


def declared(routes: Routes, subnets: set[str] | None = None) -> RouteTableArgs:
    return RouteTableArgs(
        name="unnamed", vpc=VPC, routes=routes, subnets={subnet: subnet for subnet in sorted(subnets or ())}
    )


def users(uses: Uses, table: str) -> set[str]:
    return {subnet for subnet, used in uses.items() if used == table}


def lifecycle(memory: Any) -> Any:
    cloud: Any = FakeCloud()
    cloud.ec2 = memory
    return Lifecycle(RouteTable(cloud, OWNER))


def filled(old: Routes, uses: Uses) -> TableMemory:
    memory = TableMemory(*TABLES)
    for table in TABLES:
        memory.routes[table] = {str(cidr): {KEYS[route.via]: route.id} for cidr, route in old.items()}
        for subnet in sorted(users(uses, table)):
            memory.associate_route_table(table, subnet)
    return memory


def wrong(memory: TableMemory, wanted: dict[str, RouteTableArgs]) -> dict[str, Any]:
    """Give what differs from what is declared."""
    tables = lifecycle(memory)
    return {
        table: changes
        for table, args in wanted.items()
        if (changes := compare(RouteTableArgs, tables.read(table, args).to_wire(), args.to_wire()).changes)
    }


@given(old=any_routes, new=any_routes, before=any_uses, after=any_uses, first=st.sampled_from(TABLES))
def test_two_tables_become_any_two_others_whichever_is_changed_first(
    old: Routes, new: Routes, before: Uses, after: Uses, first: str
) -> None:
    memory = filled(old, before)
    wanted = {table: declared(new, users(after, table)) for table in TABLES}
    tables = lifecycle(memory)
    states = {table: tables.read(table, None) for table in TABLES}
    for table in sorted(TABLES, key=lambda table: table != first):
        tables.update(table, states[table], wanted[table])
    assert wrong(memory, wanted) == {}
    changes = memory.changes
    for table in TABLES:
        tables.update(table, tables.read(table, wanted[table]), wanted[table])
    assert memory.changes == changes


@given(known=any_routes, real=any_routes, new=any_routes, before=any_uses, after=any_uses)
def test_what_others_changed_since_the_last_look_does_not_stop_it(
    known: Routes, real: Routes, new: Routes, before: Uses, after: Uses
) -> None:
    memory = filled(real, before)
    wanted = declared(new, users(after, "rtb-a"))
    state = lifecycle(memory).read("rtb-a", None).model_copy(update={"routes": known})
    lifecycle(memory).update("rtb-a", state, wanted)
    for cidr, target in new.items():
        assert memory.routes["rtb-a"].get(str(cidr)) == {KEYS[target.via]: target.id} or known.get(cidr) == target
    for cidr in known.keys() - new.keys():
        assert str(cidr) not in memory.routes["rtb-a"]
    assert memory.subnets_of("rtb-a") == users(after, "rtb-a")


@given(old=any_routes, new=any_routes, before=any_uses, after=any_uses, killed_at=st.integers(0, 9))
def test_killed_at_any_change_the_next_run_ends_right(
    old: Routes, new: Routes, before: Uses, after: Uses, killed_at: int
) -> None:
    memory = filled(old, before)
    wanted = {table: declared(new, users(after, table)) for table in TABLES}
    memory.killed_at = memory.changes + killed_at
    try:
        for table, args in wanted.items():
            lifecycle(memory).update(table, lifecycle(memory).read(table, None), args)
    except Killed:
        memory.killed_at = None
    memory.killed_at = None
    for table, args in wanted.items():
        lifecycle(memory).update(table, lifecycle(memory).read(table, args), args)
    assert wrong(memory, wanted) == {}


@given(old=any_routes, new=any_routes, dead=st.sets(any_route.map(lambda route: route.id)))
def test_a_black_hole_shows_and_is_replaced_by_what_is_declared(old: Routes, new: Routes, dead: set[str]) -> None:
    memory = filled(old, {})
    memory.dead = dead
    found = lifecycle(memory).read("rtb-a", declared(old))
    lost = {str(destination) for destination, one in old.items() if one.id in dead}
    changes = compare(RouteTableArgs, found.to_wire(), declared(old).to_wire()).changes
    assert changes.keys() == {_path(destination) for destination in lost}
    # Whatever the targets were, those that are declared now are alive.
    memory.dead = set()
    lifecycle(memory).update("rtb-a", found, declared(new))
    assert wrong(memory, {"rtb-a": declared(new)}) == {}
    if old == new:
        assert memory.changes == len(lost)


def test_idle_interfaces_are_no_difference_and_nothing_is_done_about_them() -> None:
    routes: Routes = {IPv4Network("100.64.1.0/24"): route(1), IPv4Network("0.0.0.0/0"): route(9, Via.TRANSIT_GATEWAY)}
    memory = filled(routes, {})
    memory.dead = {"eni-1"}
    wanted = declared(routes).model_copy(update={"idle_interfaces": True})
    assert wrong(memory, {"rtb-a": declared(routes)}).keys() == {"rtb-a"}
    assert wrong(memory, {"rtb-a": wanted}) == {}
    lifecycle(memory).update("rtb-a", lifecycle(memory).read("rtb-a", wanted), wanted)
    assert memory.changes == 0


def _path(destination: str) -> str:
    return f'routes["{destination}"].via'


def test_five_hundred_routes_take_five_hundred_calls_and_a_few(cloud: Any) -> None:
    routes: Routes = {IPv4Network(f"100.{64 + one // 256}.{one % 256}.0/24"): route(one) for one in range(500)}
    state: Any = declared({})
    table = RouteTable(cloud, OWNER)
    made = table.converge("rtb-a", state, declared(routes))
    assert cloud.ec2.operations == ["create_route"] * 500
    moved = {**routes, IPv4Network("100.64.7.0/24"): route(1000)}
    table.converge("rtb-a", made, declared(moved))
    assert cloud.ec2.operations[500:] == ["replace_route"]


@given(routes=any_routes, uses=any_uses)
def test_delete_lets_go_of_the_subnets_first(routes: Routes, uses: Uses) -> None:
    memory = filled(routes, uses)
    tables = lifecycle(memory)
    tables.delete("rtb-a", tables.read("rtb-a", None))
    assert list(memory.routes) == ["rtb-b"]
    assert memory.users.keys() == users(uses, "rtb-b")


def test_a_subnet_that_leaves_by_itself_does_not_keep_the_table_alive(cloud: Any) -> None:
    table = {"RouteTableId": "rtb-a", "Associations": [{"SubnetId": "s", "RouteTableAssociationId": "rtbassoc-1"}]}
    cloud.ec2.answers["describe_route_tables"] = {"RouteTables": [table]}
    cloud.ec2.answers["disassociate_route_table"] = NotFoundError(
        "no", code="InvalidAssociationID.NotFound", operation="x"
    )
    state: Any = None
    RouteTable(cloud, OWNER).delete("rtb-a", state)
    assert cloud.ec2.operations[-1] == "delete_route_table"


def test_an_association_that_nobody_has_is_no_success(cloud: Any) -> None:
    cloud.ec2.answers["associate_route_table"] = refused("Resource.AlreadyAssociated")
    cloud.ec2.answers["describe_route_tables"] = {"RouteTables": []}
    state: Any = declared({})
    with pytest.raises(RefusedError, match="AlreadyAssociated"):
        RouteTable(cloud, OWNER).converge("rtb-a", state, declared({}, {"subnet-1"}))


def test_a_table_that_is_gone_reads_as_none(cloud: Any) -> None:
    cloud.ec2.answers["describe_route_tables"] = {"RouteTables": []}
    assert RouteTable(cloud, OWNER).read("rtb-a", None) is None


def test_a_refusal_of_a_route_is_not_hidden(cloud: Any) -> None:
    cloud.ec2.answers["create_route"] = refused("RouteLimitExceeded")
    state: Any = declared({})
    with pytest.raises(RefusedError, match="RouteLimitExceeded"):
        RouteTable(cloud, OWNER).converge("rtb-a", state, declared({IPv4Network("0.0.0.0/0"): route()}))
    assert cloud.ec2.operations == ["create_route"]
