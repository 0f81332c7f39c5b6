from __future__ import annotations

import pytest

from kubewire.deferred import UNKNOWN
from kubewire.errors import (
    InUseError,
    KubewireError,
    NotFoundError,
    OutcomeUnknownError,
    PartlyCreatedError,
    RefusedError,
)
from kubewire.provider.lifecycle import RELEASE_SECONDS, VISIBLE_SECONDS, Lifecycle
from kubewire.resources.base import Owner
from tests.unit.provider.boxes import Box, BoxArgs, BoxState, FakeClock, Warehouse, box_cloud, resource_in

OWNER = Owner("shop/dev", "Box/main")
OTHER = Owner("shop/dev", "Box/other")
WANTED = BoxArgs(shape="cube", colour="red", label="fragile")
NONE: frozenset[str] = frozenset()


def lost(operation: str = "boxes:CreateBox") -> OutcomeUnknownError:
    return OutcomeUnknownError("the line went dead", code="NoAnswer", operation=operation)


def missing() -> NotFoundError:
    return NotFoundError("no such shelf", code="InvalidShelf.NotFound", operation="boxes:CreateBox")


@pytest.fixture
def warehouse() -> Warehouse:
    return Warehouse()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def lifecycle(warehouse: Warehouse, clock: FakeClock) -> Lifecycle[BoxArgs, BoxState]:
    return Lifecycle(resource_in(warehouse)(box_cloud(clock), OWNER))


Boxes = Lifecycle[BoxArgs, BoxState]


