"""An engine that is killed at any call of any run, and run again, against the whole provider.

One thing the protocol can't tell: a replacement was cut off while its new object was made, and the user then gives up
the replacement. No request asks for the new object again, so nobody looks for it; the engine warns of it by name
until `pulumi refresh`. So here a replacement that was begun is finished.
"""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kubewire.errors import NotFoundError, OutcomeUnknownError
from kubewire.provider.kubewire import KubewireProvider
from kubewire.provider.protocol import Wire
from tests.unit.provider.boxes import FakeClock, Killed, Warehouse, resource_in
from tests.unit.provider.engine import Engine

URN = "urn:pulumi:dev::shop::kubewire:index:Box::main"


def started(warehouse: Warehouse) -> KubewireProvider:
    """Give the plugin of one run."""
    kind = resource_in(warehouse)
    provider = KubewireProvider({kind.token(): kind}, FakeClock())
    provider.configure({})
    return provider


SHAPES = st.sampled_from(["cube", "ball"])
COLOURS = st.sampled_from(["red", "blue"])
SHELVES = st.sampled_from([None, "low", "high"])
CUTS = st.integers(min_value=0, max_value=8)


class KilledAnywhere(RuleBasedStateMachine):
    """Whatever is cut off, a run that gets through leaves one finished box, or none."""

    def __init__(self) -> None:
        super().__init__()
        self.warehouse = Warehouse()
        self.engine = Engine(URN, lambda: started(self.warehouse))
        self.wanted: Wire = {"shape": "cube", "colour": "red", "shelf": "low"}
        self.was_cut = False

    @precondition(lambda self: not self.engine.is_replacing())
    @rule(shape=SHAPES, colour=COLOURS, shelf=SHELVES)
    def edit(self, shape: str, colour: str, shelf: str | None) -> None:
        self.wanted = {"shape": shape, "colour": colour, "label": colour, **({"shelf": shelf} if shelf else {})}

    @rule(cut=CUTS, done=st.booleans())
    def killed_up(self, cut: int, done: bool) -> None:  # noqa: FBT001 - hypothesis gives it by name
        self._killed(lambda: self.engine.up(self.wanted), cut, done=done)

    @precondition(lambda self: not self.engine.is_replacing())
    @rule(cut=CUTS, done=st.booleans())
    def killed_destroy(self, cut: int, done: bool) -> None:  # noqa: FBT001 - hypothesis gives it by name
        self._killed(self.engine.destroy, cut, done=done)

    @rule(cut=CUTS, done=st.booleans())
    def up_with_a_lost_answer(self, cut: int, done: bool) -> None:  # noqa: FBT001 - hypothesis gives it by name
        lost = OutcomeUnknownError("the line went dead", code="NoAnswer", operation="boxes:Any")
        self._recover()
        self._rehearse(cut, lost, done=done)
        self.engine.up(self.wanted)
        self._is_one()

    @rule()
    def up(self) -> None:
        self._recover()
        self.engine.up(self.wanted)
        self._is_one()

    @rule()
    def up_twice_changes_nothing(self) -> None:
        self.up()
        self._rehearse(None)
        self.engine.up(self.wanted)
        assert self.warehouse.calls == []

    @rule()
    def up_then_destroy(self) -> None:
        self.up()
        self.engine.destroy()
        assert self.warehouse.boxes == {}

    @invariant()
    def never_two_unknown_to_the_state(self) -> None:
        assert len(self.warehouse.boxes.keys() - {entry.id for entry in self.engine.state}) <= 1

    def _is_one(self) -> None:
        assert [entry.id for entry in self.engine.state] == list(self.warehouse.boxes)
        (box,) = self.warehouse.boxes.values()
        assert (box.shape, box.colour) == (self.wanted["shape"], self.wanted["colour"])
        assert box.label == self.wanted.get("label", "none")

    def _recover(self) -> None:
        self._rehearse(None)
        if self.was_cut:
            self.engine.refresh()
        self.was_cut = self.engine.in_doubt = False

    def _killed(self, run: Callable[[], None], cut: int, *, done: bool) -> None:
        self._rehearse(cut, Killed(), done=done)
        try:
            run()
        except Killed:
            self.was_cut = self.engine.in_doubt
        except NotFoundError as error:
            # Nobody refreshed since a run was cut off as it deleted the box: the user is told to.
            self._told_to_refresh(error)

    def _told_to_refresh(self, error: NotFoundError) -> None:
        assert self.was_cut
        assert "pulumi refresh" in error.detail

    def _rehearse(self, cut: int | None, error: BaseException | None = None, *, done: bool = False) -> None:
        self.warehouse.calls.clear()
        self.warehouse.before.clear()
        self.warehouse.after.clear()
        if cut is not None and error is not None:
            (self.warehouse.after if done else self.warehouse.before)[cut] = error


TestKilledAnywhere = KilledAnywhere.TestCase
TestKilledAnywhere.settings = settings(max_examples=150, stateful_step_count=25, deadline=None)
