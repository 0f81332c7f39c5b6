"""What is broken in what a preview or an update makes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kubewire.deferred import Unknown
from kubewire.errors import InvalidInputError
from kubewire.functions.base import Function
from kubewire.model import Model
from kubewire.resources.base import PACKAGE
from kubewire.seen import SeenResource

if TYPE_CHECKING:
    # `pulumi up` loads the prover when it is asked, and never in the program's process.
    from kubewire.prover.facts.facts import Facts
    from kubewire.prover.from_plan.document import Listed
    from kubewire.prover.prove import Proof

CLUSTER = f"{PACKAGE}:network:ClusterNetwork"
SERVICE = "kubernetes:core/v1:Service"
UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""How the engine writes a value that it doesn't know yet."""


class RegisteredResource(Model):
    """A resource that the engine has answered for."""

    urn: str
    """What tells it from all others."""
    parent: str = ""
    """The URN of the component that it is a part of."""
    inputs: str | None = None
    """What it was registered with, as JSON, with the engine's own word for unknown values. None for the provider's own
    resources: their inputs are those that the engine gave it."""


class GetProofArgs(Model):
    """Whose properties: those of a network, and of all that was declared for it."""

    resources: tuple[RegisteredResource, ...]
    """The network and its parts, Services and their parts: every one that the proof is to count with."""


class BrokenProperty(Model):
    """A property that doesn't hold."""

    number: int
    """Its number in the list of properties."""
    title: str
    """What must hold."""
    otherwise: str
    """What users see when it doesn't."""
    count: int
    """How many things are wrong."""
    witness: str
    """The first of them: a packet, with every hop up to where it ends."""
    component: str
    """The URN of the component that it concerns."""


class GetProofResult(Model):
    """What was found."""

    broken: tuple[BrokenProperty, ...] = ()
    """What is broken, in order."""
    not_told: str | None = None
    """Why nothing could be told."""


class GetProof(Function[GetProofArgs, GetProofResult]):
    """Proves what the engine is about to do, or has done, by the inputs that it gave. It asks nobody.

    What isn't proven stays unsaid: before an apply that is much, and `kubewire prove` lists it.
    """

    Args, Result = GetProofArgs, GetProofResult

    def run(self, args: GetProofArgs) -> GetProofResult:
        from kubewire.prover.from_plan.facts import from_resources  # noqa: PLC0415 - most runs never ask
        from kubewire.prover.prove import prove  # noqa: PLC0415 - as above

        own = [item.urn for item in args.resources if item.inputs is None]
        seen = {item.urn: item for item in self.seen.of(own)}
        if missing := [urn for urn in own if urn not in seen]:
            # `--target` leaves the others as they are, and says nothing of them.
            return GetProofResult(not_told=f"{len(missing)} resources are no part of this run")
        try:
            facts = from_resources([_listed(item, seen.get(item.urn)) for item in args.resources])
            proofs = prove(facts)
        except InvalidInputError as error:
            return GetProofResult(not_told=str(error))
        except Exception as error:  # noqa: BLE001 - what only looks must not make an update fail that is done
            return GetProofResult(not_told=f"the prover failed by a {type(error).__name__}, which is a bug of its own")
        services = _services(facts, args.resources)
        rows = (_broken(proof, services, args.resources) for proof in proofs)
        return GetProofResult(broken=tuple(row for row in rows if row is not None))


def _listed(item: RegisteredResource, seen: SeenResource | None) -> Listed:
    from kubewire.prover.facts.unknown import Unknown as Open  # noqa: PLC0415 - most runs never ask
    from kubewire.prover.from_plan.document import Listed  # noqa: PLC0415 - as above

    kind, name = kind_of(item.urn), "::".join(item.urn.split("::")[3:])
    inputs = _written(seen.inputs) if seen else json.loads(item.inputs or "{}")
    return Listed(
        urn=item.urn,
        kind=kind,
        name=name,
        id=(seen.id if seen else None) or Open(comes_from=f"the id of {name}"),
        inputs=inputs,
        outputs=_written(seen.outputs) if seen else {},
        parent=item.parent,
        is_object=seen is not None or not kind.startswith(f"{PACKAGE}:"),
    )


def kind_of(urn: str) -> str:
    """Give a resource's own type: a URN has those of the components around it, too."""
    return urn.split("::")[2].rpartition("$")[2]


def _written(value: Any) -> Any:
    """Write values as the engine writes them into a plan."""
    match value:
        case Unknown():
            return UNKNOWN_TEXT
        case Mapping():
            return {key: _written(item) for key, item in value.items()}
        case list() | tuple():
            return [_written(item) for item in value]
        case _:
            return value


def _services(facts: Facts, resources: tuple[RegisteredResource, ...]) -> dict[str, str]:
    """Give the URN of a Service's component by the words for it in witnesses: its label, and its load balancer."""
    found: dict[str, str] = {}
    for item in resources:
        if kind_of(item.urn) == SERVICE:
            metadata = json.loads(item.inputs or "{}").get("metadata") or {}
            found[f"{metadata.get('namespace')}/{metadata.get('name')}"] = item.parent
    return {**found, **{one.name: found[one.service] for one in facts.load_balancers if one.service in found}}


def _broken(proof: Proof, services: dict[str, str], resources: tuple[RegisteredResource, ...]) -> BrokenProperty | None:
    if proof.verdict.verdict != "broken":
        return None
    witness = proof.verdict.witnesses[0]
    words = [word.strip(",;:.'\"()") for word in f"{witness.summary} {witness.source} {witness.destination}".split()]
    clusters = [item.urn for item in resources if kind_of(item.urn) == CLUSTER]
    own = next((urn for urn in clusters if urn.endswith(f"::{proof.cluster}")), "")
    return BrokenProperty(
        number=proof.number,
        title=proof.title,
        otherwise=proof.otherwise,
        count=proof.verdict.count,
        witness=str(witness),
        component=next((services[word] for word in words if word in services), own),
    )