class TestCreate:
    def test_makes_and_finishes(self, lifecycle: Boxes, warehouse: Warehouse) -> None:
        box_id, state = lifecycle.create(WANTED, NONE)
        assert warehouse.boxes == {box_id: Box(OWNER, "cube", "red", "fragile")}
        assert state == BoxState(shape="cube", colour="red", label="fragile", weight=7)

    def test_goes_on_with_a_leftover(self, lifecycle: Boxes, warehouse: Warehouse) -> None:
        leftover = warehouse.add(Box(OWNER, "cube", "red"))
        box_id, state = lifecycle.create(WANTED, NONE)
        assert box_id == leftover
        assert "create" not in warehouse.calls
        assert state.label == warehouse.boxes[box_id].label == "fragile"

    def test_waits_for_a_leftover_that_is_still_on_its_way(self, lifecycle: Boxes, warehouse: Warehouse) -> None:
        leftover = warehouse.add(Box(OWNER, "cube"))
        warehouse.pending[leftover] = 20
        assert lifecycle.create(WANTED, NONE)[0] == leftover
        assert warehouse.boxes.keys() == {leftover}

    def test_makes_no_second_where_a_leftover_never_comes(
        self, lifecycle: Boxes, warehouse: Warehouse, clock: FakeClock
    ) -> None:
        leftover = warehouse.add(Box(OWNER, "cube"))
        warehouse.pending[leftover] = 10_000
        with pytest.raises(NotFoundError, match="delete it, and run again"):
            lifecycle.create(WANTED, NONE)
        assert warehouse.boxes.keys() == {leftover}
        assert VISIBLE_SECONDS <= clock.now < 2 * VISIBLE_SECONDS

    def test_makes_its_own_where_a_leftover_goes_meanwhile(self, warehouse: Warehouse, clock: FakeClock) -> None:
        kind = resource_in(warehouse)
        finds = iter([["box-gone"]])
        kind.find = lambda *_: next(finds, [])  # type: ignore[method-assign]  # listed once, then no more
        made, _ = Lifecycle(kind(box_cloud(clock), OWNER)).create(WANTED, NONE)
        assert warehouse.boxes.keys() == {made}

    def test_takes_no_leftover_of_another_owner(self, lifecycle: Boxes, warehouse: Warehouse) -> None:
        foreign = warehouse.add(Box(OTHER, "cube"))
        box_id, _ = lifecycle.create(WANTED, NONE)
        assert box_id != foreign
        assert warehouse.boxes[foreign] == Box(OTHER, "cube")

    def test_never_takes_what_the_state_holds(self, lifecycle: Boxes, warehouse: Warehouse) -> None:
        held = warehouse.add(Box(OWNER, "cube"))
        box_id, _ = lifecycle.create(WANTED, frozenset({held}))
        assert box_id != held
        assert warehouse.boxes[held] == Box(OWNER, "cube")

    def test_does_not_look_when_told_so(self, lifecycle: Boxes, warehouse: Warehouse) -> None:
        held = warehouse.add(Box(OWNER, "cube"))
        box_id, _ = lifecycle.create(WANTED, NONE, look_first=False)
        assert box_id != held
        assert "find" not in warehouse.calls

    def test_looks_after_a_lost_answer_even_when_told_not_to(self, lifecycle: Boxes, warehouse: Warehouse) -> None:
        warehouse.after[0] = lost()
        lifecycle.create(WANTED, NONE, look_first=False)
        assert len(warehouse.boxes) == 1

    def test_removes_a_leftover_that_can_not_become_what_is_wanted(
        self, lifecycle: Boxes, warehouse: Warehouse
    ) -> None:
        leftover = warehouse.add(Box(OWNER, "ball"))
        box_id, _ = lifecycle.create(WANTED, NONE)
        assert warehouse.boxes.keys() == {box_id}
        assert box_id != leftover

    @pytest.mark.parametrize("done", [False, True])
    def test_makes_one_when_the_answer_is_lost(self, lifecycle: Boxes, warehouse: Warehouse, done: bool) -> None:  # noqa: FBT001 - pytest gives it by name
        (warehouse.after if done else warehouse.before)[1] = lost()
        box_id, _ = lifecycle.create(WANTED, NONE)
        assert warehouse.boxes == {box_id: Box(OWNER, "cube", "red", "fragile")}
        assert warehouse.calls.count("create") == (1 if done else 2)

    def test_waits_for_a_reference_that_aws_does_not_see_yet(
        self, lifecycle: Boxes, warehouse: Warehouse, clock: FakeClock
    ) -> None:
        warehouse.before = {1: missing(), 3: missing()}
        lifecycle.create(WANTED, NONE)
        assert len(warehouse.boxes) == 1
        assert clock.now > 2

    def test_gives_up_on_a_reference_that_never_shows(
        self, lifecycle: Boxes, warehouse: Warehouse, clock: FakeClock
    ) -> None:
        warehouse.before = {number: missing() for number in range(1, 100, 2)}
        with pytest.raises(NotFoundError, match="no such shelf"):
            lifecycle.create(WANTED, NONE)
        assert warehouse.boxes == {}
        assert clock.now < 30

    def test_a_refusal_is_not_tried_again(self, lifecycle: Boxes, warehouse: Warehouse) -> None:
        warehouse.before[1] = RefusedError("too many boxes", code="BoxLimitExceeded", operation="boxes:CreateBox")
        with pytest.raises(RefusedError):
            lifecycle.create(WANTED, NONE)
        assert warehouse.calls == ["find", "create"]

    def test_keeps_the_id_of_what_could_not_be_finished(self, lifecycle: Boxes, warehouse: Warehouse) -> None:
        refusal = RefusedError("no such label", code="InvalidLabel", operation="boxes:Label", detail="Take another.")
        warehouse.before[4] = refusal
        with pytest.raises(PartlyCreatedError) as caught:
            lifecycle.create(WANTED, NONE)
        assert caught.value.resource_id in warehouse.boxes
        assert caught.value.state == {"shape": "cube", "colour": "red", "label": "none", "weight": 7}
        assert (caught.value.summary, caught.value.detail) == ("no such label", "Take another.")

    def test_keeps_the_id_even_when_we_are_at_fault(self, lifecycle: Boxes, warehouse: Warehouse) -> None:
        warehouse.before[3] = KeyError("Colours")
        with pytest.raises(PartlyCreatedError) as caught:
            lifecycle.create(WANTED, NONE)
        assert caught.value.resource_id in warehouse.boxes
        assert isinstance(caught.value.__cause__, KeyError)

    def test_reports_the_inputs_where_the_object_can_not_be_read(self, lifecycle: Boxes, warehouse: Warehouse) -> None:
        warehouse.before = dict.fromkeys(range(3, 9), RefusedError("no", code="AuthFailure", operation="boxes:Any"))
        with pytest.raises(PartlyCreatedError) as caught:
            lifecycle.create(WANTED, NONE)
        assert caught.value.state == WANTED.to_wire()

    def test_reports_the_object_when_asked_to_stop(
        self, lifecycle: Boxes, warehouse: Warehouse, clock: FakeClock
    ) -> None:
        clock.cancel()
        warehouse.before[3] = lost("boxes:Paint")
        with pytest.raises(PartlyCreatedError, match="stopped") as caught:
            lifecycle.create(WANTED, NONE)
        assert caught.value.resource_id in warehouse.boxes

    def test_stops_before_anything_is_made_when_asked(
        self, lifecycle: Boxes, warehouse: Warehouse, clock: FakeClock
    ) -> None:
        clock.cancel()
        warehouse.before[1] = missing()
        with pytest.raises(InterruptedError):
            lifecycle.create(WANTED, NONE)
        assert warehouse.boxes == {}

    def test_waits_for_a_new_object_to_show_up_and_says_when_it_does_not(self, clock: FakeClock) -> None:
        warehouse = Warehouse()
        blind = resource_in(warehouse)
        blind.read = lambda *_: None  # type: ignore[method-assign]  # the cloud that never shows it
        with pytest.raises(PartlyCreatedError, match="does not show up") as caught:
            Lifecycle(blind(box_cloud(clock), OWNER)).create(WANTED, NONE)
        assert caught.value.resource_id in warehouse.boxes
        assert VISIBLE_SECONDS <= clock.now < 2 * VISIBLE_SECONDS


