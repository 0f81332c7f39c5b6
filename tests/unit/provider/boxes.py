"""A cloud of boxes in memory, which can be cut off at any call, and the resource that describes one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Annotated, ClassVar, TypeVar

from kubewire.cloud.aws import AwsCloud
from kubewire.cloud.clock import SystemClock
from kubewire.cloud.config import CloudConfig
from kubewire.errors import NotFoundError
from kubewire.model import REPLACE, UNIQUE, Model
from kubewire.resources.base import Owner, Resource

T = TypeVar("T")


class Killed(BaseException):
    """What a SIGKILL is to the code that it ends: nothing catches it."""


class FakeClock(SystemClock):
    """Time that passes when somebody waits."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        super().sleep(0)
        self.now += seconds

    def time(self) -> float:
        return self.now


@dataclass(frozen=True)
class Box:
    """A box as the cloud has it."""

    owner: Owner
    shape: str
    colour: str = "none"
    label: str = "none"


@dataclass
class Warehouse:
    """The cloud: its boxes, and what goes wrong at which of its calls."""

    boxes: dict[str, Box] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    before: dict[int, BaseException] = field(default_factory=dict)
    """Raised instead of making the call with this number."""
    after: dict[int, BaseException] = field(default_factory=dict)
    """Raised when the call with this number was carried out."""
    pending: dict[str, int] = field(default_factory=dict)
    """How many reads of a box see nothing yet."""
    _serial: count[int] = field(default_factory=count)

    def call(self, name: str, action: Callable[[], T]) -> T:
        """Carry out a call, as far as it gets."""
        number = len(self.calls)
        self.calls.append(name)
        if number in self.before:
            raise self.before[number]
        result = action()
        if number in self.after:
            raise self.after[number]
        return result

    def look(self, box_id: str) -> Box | None:
        """Give a box that is there in full."""
        left = self.pending.get(box_id, 0)
        self.pending[box_id] = max(left - 1, 0)
        return None if left else self.boxes.get(box_id)

    def add(self, box: Box) -> str:
        """Put a box there."""
        box_id = f"box-{next(self._serial)}"
        self.boxes[box_id] = box
        return box_id

    def change(self, box_id: str, *, colour: str | None = None, label: str | None = None) -> None:
        """Paint or label a box."""
        box = self._present(box_id, "boxes:ChangeBox")
        self.boxes[box_id] = replace(box, colour=colour or box.colour, label=label or box.label)

    def remove(self, box_id: str) -> None:
        """Take a box away."""
        self._present(box_id, "boxes:RemoveBox")
        del self.boxes[box_id]

    def _present(self, box_id: str, operation: str) -> Box:
        if box_id not in self.boxes:
            raise NotFoundError(f"no {box_id}", code="InvalidBoxID.NotFound", operation=operation)
        return self.boxes[box_id]


class BoxArgs(Model):
    """Inputs of a box."""

    shape: Annotated[str, REPLACE]
    shelf: Annotated[str | None, REPLACE, UNIQUE] = None
    colour: str = "none"
    label: str = "none"


class BoxState(BoxArgs):
    """A box as it is."""

    weight: int


class BoxResource(Resource[BoxArgs, BoxState]):
    """A box; painted and labelled in two calls, so that a change may be cut off between them."""

    Args, State = BoxArgs, BoxState
    warehouse: ClassVar[Warehouse]

    def find(self, args: BoxArgs) -> list[str]:  # noqa: ARG002 - as Resource says
        boxes = self.warehouse.boxes
        return self.warehouse.call("find", lambda: [key for key, box in list(boxes.items()) if box.owner == self.owner])

    def create(self, args: BoxArgs) -> str:
        return self.warehouse.call("create", lambda: self.warehouse.add(Box(self.owner, args.shape)))

    def read(self, object_id: str, known: BoxArgs | None) -> BoxState | None:  # noqa: ARG002 - as Resource says
        box = self.warehouse.call("read", lambda: self.warehouse.look(object_id))
        return BoxState(shape=box.shape, colour=box.colour, label=box.label, weight=7) if box else None

    def converge(self, object_id: str, old: BoxState, new: BoxArgs) -> BoxState:
        if new.colour != old.colour:
            self.warehouse.call("paint", lambda: self.warehouse.change(object_id, colour=new.colour))
        if new.label != old.label:
            self.warehouse.call("label", lambda: self.warehouse.change(object_id, label=new.label))
        return old.model_copy(update=dict(new))

    def delete(self, object_id: str, state: BoxState) -> None:  # noqa: ARG002 - as Resource says
        self.warehouse.call("remove", lambda: self.warehouse.remove(object_id))


def resource_in(warehouse: Warehouse) -> type[BoxResource]:
    """Give the resource of one warehouse's boxes."""
    return type("Box", (BoxResource,), {"warehouse": warehouse})


def box_cloud(clock: SystemClock) -> AwsCloud:
    """Give a cloud whose only working part is its clock."""
    return AwsCloud(CloudConfig(), clock)
