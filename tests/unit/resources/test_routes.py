from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubewire.errors import PartlyCreatedError, RefusedError
from kubewire.found import FOUND
from kubewire.model import Ref
from kubewire.provider.diff import compare
from kubewire.provider.lifecycle import Lifecycle
from kubewire.resources.base import Owner
from kubewire.resources.destinations import Destination, PrefixListId
from kubewire.resources.routes import Routes, RoutesArgs, RoutesState
from kubewire.resources.routing import KEYS, Route, Via
from tests.unit.resources.conftest import FakeCloud
from tests.unit.resources.killable import Killed
from tests.unit.resources.memory import TableMemory

OWNER = Owner(stack="shop/dev", resource="kubewire:index:Routes/pods")
TABLE = Ref(name="theirs", id="rtb-a")
PODS = IPv4Network("100.64.1.0/24")
PATH = 'routes["100.64.1.0/24"]'
DESTINATIONS: list[Destination] = [
    *(IPv4Network(f"100.64.{number}.0/24") for number in range(3)),
    IPv6Network("2001:db8::/64"),
    PrefixListId("pl-0123456789abcdef0"),
]
NOBODY: frozenset[str] = frozenset()

Set = dict[Destination, Route]


def route(number: int = 1, via: Via = Via.NETWORK_INTERFACE) -> Route:
    return Route(name=f"{via}-{number}", id=f"{via}-{number}", via=via)


ours = st.builds(route, st.integers(0, 2), st.sampled_from([Via.NETWORK_INTERFACE, Via.TRANSIT_GATEWAY]))
sets = st.dictionaries(st.sampled_from(DESTINATIONS), ours)
theirs = st.builds(route, st.integers(5, 7), st.just(Via.INTERNET_GATEWAY))
of_strangers = st.dictionaries(st.sampled_from(DESTINATIONS), theirs)


def declared(routes: Set) -> RoutesArgs:
    return RoutesArgs(table=TABLE, routes=routes)


def lifecycle(memory: Any) -> Any:
    """Give what runs one operation of the engine: each has a resource of its own."""
    cloud: Any = FakeCloud()
    cloud.ec2 = memory
    return Lifecycle(Routes(cloud, OWNER))


def put(memory: TableMemory, routes: Set) -> None:
    for destination, one in routes.items():
        memory.routes["rtb-a"][str(destination)] = {KEYS[one.via]: one.id}


def there(memory: TableMemory) -> dict[str, str]:
    return {destination: next(iter(target.values())) for destination, target in memory.routes["rtb-a"].items()}


def written(routes: Set) -> dict[str, str]:
    return {str(destination): one.id for destination, one in routes.items()}


def apart(routes: Set, *taken: Set) -> Set:
    return {destination: one for destination, one in routes.items() if not any(destination in other for other in taken)}


def differences(state: RoutesState, args: RoutesArgs) -> set[str]:
    return set(compare(RoutesArgs, state.to_wire(), args.to_wire()).changes)


@given(old=sets, new=sets, strangers=of_strangers)
def test_any_set_becomes_any_other_and_strangers_routes_stay(old: Set, new: Set, strangers: Set) -> None:
    memory = TableMemory("rtb-a")
    strangers = apart(strangers, old, new)
    put(memory, strangers)
    object_id, state = lifecycle(memory).create(declared(old), NOBODY)
    assert there(memory) == {**written(strangers), **written(old)}
    assert lifecycle(memory).read(object_id, state) == state
    state = lifecycle(memory).update(object_id, state, declared(new))
    assert there(memory) == {**written(strangers), **written(new)}
    found = lifecycle(memory).read(object_id, state)
    assert found == state
    assert differences(found, declared(new)) == set()
    changes = memory.changes
    lifecycle(memory).update(object_id, found, declared(new))
    assert memory.changes == changes
    lifecycle(memory).delete(object_id, found)
    lifecycle(memory).delete(object_id, found)
    assert there(memory) == written(strangers)


@given(old=sets, new=sets, strangers=of_strangers, killed_at=st.integers(0, 6))
def test_killed_at_any_change_the_next_run_ends_right(old: Set, new: Set, strangers: Set, killed_at: int) -> None:
    memory = TableMemory("rtb-a")
    strangers = apart(strangers, old, new)
    put(memory, strangers)
    _, state = lifecycle(memory).create(declared(old), NOBODY)
    memory.killed_at = memory.changes + killed_at
    try:
        lifecycle(memory).update("rtb-a", state, declared(new))
    except Killed:
        memory.killed_at = None
    memory.killed_at = None
    # The engine keeps what it knew, whether or not somebody refreshes.
    state = lifecycle(memory).update("rtb-a", state, declared(new))
    assert there(memory) == {**written(strangers), **written(new)}
    lifecycle(memory).delete("rtb-a", state)
    assert there(memory) == written(strangers)


