"""How the verbs of a resource are run, whatever the resource.

Nothing is doubled and nothing is lost: a create first looks for what an earlier run made and could not report, a call
whose answer was lost is looked into before it is made again, and an object that could not be finished keeps its id.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any, Generic, TypeVar

from kubewire.cloud.patience import trying_again
from kubewire.errors import (
    CloudError,
    InUseError,
    KubewireError,
    NotFoundError,
    OutcomeUnknownError,
    PartlyCreatedError,
)
from kubewire.model import Model
from kubewire.provider.diff import compare
from kubewire.resources.base import GONE, Cloud, Resource

T = TypeVar("T")
ArgsT = TypeVar("ArgsT", bound=Model)
StateT = TypeVar("StateT", bound=Model)
Wire = dict[str, Any]

VISIBLE_SECONDS = 60.0
"""How long a new object may take to show up in Describe calls."""
RELEASE_SECONDS = 600.0
"""How long what uses an object may take to go away; the interfaces of a load balancer take minutes."""
LOOKS = 4
"""How often a call with a lost answer, or on a reference that AWS doesn't see yet, is looked into and repeated."""
UNCLEAR_SECONDS = 300.0
"""How long to go on looking; a client tries as long by itself, so what it gave up is not tried anew."""

NOT_VISIBLE = "NotVisible"
"""A code of our own: a new object was waited for in vain."""

log = logging.getLogger(__name__)


class Lifecycle(Generic[ArgsT, StateT]):
    """Runs one resource's verbs."""

    def __init__(self, resource: Resource[ArgsT, StateT]) -> None:
        self._resource = resource
        self._cloud: Cloud = resource.cloud

    def create(self, args: ArgsT, taken: frozenset[str], *, look_first: bool = True) -> tuple[str, StateT]:
        """Find or make the object and finish it.

        Args:
            args: what it should be.
            taken: ids that the state already holds; a replacement is never the object that it replaces.
            look_first: whether an object of an earlier run may be taken over.

        Raises:
            PartlyCreatedError: it exists, unfinished.
            CloudError: it does not exist.
        """
        tries = count()

        def find_or_make() -> str:
            leftover = self._adopt(args, taken) if look_first or next(tries) else None
            return leftover or self._resource.create(args)

        object_id = self._again(find_or_make)
        return object_id, self._finish(object_id, args, lambda: self._visible(object_id, args))

    def update(self, object_id: str, old: StateT | None, args: ArgsT) -> StateT:
        """Bring the object to new inputs.

        Args:
            object_id: which object.
            old: the state that it is in, None to look.
            args: what it should be.

        Raises:
            PartlyCreatedError: some of it may have been done; carries the object as it is.
            NotFoundError: it's gone.
        """
        starts = iter([old])
        return self._finish(object_id, args, lambda: next(starts, None) or self._present(object_id, args))

    def read(self, object_id: str, known: ArgsT | None) -> StateT | None:
        """Give the object as it is; None if it's gone."""
        try:
            return self._resource.read(object_id, known)
        except NotFoundError:
            return None

    def delete(self, object_id: str, state: StateT) -> None:
        """Remove the object; one that's gone is fine, one still in use is waited for."""

        def may_pass(error: BaseException) -> bool:
            return isinstance(error, InUseError | OutcomeUnknownError)

        retrying = trying_again(self._cloud.clock, may_pass, seconds=RELEASE_SECONDS, first_wait=0.5)
        try:
            retrying(self._resource.delete, object_id, state)
        except NotFoundError:
            log.info("%s was gone already", object_id)

    def planned(self, args: Wire, old: Wire | None = None) -> Wire:
        """Give the state that an apply will end in, as far as it's known before."""
        return {**self._resource.foresee(old, args), **args}

    def _adopt(self, args: ArgsT, taken: frozenset[str]) -> str | None:
        """Find what an earlier run made. One that can't become what is wanted is removed: no state knows it."""
        for object_id in self._resource.find(args):
            if object_id in taken:
                continue
            state = self._settled(object_id, args)
            if state is None:
                continue
            if not compare(type(args), state.to_wire(), args.to_wire()).replaces:
                log.warning("%s was made by an earlier run that could not report it; going on with it", object_id)
                return object_id
            log.warning("%s was made by an earlier run with other inputs; removing it", object_id)
            self.delete(object_id, state)
        return None

    def _settled(self, object_id: str, args: ArgsT) -> StateT | None:
        """Give a leftover's state when it's there in full, None if it's gone meanwhile."""
        deadline = self._cloud.clock.time() + VISIBLE_SECONDS
        while (state := self.read(object_id, args)) is None and object_id in self._resource.find(args):
            if self._cloud.clock.time() > deadline:
                detail = "An earlier run made it. Look what became of it; delete it, and run again."
                raise NotFoundError(f"{object_id} does not show up", code=NOT_VISIBLE, operation="read", detail=detail)
            self._cloud.clock.sleep(1.0)
        return state

    def _finish(self, object_id: str, args: ArgsT, look: Callable[[], StateT]) -> StateT:
        try:
            return self._again(lambda: self._resource.converge(object_id, look(), args))
        except Exception as error:
            if isinstance(error, NotFoundError) and error.code == GONE:
                raise
            # Whatever it is, a bug of ours too: the engine must learn the id, or the object is lost to the stack.
            cause = error if isinstance(error, KubewireError) else KubewireError(str(error))
            raise PartlyCreatedError(cause, resource_id=object_id, state=self._last_known(object_id, args)) from error

    def _last_known(self, object_id: str, args: ArgsT) -> Mapping[str, Any]:
        try:
            state = self._resource.read(object_id, args)
        except Exception:  # noqa: BLE001 - the error that led here is the one to report
            state = None
        return state.to_wire() if state else args.to_wire()

    def _present(self, object_id: str, args: ArgsT) -> StateT:
        state = self.read(object_id, args)
        if state is None:
            detail = "Run `pulumi refresh`, then `pulumi up`: it will be made anew."
            raise NotFoundError(f"{object_id} is gone", code=GONE, operation="read", detail=detail)
        return state

    def _visible(self, object_id: str, args: ArgsT) -> StateT:
        deadline = self._cloud.clock.time() + VISIBLE_SECONDS
        while (state := self.read(object_id, args)) is None:
            if self._cloud.clock.time() > deadline:
                raise NotFoundError(f"{object_id} does not show up", code=NOT_VISIBLE, operation="read")
            self._cloud.clock.sleep(1.0)
        return state

    def _again(self, step: Callable[[], T]) -> T:
        def unclear(error: BaseException) -> bool:
            settled = isinstance(error, CloudError) and error.code in (GONE, NOT_VISIBLE)
            return isinstance(error, OutcomeUnknownError | NotFoundError) and not settled

        retrying = trying_again(
            self._cloud.clock,
            unclear,
            seconds=UNCLEAR_SECONDS,
            first_wait=1.0,
            enough=lambda _error, tries: tries >= LOOKS,
        )
        return retrying(step)
