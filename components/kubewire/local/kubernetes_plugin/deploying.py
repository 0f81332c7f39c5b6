"""Making, changing, reading and removing one object."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Final

from lightkube.types import CascadeType
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

from kubewire.errors import KubewireError, NotFoundError, PartlyCreatedError, RefusedError
from kubewire.local.kubernetes_plugin.annotations import Annotation, value_of
from kubewire.local.kubernetes_plugin.applying import applied, relinquish, take_back
from kubewire.local.kubernetes_plugin.byhand import is_touched
from kubewire.local.kubernetes_plugin.checkpoint import Checkpoint
from kubewire.local.kubernetes_plugin.cluster import Cluster
from kubewire.local.kubernetes_plugin.diff import difference
from kubewire.local.kubernetes_plugin.kinds import Target
from kubewire.local.kubernetes_plugin.objects import Address, Object, has_unknown, metadata, pruned
from kubewire.local.kubernetes_plugin.ownership import Ledger, Standing, field_manager
from kubewire.local.kubernetes_plugin.preview import DryRun
from kubewire.local.kubernetes_plugin.reading import importable
from kubewire.local.kubernetes_plugin.refusals import NoNamespaceError
from kubewire.local.kubernetes_plugin.waiting import Patience
from kubewire.provider.protocol import Subject, Wire
from kubewire.resources.base import Clock

_ATTEMPTS: Final = 5
_CASCADES: Final = {"orphan": CascadeType.ORPHAN, "background": CascadeType.BACKGROUND}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Deployment:
    """One resource's object, and how it is brought about.

    Attributes:
        subject: the resource.
        target: what its token stands for.
        cluster: where.
        ledger: what this run has seen of the state.
        clock: for waiting.
        force: whether to take fields from other managers.
        upsert: whether to take over what somebody else has made.
    """

    subject: Subject
    target: Target
    cluster: Cluster
    ledger: Ledger
    clock: Clock
    force: bool
    upsert: bool

    def plan_create(self, inputs: Object) -> Wire:
        """Say what will be known of a new object.

        Raises:
            RefusedError: it can't be made.
        """
        # A predecessor that the state holds is deleted first: its Diff demands it where both can't exist together.
        occupied = self.ledger.occupied(self.subject)
        dry_run = self._dry_run(inputs)
        match self._standing(inputs):
            case Standing.FOREIGN:
                raise self._exists(inputs)
            case Standing.HELD:
                return dry_run.of_replacement(inputs, occupied)
            case _ if occupied:
                return dry_run.of_replacement(inputs, occupied)
            case _:
                return dry_run.of_create(inputs)

    def create(self, inputs: Object) -> tuple[str, Wire]:
        """Make an object, or take over what an earlier run made and could not note; give its id and state.

        Raises:
            PartlyCreatedError: it exists, and is not ready.
            KubewireError: it does not exist.
        """
        match self._standing(inputs):
            case Standing.FOREIGN | Standing.HELD:
                raise self._exists(inputs)
            case Standing.LEFTOVER:
                self._take_over(inputs)
        manager = field_manager(self.subject, inputs)
        # The namespace may be on its way: programs name it without waiting for it.
        again = Retrying(
            retry=retry_if_exception_type(NoNamespaceError),
            wait=wait_exponential(),
            stop=stop_after_attempt(_ATTEMPTS),
            sleep=self.clock.sleep,
            reraise=True,
        )
        live = again(applied, self.cluster, self.target.kind, inputs, manager, force=self.force)
        address = Address.of(live)
        self.ledger.note_made(self.subject, address)
        return str(address), self._ready(Checkpoint(inputs, live, manager))

    def plan_update(self, old: Checkpoint, inputs: Object) -> Wire:
        """Say what will be known of an object once it is brought to new inputs.

        Raises:
            RefusedError: the server would not take them.
        """
        touched = not self.target.patch and is_touched(self._live(inputs) or {})
        return self._dry_run(inputs, old.field_manager).of_update(inputs, old.live, touched=touched)

    def update(self, old: Checkpoint, inputs: Object) -> Wire:
        """Bring an object to new inputs; give its state.

        Raises:
            PartlyCreatedError: it was changed, and is not ready.
        """
        manager = field_manager(self.subject, inputs, old.field_manager)
        if not self.target.patch:
            take_back(self.cluster, self.target.kind, Address.of(inputs), manager)
        live = applied(self.cluster, self.target.kind, inputs, manager, force=self.force)
        state = self._ready(Checkpoint(inputs, live, manager))
        if old.field_manager not in ("", manager):
            relinquish(self.cluster, self.target.kind, Address.of(live), old.field_manager)
        return state

    def read(self, address: Address, known: Checkpoint | None) -> Checkpoint | None:
        """Give an object as it is; None if it is gone.

        Args:
            address: where it lies.
            known: what the state has of it; None in an import, where all that can be declared becomes an input.
        """
        live = self.cluster.get(self.target.kind, address)
        if live is None:
            return None
        inputs = pruned(live, known.inputs) if known else importable(live)
        return Checkpoint(inputs, live, field_manager(self.subject, inputs, known.field_manager if known else ""))

    def delete(self, address: Address, state: Checkpoint) -> None:
        """Remove an object and wait until it is gone. A patch gives up its fields instead."""
        if self.target.patch:
            relinquish(self.cluster, self.target.kind, address, state.field_manager)
            return
        if self.ledger.was_made(self.subject, address):
            log.warning("%s %s is in use by its successor and stays", self.target.kind.name, address)
            return
        self._remove(address, state.inputs)

    def _remove(self, address: Address, inputs: Object) -> None:
        cascade = _CASCADES.get(value_of(Annotation.DELETION_PROPAGATION, inputs).lower(), CascadeType.FOREGROUND)
        try:
            self.cluster.delete(self.target.kind, address, cascade)
        except NotFoundError:
            return
        Patience(self.cluster, self.clock).until_gone(self.target.kind, address, inputs)

    def _standing(self, inputs: Object) -> Standing | None:
        """Say what lies where an object is to be made; None if nothing does, or it may be taken anyway."""
        if self.target.patch or self.upsert:
            return None
        live = self._live(inputs)
        return None if live is None else self.ledger.standing(self.subject, live)

    def _live(self, inputs: Object) -> Object | None:
        """Give what lies at an object's address; None if nothing does, or if a preview doesn't know the address."""
        place = [metadata(inputs).get(key) for key in ("name", "namespace")]
        return None if has_unknown(place) else self.cluster.get(self.target.kind, Address.of(inputs))

    def _take_over(self, inputs: Object) -> None:
        """Keep a leftover, unless it can't become what is wanted now."""
        address = Address.of(inputs)
        live = self._live(inputs)
        if live is None:
            return
        log.warning("%s %s was made by an earlier run that could not note it", self.target.kind.name, address)
        if difference(self.target, Checkpoint(inputs, live, ""), inputs).replaces:
            self._remove(address, inputs)

    def _ready(self, made: Checkpoint) -> Wire:
        kind, address = self.target.kind, Address.of(made.live)
        try:
            live = Patience(self.cluster, self.clock).until_ready(kind, made.live, made.inputs)
        except (KubewireError, InterruptedError) as error:
            cause = error if isinstance(error, KubewireError) else KubewireError(f"{kind.name} {address}: {error}")
            raise PartlyCreatedError(cause, resource_id=str(address), state=made.to_wire()) from error
        return Checkpoint(made.inputs, live, made.field_manager).to_wire()

    def _dry_run(self, inputs: Object, noted: str = "") -> DryRun:
        manager = field_manager(self.subject, inputs, noted)
        return DryRun(self.cluster, self.target.kind, manager, force=self.force)

    def _exists(self, inputs: Object) -> RefusedError:
        kind = self.target.kind
        return RefusedError(
            f'resource {Address.of(inputs)} was not created: {kind.plural} "{Address.of(inputs).name}" already exists',
            code="AlreadyExists",
            operation="kubernetes:create",
            detail=_EXISTS,
        )


_EXISTS = (
    "To rename a resource, give it an alias. To adopt the object, use `pulumi import`. To manage some of its fields "
    "only, use a Patch resource. To overwrite it, set `upsertExistingObjects` on the provider."
)