@given(new=sets, killed_at=st.integers(0, 6))
def test_a_create_that_was_killed_is_taken_up_again(new: Set, killed_at: int) -> None:
    memory = TableMemory("rtb-a")
    memory.killed_at = killed_at
    try:
        lifecycle(memory).create(declared(new), NOBODY)
    except Killed:
        memory.killed_at = None
    memory.killed_at = None
    _, state = lifecycle(memory).create(declared(new), NOBODY)
    assert there(memory) == written(new)
    lifecycle(memory).delete("rtb-a", state)
    assert there(memory) == {}


def test_a_strangers_route_is_never_taken_at_a_create() -> None:
    memory = TableMemory("rtb-a")
    put(memory, {PODS: route(9)})
    for _ in range(2):
        with pytest.raises(RefusedError, match=r"100\.64\.1\.0/24 to network-interface-9 already") as caught:
            lifecycle(memory).create(declared({PODS: route(1)}), NOBODY)
        assert caught.value.path == PATH
    assert (there(memory), memory.changes) == ({str(PODS): "network-interface-9"}, 0)


def test_a_strangers_route_is_never_taken_at_an_update_however_often_it_is_tried() -> None:
    memory = TableMemory("rtb-a")
    old, new = declared({DESTINATIONS[0]: route(1)}), declared({PODS: route(1)})
    _, state = lifecycle(memory).create(old, NOBODY)
    put(memory, {PODS: route(9)})
    for _ in range(2):
        with pytest.raises(PartlyCreatedError, match="already") as caught:
            lifecycle(memory).update("rtb-a", state, new)
        # The engine keeps the new inputs beside what it's told of the state; then somebody refreshes.
        kept = RoutesState.model_validate(caught.value.state)
        assert kept.routes.keys() == {DESTINATIONS[0]}
        known = RoutesState.model_validate({**kept.to_wire(), **new.to_wire()}, context=FOUND)
        state = lifecycle(memory).read("rtb-a", known)
        assert state.routes.keys() == {DESTINATIONS[0]}
        state = lifecycle(memory).read("rtb-a", state)
    assert there(memory) == {**written(old.routes), str(PODS): "network-interface-9"}
    lifecycle(memory).delete("rtb-a", state)
    assert there(memory) == {str(PODS): "network-interface-9"}


def test_a_route_that_was_made_and_not_reported_is_simply_there() -> None:
    memory = TableMemory("rtb-a")
    put(memory, {PODS: route(1)})
    _, state = lifecycle(memory).create(declared({PODS: route(1)}), NOBODY)
    assert (memory.changes, state.placed) == (0, {PODS: "network-interface-1"})


def test_a_strangers_black_hole_is_a_strangers_too() -> None:
    memory = TableMemory("rtb-a")
    put(memory, {PODS: route(9)})
    memory.dead = {"network-interface-9"}
    with pytest.raises(RefusedError, match=r"already \(blackhole\)"):
        lifecycle(memory).create(declared({PODS: route(1)}), NOBODY)


@pytest.mark.parametrize("drift", ["missing", "elsewhere", "black hole"])
def test_drift_shows_and_is_put_right(drift: str) -> None:
    memory, wanted = TableMemory("rtb-a"), declared({PODS: route(1)})
    _, state = lifecycle(memory).create(wanted, NOBODY)
    shown = {"missing": {PATH}, "elsewhere": {f"{PATH}.id", f"{PATH}.name"}, "black hole": {f"{PATH}.via"}}[drift]
    match drift:
        case "missing":
            memory.routes["rtb-a"].clear()
        case "elsewhere":
            put(memory, {PODS: route(9)})
        case _:
            memory.dead = {"network-interface-1"}
    found = lifecycle(memory).read("rtb-a", state)
    assert differences(found, wanted) == shown
    # A second refresh, by what the first one found, says the same.
    assert lifecycle(memory).read("rtb-a", found).routes == found.routes
    changes = memory.changes
    state = lifecycle(memory).update("rtb-a", found, wanted)
    assert (there(memory), memory.changes) == (written(wanted.routes), changes + 1)
    assert state.placed == {PODS: "network-interface-1"}


def test_an_idle_interface_is_no_difference_and_nothing_is_done_about_it() -> None:
    memory = TableMemory("rtb-a")
    wanted = declared({PODS: route(1)}).model_copy(update={"idle_interfaces": True})
    _, state = lifecycle(memory).create(wanted, NOBODY)
    memory.dead = {"network-interface-1"}
    found = lifecycle(memory).read("rtb-a", state)
    assert found == state
    lifecycle(memory).update("rtb-a", found, wanted)
    assert memory.changes == 1


def test_an_own_route_moves_with_its_target() -> None:
    memory = TableMemory("rtb-a")
    _, state = lifecycle(memory).create(declared({PODS: route(1)}), NOBODY)
    memory.dead = {"network-interface-1"}
    state = lifecycle(memory).update("rtb-a", state, declared({PODS: route(2)}))
    assert there(memory) == {str(PODS): "network-interface-2"}
    assert state.placed == {PODS: "network-interface-2"}