class TestUpdate:
    def test_goes_on_after_a_failure(self, lifecycle: Boxes, warehouse: Warehouse) -> None:
        warehouse.before[4] = RefusedError("not now", code="IncorrectState", operation="boxes:Label")
        with pytest.raises(PartlyCreatedError) as caught:
            lifecycle.create(WANTED, NONE)
        state = BoxState.model_validate(caught.value.state)
        lifecycle.update(caught.value.resource_id, state, WANTED)
        assert warehouse.boxes == {caught.value.resource_id: Box(OWNER, "cube", "red", "fragile")}
        assert warehouse.calls.count("paint") == 1

    def test_looks_where_no_state_is_known(self, lifecycle: Boxes, warehouse: Warehouse) -> None:
        box_id = warehouse.add(Box(OWNER, "cube", "red"))
        lifecycle.update(box_id, None, WANTED)
        assert warehouse.boxes[box_id] == Box(OWNER, "cube", "red", "fragile")
        assert "paint" not in warehouse.calls

    def test_looks_again_after_a_lost_answer(self, lifecycle: Boxes, warehouse: Warehouse) -> None:
        box_id = warehouse.add(Box(OWNER, "cube"))
        warehouse.after[0] = lost("boxes:Paint")
        lifecycle.update(box_id, BoxState(shape="cube", weight=7), WANTED)
        assert warehouse.boxes[box_id] == Box(OWNER, "cube", "red", "fragile")
        assert warehouse.calls.count("paint") == 1

    def test_says_at_once_that_the_object_is_gone(
        self, lifecycle: Boxes, warehouse: Warehouse, clock: FakeClock
    ) -> None:
        warehouse.before[0] = missing()
        with pytest.raises(NotFoundError, match="pulumi refresh"):
            lifecycle.update("box-9", BoxState(shape="cube", weight=7), WANTED)
        assert clock.now < VISIBLE_SECONDS


class TestDelete:
    def test_removes(self, lifecycle: Boxes, warehouse: Warehouse) -> None:
        lifecycle.delete(warehouse.add(Box(OWNER, "cube")), BoxState(shape="cube", weight=7))
        assert warehouse.boxes == {}

    def test_of_what_is_gone_is_fine(self, lifecycle: Boxes, warehouse: Warehouse) -> None:
        lifecycle.delete("box-9", BoxState(shape="cube", weight=7))
        assert warehouse.calls == ["remove"]

    def test_waits_for_what_uses_it(self, lifecycle: Boxes, warehouse: Warehouse, clock: FakeClock) -> None:
        box_id = warehouse.add(Box(OWNER, "cube"))
        used = InUseError("a shelf holds it", code="DependencyViolation", operation="boxes:RemoveBox")
        warehouse.before = dict.fromkeys(range(5), used)
        lifecycle.delete(box_id, BoxState(shape="cube", weight=7))
        assert warehouse.boxes == {}
        assert clock.now > 5

    def test_reports_what_stays_in_use(self, lifecycle: Boxes, warehouse: Warehouse, clock: FakeClock) -> None:
        box_id = warehouse.add(Box(OWNER, "cube"))
        used = InUseError("a shelf holds it", code="DependencyViolation", operation="boxes:RemoveBox")
        warehouse.before = dict.fromkeys(range(1000), used)
        with pytest.raises(InUseError, match="a shelf holds it"):
            lifecycle.delete(box_id, BoxState(shape="cube", weight=7))
        assert RELEASE_SECONDS <= clock.now < RELEASE_SECONDS + 60
        assert box_id in warehouse.boxes

    def test_stops_waiting_when_asked(self, lifecycle: Boxes, warehouse: Warehouse, clock: FakeClock) -> None:
        clock.cancel()
        warehouse.before[0] = InUseError("a shelf holds it", code="DependencyViolation", operation="boxes:RemoveBox")
        with pytest.raises(InterruptedError):
            lifecycle.delete(warehouse.add(Box(OWNER, "cube")), BoxState(shape="cube", weight=7))

    def test_other_failures_are_reported_at_once(self, lifecycle: Boxes, warehouse: Warehouse) -> None:
        warehouse.before[0] = RefusedError("locked", code="OperationNotPermitted", operation="boxes:RemoveBox")
        with pytest.raises(KubewireError, match="locked"):
            lifecycle.delete("box-0", BoxState(shape="cube", weight=7))
        assert warehouse.calls == ["remove"]


class TestPlanned:
    def test_what_the_cloud_adds_is_unknown_before_a_create(self, lifecycle: Boxes) -> None:
        assert lifecycle.planned({"shape": UNKNOWN}) == {"weight": UNKNOWN, "shape": UNKNOWN}

    def test_what_the_cloud_added_is_kept_by_an_update(self, lifecycle: Boxes) -> None:
        assert lifecycle.planned({"shape": "ball"}, {"shape": "cube", "weight": 7}) == {"shape": "ball", "weight": 7}
