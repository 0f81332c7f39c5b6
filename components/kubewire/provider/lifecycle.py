"""How the verbs of a resource are run, whatever the resource.

Nothing is doubled and nothing is lost: a create first looks for what an earlier run made and could not report, a call
whose answer was lost is looked into before it is made again, and an object that could not be finished keeps its id.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any, Generic, TypeVar, cast

from pydantic import ValidationError
from tenacity import Retrying, retry_if_exception, stop_after_attempt, stop_after_delay, wait_exponential_jitter

from kubewire.cloud.refusals import IN_USE
from kubewire.errors import CloudError, KubewireError, NotFoundError, OutcomeUnknownError, PartlyCreatedError
from kubewire.model import UNKNOWN, Model
from kubewire.provider.diff import compare
from kubewire.resources.base import Cloud, Resource

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

    def recall(self, object_id: str, wire: Wire, args: ArgsT | None) -> StateT | None:
        """Give the state that the engine kept. One of an unfinished object, or of an older kubewire, is read anew."""
        try:
            return cast("StateT", self._resource.State.model_validate(wire))
        except ValidationError:
            return self.read(object_id, args)

    def update(self, object_id: str, old: StateT | None, args: ArgsT) -> StateT:
        """Bring the object to new inputs.

        Raises:
            PartlyCreatedError: some of it may have been done; carries the object as it is.
        """
        starts = iter([old])
        return self._finish(object_id, args, lambda: next(starts, None) or self._visible(object_id, args))

    def read(self, object_id: str, known: ArgsT | None) -> StateT | None:
        """Give the object as it is; None if it's gone."""
        try:
            return self._resource.read(object_id, known)
        except NotFoundError:
            return None

    def delete(self, object_id: str, state: StateT) -> None:
        """Remove the object; one that's gone is fine, one still in use is waited for."""

        def in_use(error: BaseException) -> bool:
            return isinstance(error, CloudError) and error.code in IN_USE

        try:
            self._retrying(in_use, stop_after_delay(RELEASE_SECONDS))(self._resource.delete, object_id, state)
        except NotFoundError:
            log.info("%s was gone already", object_id)

    def planned(self, args: Wire, old: Wire | None = None) -> Wire:
        """Give the state that an apply will end in, as far as it's known before."""
        names = [field.alias or name for name, field in self._resource.State.model_fields.items()]
        inputs = {field.alias or name for name, field in self._resource.Args.model_fields.items()}
        known = old or {}
        return {**{name: known.get(name, UNKNOWN) for name in names if name not in inputs}, **args}

    def _adopt(self, args: ArgsT, taken: frozenset[str]) -> str | None:
        """Find what an earlier run made. One that can't become what is wanted is removed: no state knows it."""
        for object_id in self._resource.find(args):
            if object_id in taken:
                continue
            state = self.read(object_id, args)
            if state is None:
                continue
            if not compare(type(args), state.to_wire(), args.to_wire()).replaces:
                log.warning("%s was made by an earlier run that could not report it; going on with it", object_id)
                return object_id
            log.warning("%s was made by an earlier run with other inputs; removing it", object_id)
            self.delete(object_id, state)
        return None

    def _finish(self, object_id: str, args: ArgsT, look: Callable[[], StateT]) -> StateT:
        try:
            return self._again(lambda: self._resource.converge(object_id, look(), args))
        except (KubewireError, InterruptedError) as error:
            cause = error if isinstance(error, KubewireError) else KubewireError(str(error))
            raise PartlyCreatedError(cause, resource_id=object_id, state=self._last_known(object_id, args)) from error

    def _last_known(self, object_id: str, args: ArgsT) -> Mapping[str, Any]:
        try:
            state = self.read(object_id, args)
        except (KubewireError, InterruptedError):
            state = None
        return state.to_wire() if state else args.to_wire()

    def _visible(self, object_id: str, args: ArgsT) -> StateT:
        deadline = self._cloud.clock.time() + VISIBLE_SECONDS
        while (state := self.read(object_id, args)) is None:
            if self._cloud.clock.time() > deadline:
                raise NotFoundError(f"{object_id} does not show up", code="NotVisible", operation="read")
            self._cloud.clock.sleep(1.0)
        return state

    def _again(self, step: Callable[[], T]) -> T:
        def unclear(error: BaseException) -> bool:
            return isinstance(error, OutcomeUnknownError | NotFoundError)

        return self._retrying(unclear, stop_after_attempt(LOOKS))(step)

    def _retrying(self, again: Callable[[BaseException], bool], stop: Any) -> Retrying:
        return Retrying(
            retry=retry_if_exception(again),
            wait=wait_exponential_jitter(initial=0.5, max=15.0),
            stop=stop,
            sleep=self._cloud.clock.sleep,
            reraise=True,
        )
