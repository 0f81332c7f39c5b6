"""An engine that is killed at any call of any run, and run again, against the whole provider.

One thing the protocol can't tell: a replacement was cut off while its new object was made, and the user then gives up
the replacement. No request asks for the new object again, so nobody looks for it; the engine warns of it by name
until `pulumi refresh`. So here a replacement that was begun is finished.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kubewire.errors import OutcomeUnknownError
from kubewire.provider.kubewire import KubewireProvider
from kubewire.provider.protocol import Subject, Wire
from tests.unit.provider.boxes import FakeClock, Killed, Warehouse, resource_in

URN = "urn:pulumi:dev::shop::kubewire:index:Box::main"


@dataclass
class Entry:
    """A resource in the state; `pending` where only its delete is left to do."""

    id: str
    outputs: Wire
    inputs: Wire
    pending: bool = False


@dataclass
class Engine:
    """Pulumi's engine, as far as one resource sees it: what it calls, and when it writes its state."""

    warehouse: Warehouse
    state: list[Entry] = field(default_factory=list)
    in_doubt: bool = False
    """Whether the state may be wrong about what it holds, should the run be cut off now."""
    creating: bool = False
    """Whether a create was begun and not heard of again."""

    def is_replacing(self) -> bool:
        """Whether a replacement was begun and not finished."""
        return self.creating and bool(self.state)

    def up(self, wanted: Wire) -> None:
        """Bring the resource to its inputs; then delete what was replaced, in this run or an earlier one."""
        provider = self._started()
        live = next((entry for entry in self.state if not entry.pending), None)
        inputs, failures = provider.check(Subject(URN), live.inputs if live else {}, wanted)
        assert not failures
        if live is None:
            self._create(provider, inputs)
        else:
            subject = Subject(URN, live.id)
            difference = provider.diff(subject, live.outputs, inputs)
            if difference.replaces and difference.delete_before_replace:
                self._delete(provider, [live])
                self._create(provider, inputs)
            elif difference.replaces:
                self._create(provider, inputs)
                live.pending = True
            elif difference.changes:
                self.in_doubt = True
                live.outputs = provider.update(subject, live.outputs, inputs, preview=False)
                live.inputs = inputs
                self.in_doubt = False
        self._delete(provider, [entry for entry in self.state if entry.pending])

    def destroy(self) -> None:
        """Delete everything."""
        self._delete(self._started(), list(self.state))

    def refresh(self) -> None:
        """Take what is there for the state, as users are told to after a run that was cut off."""
        provider = self._started()
        for entry in list(self.state):
            found = provider.read(Subject(URN, entry.id), entry.outputs, entry.inputs)
            if found is None:
                self.state.remove(entry)
            elif not entry.pending:
                entry.inputs, entry.outputs = found.inputs, found.state

    def _started(self) -> KubewireProvider:
        kind = resource_in(self.warehouse)
        provider = KubewireProvider({kind.token(): kind}, FakeClock())
        provider.configure({})
        return provider

    def _create(self, provider: KubewireProvider, inputs: Wire) -> None:
        self.creating = True
        box_id, outputs = provider.create(Subject(URN), inputs, preview=False)
        self.state.append(Entry(box_id, outputs, inputs))
        self.creating = False

    def _delete(self, provider: KubewireProvider, entries: list[Entry]) -> None:
        for entry in entries:
            self.in_doubt = not entry.pending
            provider.delete(Subject(URN, entry.id), entry.outputs)
            self.state.remove(entry)
        self.in_doubt = False


SHAPES = st.sampled_from(["cube", "ball"])
COLOURS = st.sampled_from(["red", "blue"])
SHELVES = st.sampled_from([None, "low", "high"])
CUTS = st.integers(min_value=0, max_value=8)


class KilledAnywhere(RuleBasedStateMachine):
    """Whatever is cut off, a run that gets through leaves one finished box, or none."""

    def __init__(self) -> None:
        super().__init__()
        self.warehouse = Warehouse()
        self.engine = Engine(self.warehouse)
        self.wanted: Wire = {"shape": "cube", "colour": "red", "shelf": "low"}
        self.was_cut = False

    @precondition(lambda self: not self.engine.is_replacing())
    @rule(shape=SHAPES, colour=COLOURS, shelf=SHELVES)
    def edit(self, shape: str, colour: str, shelf: str | None) -> None:
        self.wanted = {"shape": shape, "colour": colour, "label": colour, **({"shelf": shelf} if shelf else {})}

    @rule(cut=CUTS, done=st.booleans())
    def killed_up(self, cut: int, done: bool) -> None:  # noqa: FBT001
        self._killed(lambda: self.engine.up(self.wanted), cut, done=done)

    @precondition(lambda self: not self.engine.is_replacing())
    @rule(cut=CUTS, done=st.booleans())
    def killed_destroy(self, cut: int, done: bool) -> None:  # noqa: FBT001
        self._killed(self.engine.destroy, cut, done=done)

    @rule(cut=CUTS, done=st.booleans())
    def up_with_a_lost_answer(self, cut: int, done: bool) -> None:  # noqa: FBT001
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

    def _rehearse(self, cut: int | None, error: BaseException | None = None, *, done: bool = False) -> None:
        self.warehouse.calls.clear()
        self.warehouse.before.clear()
        self.warehouse.after.clear()
        if cut is not None and error is not None:
            (self.warehouse.after if done else self.warehouse.before)[cut] = error


TestKilledAnywhere = KilledAnywhere.TestCase
TestKilledAnywhere.settings = settings(max_examples=1500, stateful_step_count=25, deadline=None)
