"""The kubewire provider: the catalogue's resources, run by the lifecycle."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from pydantic import ValidationError

from kubewire.cloud.aws import AwsCloud
from kubewire.cloud.clock import SystemClock
from kubewire.cloud.config import CloudConfig
from kubewire.deferred import is_deferred
from kubewire.errors import InvalidInputError, PartlyCreatedError
from kubewire.faults import faults
from kubewire.forecast.planned import Planned
from kubewire.functions.base import Function
from kubewire.functions.catalogue import BY_TOKEN as FUNCTIONS
from kubewire.model import Model
from kubewire.provider.configuration import decoded, known
from kubewire.provider.diff import Difference, compare
from kubewire.provider.ledger import Ledger
from kubewire.provider.lifecycle import Lifecycle
from kubewire.provider.ownership import owner_of
from kubewire.provider.protocol import Found, Subject, Wire
from kubewire.provider.remembered import declared_in, remembered
from kubewire.provider.schema import package_schema
from kubewire.resources.base import TAGS_OF_AWS, Resource
from kubewire.resources.catalogue import BY_TOKEN
from kubewire.seen import Seen

KEPT = "%s was kept: it can't be told from one that an earlier run left. To replace it, add --refresh to --replace."
log = logging.getLogger(__name__)


class KubewireProvider:
    """Implements `kubewire.provider.protocol.Provider`."""

    def __init__(
        self,
        catalogue: Mapping[str, type[Resource[Any, Any]]] = BY_TOKEN,
        clock: SystemClock | None = None,
        functions: Mapping[str, type[Function[Any, Any]]] = FUNCTIONS,
    ) -> None:
        self.version = version("kubewire")
        self._catalogue = catalogue
        self._functions = functions
        self._cloud = AwsCloud(CloudConfig(), clock)
        self._ledger = Ledger()
        self._planned = Planned()
        self._seen = Seen()

    def schema(self) -> str:
        """Give the package's schema as JSON."""
        return json.dumps(package_schema(self.version))

    def check_config(self, old: Wire, config: Wire) -> tuple[Wire, list[InvalidInputError]]:
        """Give a configuration with its region and the id of its state, and what is wrong with it.

        The region becomes part of the state wherever it comes from. A run from an environment with another one then
        shows that it would replace everything, instead of finding nothing and making it again elsewhere. The id is
        drawn by the first run and kept ever after.
        """
        try:
            cloud = AwsCloud(CloudConfig.model_validate(known(decoded(config))))
            region = cloud.region()
        except ValidationError as error:
            return config, faults(error, decoded(config))
        except InvalidInputError as error:
            return config, [error]
        if region is None and not is_deferred(config.get("region")):
            detail = "Set `kubewire:region` in the stack's configuration, or AWS_REGION."
            return config, [InvalidInputError("no AWS region", detail=detail, path="region")]
        state_id = old.get("stateId") or secrets.token_hex(8)
        return {**({"region": region} if region else {}), "stateId": state_id, **config}, []

    def diff_config(self, old: Wire, new: Wire) -> Difference:
        """Compare two configurations."""
        before, after = decoded(old), decoded(new)
        if "region" not in before:
            # No region was known, so nothing was made in another one.
            before = {**before, **{key: value for key, value in after.items() if key == "region"}}
        return compare(CloudConfig, before, after)

    def configure(self, config: Wire) -> None:
        """Take a configuration. Clients are made at first use, so a preview without calls needs no credentials."""
        try:
            taken = CloudConfig.model_validate(decoded(config))
        except ValidationError as error:
            raise faults(error, decoded(config))[0] from error
        self._cloud = AwsCloud(taken, self._cloud.clock)
        # An engine configures before anything else: what an earlier one's run showed is no news of this one's state.
        self._ledger = Ledger()
        self._planned = Planned()
        self._seen = Seen()

    def check(self, subject: Subject, old: Wire, new: Wire) -> tuple[Wire, list[InvalidInputError]]:
        """Give inputs with their defaults, and what is wrong with them."""
        if old:
            self._ledger.declared(subject.urn)
        kind = self._kind(subject)
        try:
            args = kind.Args.model_validate(new)
        except ValidationError as error:
            return new, faults(error, new)
        if old and (refused := kind.refuse_change(old, args)):
            return new, refused
        if refused := self._resource(subject).refuse_present(old or None, args):
            return new, refused
        wire = args.to_wire()
        if "tags" in wire:
            wire["tags"] = {**self._cloud.config.default_tags, **wire["tags"]}
            if len(wire["tags"]) > kind.most_tags:
                detail = (
                    f"AWS takes {TAGS_OF_AWS}, some of them are kubewire's own. Those of `kubewire:defaultTags` count."
                )
                summary = f"{len(wire['tags'])} tags are too many, {kind.most_tags} fit"
                return new, [InvalidInputError(summary, detail=detail, path="tags")]
        self._seen.checked(subject.urn, wire)
        return wire, []

    def diff(self, subject: Subject, old: Wire, new: Wire) -> Difference:
        """Compare the state with new inputs."""
        self._ledger.held(subject)
        kind = self._kind(subject)
        difference = compare(kind.Args, old, new, kind.State)
        if not difference.replaces:
            self._seen.found(subject.urn, subject.id, {} if difference.changes else old)
        return difference

    def create(self, subject: Subject, inputs: Wire, *, preview: bool) -> tuple[str, Wire]:
        """Find or make an object.

        A replacement has the owner of what it replaces, so what the state holds must not be taken for a leftover: see
        the ledger. `pulumi up --replace` alone shows nothing of the state; then the old object is taken for the new
        one, and delete() leaves it alone.
        """
        lifecycle, kind = self._lifecycle(subject)
        if preview:
            self._note_calls(subject, None, inputs)
            return "", lifecycle.planned(inputs)
        taken, look = self._ledger.ids(subject.urn), self._ledger.tells_leftovers(subject.urn)
        try:
            object_id, state = lifecycle.create(_validated(kind, inputs), taken, look_first=look)
        except PartlyCreatedError as error:
            self._ledger.made(Subject(subject.urn, error.resource_id))
            raise
        self._ledger.made(Subject(subject.urn, object_id))
        made = state.to_wire()
        self._seen.found(subject.urn, object_id, made)
        return object_id, made

    def read(self, subject: Subject, state: Mapping[str, Any], inputs: Mapping[str, Any]) -> Found | None:
        """Give an object as it is; its inputs are what of the state can be declared."""
        self._ledger.held(subject)
        lifecycle, kind = self._lifecycle(subject)
        # A state says more than its inputs: whose the rows of a shared set are that AWS puts no tags on.
        declared = remembered(kind.State, {**state, **inputs}) or remembered(kind.Args, dict(inputs))
        if declared is None and state != inputs:
            # Neither an import nor a `Vpc.get(...)`, which know little or nothing of the object: a refresh.
            declared = declared_in(kind, {**state, **inputs})
        found = lifecycle.read(subject.id, declared)
        if found is None:
            return None
        wire = found.to_wire()
        names = [field.alias or name for name, field in kind.Args.model_fields.items()]
        return Found(subject.id, {name: wire[name] for name in names if name in wire}, wire)

    def update(self, subject: Subject, old: Wire, new: Wire, *, preview: bool) -> Wire:
        """Bring an object to new inputs."""
        lifecycle, kind = self._lifecycle(subject)
        before = remembered(kind.State, old)
        if preview:
            if before:
                # What another kubewire wrote, the apply looks up; what it finds, nobody knows.
                self._note_calls(subject, before, new)
            return lifecycle.planned(new, old)
        changed = lifecycle.update(subject.id, before, _validated(kind, new)).to_wire()
        self._seen.found(subject.urn, subject.id, changed)
        return changed

    def delete(self, subject: Subject, state: Wire) -> None:
        """Remove an object; but never one that this very run has made its new one."""
        if self._ledger.is_made(subject):
            log.warning(KEPT, subject.id)
            return
        lifecycle, kind = self._lifecycle(subject)
        last = remembered(kind.State, state) or lifecycle.read(subject.id, declared_in(kind, state))
        if last:
            lifecycle.delete(subject.id, last)

    def invoke(self, token: str, args: Wire) -> tuple[Wire, list[InvalidInputError]]:
        """Give a function's result, or what is wrong with its arguments: by their form, or by what is there."""
        function = self._functions.get(token)
        if function is None:
            detail = f"It has {', '.join(sorted(self._functions))}."
            raise InvalidInputError(f"kubewire has no function {token}", detail=detail)
        try:
            asked = function.Args.model_validate(args)
        except ValidationError as error:
            return {}, faults(error, args)
        try:
            return function(self._cloud, self._planned, self._seen).run(asked).to_wire(), []
        except InvalidInputError as error:
            return {}, [error]

    def cancel(self) -> None:
        """Stop waiting."""
        self._cloud.clock.cancel()

    def _note_calls(self, subject: Subject, old: Model | None, new: Wire) -> None:
        """Note what an apply will call; nothing of inputs that it will refuse for what is unknown in them."""
        kind = self._kind(subject)
        if args := remembered(kind.Args, new):
            self._planned.note(subject.urn, kind.calls(old, args))

    def _lifecycle(self, subject: Subject) -> tuple[Lifecycle[Model, Model], type[Resource[Model, Model]]]:
        return Lifecycle(self._resource(subject)), self._kind(subject)

    def _resource(self, subject: Subject) -> Resource[Model, Model]:
        return self._kind(subject)(self._cloud, owner_of(subject.urn, self._cloud.config.state_id))

    def _kind(self, subject: Subject) -> type[Resource[Model, Model]]:
        kind = self._catalogue.get(subject.token)
        if kind is None:
            detail = f"It has {', '.join(sorted(self._catalogue))}."
            raise InvalidInputError(f"kubewire has no resource type {subject.token}", detail=detail)
        return kind


def _validated(kind: type[Resource[Model, Model]], inputs: Wire) -> Model:
    """Read inputs at the apply: what was unknown when they were checked may be wrong now."""
    try:
        return kind.Args.model_validate(inputs)
    except ValidationError as error:
        raise faults(error, inputs)[0] from error
