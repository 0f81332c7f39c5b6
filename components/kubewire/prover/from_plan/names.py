"""Hosted zones and their records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from kubewire.prover.facts.services import (
    FailoverPolicy,
    OtherPolicy,
    Record,
    RoutingPolicy,
    SimplePolicy,
    WeightedPolicy,
    Zone,
)
from kubewire.prover.facts.unknown import Known, Unknown
from kubewire.prover.from_plan.document import Listed
from kubewire.prover.from_plan.index import Index, Sort
from kubewire.prover.from_plan.services import SERVICE, label_of
from kubewire.prover.from_plan.values import Values, is_open

OF_SERVICE = "service/"
"""Before the name of a Service in a record's marker, as external-dns writes it."""


def zones(index: Index, sets: Iterable[Listed], resources: Iterable[Listed]) -> tuple[Zone, ...]:
    """Give the zones, with the records of all owners that are declared; of those declared elsewhere, these alone."""
    labels = {listed.parent: label_of(listed) for listed in resources if listed.kind == SERVICE and listed.parent}
    balancers = {entry.listed.urn: key for key, entry in index.of(Sort.BALANCER)}
    records: defaultdict[str, list[Record]] = defaultdict(list)
    elsewhere: defaultdict[str, list[Record]] = defaultdict(list)
    for listed in sets:
        values = Values(str(listed), listed.inputs)
        pointer, parts = values.pointer("zone"), values.parts("records")
        key = index.key(Sort.ZONE, pointer, listed)
        told = _label(values) or labels.get(listed.parent)
        behind = [balancers[urn] for urn in sorted(listed.dependencies) if urn in balancers]
        for name, part in [] if isinstance(parts, Unknown) else parts:
            record = _record(name, part, told, behind[0] if len(behind) == 1 else None)
            if not isinstance(key, Unknown):
                records[key].append(record)
            elif not isinstance(pointer, Unknown):
                elsewhere[pointer.name].append(record)
    own = tuple(
        Zone(
            domain=entry.name,
            vpcs=tuple(index.key(Sort.VPC, pointer, entry.listed) for pointer in entry.values.pointers("vpcs")),
            records=tuple(records[key]),
        )
        for key, entry in index.of(Sort.ZONE)
    )
    others = (
        Zone(
            domain=domain,
            records=tuple(found),
            open_ends=(f"what else is in zone {domain}, which isn't declared here",),
        )
        for domain, found in elsewhere.items()
    )
    return (*own, *others)


def _label(values: Values) -> str | None:
    marker = values.inner("marker")
    resource = None if isinstance(marker, Unknown) else marker.fields.get("resource")
    marked = isinstance(resource, str) and resource.startswith(OF_SERVICE)
    return str(resource).removeprefix(OF_SERVICE) if marked else None


def _record(key: str, values: Values, label: str | None, balancer: str | None) -> Record:
    """Read a record; where its value isn't known, it is the name of the only load balancer that the set comes from."""
    name, kind, *_ = key.split(" ", maxsplit=2)
    said: list[Known[str]] = [
        Unknown(comes_from=f"the value of {key}") if is_open(value) else str(value) for value in values.items("values")
    ]
    alias = values.optional_text("dnsName")
    leads = [*said, *([alias] if alias is not None else [])]
    return Record(
        name=name,
        type=kind,
        values=tuple(said),
        alias=alias,
        balancer=balancer if any(isinstance(one, Unknown) for one in leads) else None,
        policy=_policy(values),
        service=label,
    )


def _policy(values: Values) -> RoutingPolicy:
    routing = values.inner("routing")
    fields: Mapping[str, object] = {} if isinstance(routing, Unknown) else routing.fields
    identifier = str(fields.get("setIdentifier"))
    match fields.get("kind"):
        case None:
            return SimplePolicy()
        case "weighted":
            return WeightedPolicy.model_validate({"set_identifier": identifier, "weight": fields.get("weight")})
        case "failover":
            return FailoverPolicy(set_identifier=identifier, primary=fields.get("role") == "PRIMARY")
        case _:
            return OtherPolicy(set_identifier=identifier)