@pytest.mark.parametrize("refreshes", [0, 1, 2])
def test_delete_leaves_what_somebody_gave_another_target(refreshes: int) -> None:
    memory = TableMemory("rtb-a")
    _, state = lifecycle(memory).create(declared({PODS: route(1), DESTINATIONS[0]: route(1)}), NOBODY)
    put(memory, {PODS: route(9)})
    for _ in range(refreshes):
        state = lifecycle(memory).read("rtb-a", state)
    lifecycle(memory).delete("rtb-a", state)
    assert there(memory) == {str(PODS): "network-interface-9"}


def test_a_route_that_is_no_longer_declared_stays_if_somebody_gave_it_another_target() -> None:
    memory = TableMemory("rtb-a")
    _, state = lifecycle(memory).create(declared({PODS: route(1)}), NOBODY)
    put(memory, {PODS: route(9)})
    state = lifecycle(memory).update("rtb-a", state, declared({}))
    assert there(memory) == {str(PODS): "network-interface-9"}
    assert state.placed == {}


def test_a_black_hole_of_ours_is_removed() -> None:
    memory = TableMemory("rtb-a")
    _, state = lifecycle(memory).create(declared({PODS: route(1)}), NOBODY)
    memory.dead = {"network-interface-1"}
    lifecycle(memory).delete("rtb-a", lifecycle(memory).read("rtb-a", state))
    assert there(memory) == {}


def test_an_update_that_fails_half_way_forgets_nothing() -> None:
    memory = TableMemory("rtb-a")
    old, new = declared({DESTINATIONS[0]: route(1), PODS: route(1)}), declared({})
    _, state = lifecycle(memory).create(old, NOBODY)

    def broken(**_: Any) -> None:
        raise RefusedError("no", code="UnauthorizedOperation", operation="ec2:DeleteRoute")

    whole = memory.delete_route
    memory.delete_route = broken  # type: ignore[assignment]  # a permission that is missing
    with pytest.raises(PartlyCreatedError) as caught:
        lifecycle(memory).update("rtb-a", state, new)
    memory.delete_route = whole  # type: ignore[method-assign]  # as above
    kept = RoutesState.model_validate(caught.value.state)
    assert kept.routes == old.routes
    lifecycle(memory).update("rtb-a", kept, new)
    assert there(memory) == {}


def test_a_route_that_a_stranger_makes_meanwhile_is_not_taken(cloud: Any) -> None:
    memory = TableMemory("rtb-a")
    create = memory.create_route

    def late(**given: str) -> None:
        put(memory, {PODS: route(9)})
        create(**given)

    memory.create_route = late  # type: ignore[assignment]  # somebody is faster
    cloud.ec2 = memory
    with pytest.raises(RefusedError, match="never changes it"):
        Routes(cloud, OWNER).converge("rtb-a", RoutesState(table=TABLE), declared({PODS: route(1)}))
    assert there(memory) == {str(PODS): "network-interface-9"}


def test_an_own_route_that_goes_meanwhile_is_made_anew() -> None:
    memory = TableMemory("rtb-a")
    _, state = lifecycle(memory).create(declared({PODS: route(1)}), NOBODY)
    replace = memory.replace_route

    def late(**given: str) -> None:
        memory.routes["rtb-a"].clear()
        replace(**given)

    memory.replace_route = late  # type: ignore[assignment]  # somebody is faster
    lifecycle(memory).update("rtb-a", state, declared({PODS: route(2)}))
    assert there(memory) == {str(PODS): "network-interface-2"}


def test_an_import_takes_nothing_and_the_next_run_what_is_as_declared() -> None:
    memory = TableMemory("rtb-a")
    put(memory, {PODS: route(1), DESTINATIONS[0]: route(9)})
    state = lifecycle(memory).read("rtb-a", None)
    assert (state.table.id, state.routes, state.placed) == ("rtb-a", {}, {})
    state = lifecycle(memory).update("rtb-a", state, declared({PODS: route(1)}))
    assert state.placed == {PODS: "network-interface-1"}


def test_a_table_that_is_gone_reads_as_none_and_is_not_made(cloud: Any) -> None:
    cloud.ec2.answers["describe_route_tables"] = {"RouteTables": []}
    assert Routes(cloud, OWNER).read("rtb-a", None) is None
    with pytest.raises(Exception, match="there is no route table rtb-a"):
        Routes(cloud, OWNER).create(declared({PODS: route(1)}))


def test_five_hundred_routes_take_five_hundred_calls_and_a_few(cloud: Any) -> None:
    cloud.ec2.answers["describe_route_tables"] = {"RouteTables": [{"RouteTableId": "rtb-a", "Routes": []}]}
    many: Set = {IPv4Network(f"100.{64 + one // 256}.{one % 256}.0/24"): route(one) for one in range(500)}
    Lifecycle(Routes(cloud, OWNER)).create(declared(many), NOBODY)
    assert cloud.ec2.operations == ["describe_route_tables"] * 3 + ["create_route"] * 500


def test_the_state_goes_over_the_wire_and_back() -> None:
    state = RoutesState(table=TABLE, routes={PODS: route(1)}, placed={PODS: "network-interface-1"})
    assert state.to_wire()["placed"] == {"100.64.1.0/24": "network-interface-1"}
    assert RoutesState.model_validate(state.to_wire()) == state
