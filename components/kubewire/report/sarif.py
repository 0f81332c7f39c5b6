"""A review as SARIF 2.1.0, for code scanning: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from kubewire.prover.prove import Proof
from kubewire.prover.verdict import Broken, NotProven
from kubewire.report.escaping import plain
from kubewire.report.rendering import few, route
from kubewire.report.review import ExposureState, Review

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
EXPOSURE = "kubewire/exposure"


def sarif(review: Review, file: str) -> dict[str, Any]:
    """Give the document.

    Args:
        review: what is said.
        file: where to show it: the stack's file, relative to the repository.
    """
    rules: dict[str, dict[str, Any]] = {
        _id(proof): _rule(_id(proof), proof.title, f"{proof.title}. Otherwise: {proof.otherwise}.")
        for cluster in review.clusters
        for proof in cluster.properties
    }
    text = "Everything that outsiders newly reach is allowed by the policy, with a reason and until a day."
    rules[EXPOSURE] = _rule(EXPOSURE, "New exposures are allowed", text)
    order = {name: at for at, name in enumerate(rules)}
    results = [
        {
            "ruleId": rule,
            "ruleIndex": order[rule],
            "level": level,
            "message": {"text": plain(said)},
            "locations": [
                {"physicalLocation": {"artifactLocation": {"uri": file}, "region": {"startLine": 1}}},
            ],
            "partialFingerprints": {"kubewire/v1": _fingerprint(review.stack, rule, said)},
        }
        for rule, level, said in _results(review)
    ]
    driver = {
        "name": "kubewire",
        "semanticVersion": "0.1.0",
        "rules": list(rules.values()),
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}


def _results(review: Review) -> Iterator[tuple[str, str, str]]:
    for cluster in review.clusters:
        for proof in cluster.properties:
            said = f"Network {cluster.name}: {proof.title}"
            match proof.verdict:
                case Broken(witnesses=witnesses, count=count):
                    for witness in witnesses:
                        yield _id(proof), "error", "\n".join([f"{said}: {witness.summary}", *route(witness)])
                    if count > len(witnesses):
                        yield _id(proof), "error", f"{said}: {count - len(witnesses)} more like these"
                case NotProven(unknowns=unknowns):
                    level = "error" if review.strict else "note"
                    yield _id(proof), level, f"{said}: not proven, it depends on {few(unknowns)}"
        for one in cluster.exposures:
            if one.state in (ExposureState.DENIED, ExposureState.EXPIRED):
                yield EXPOSURE, "error", f"Network {cluster.name}: {one.text}: {one.sentence}"
            elif one.state is ExposureState.NO_POLICY:
                yield EXPOSURE, "warning", f"Network {cluster.name}: {one.text}: {one.sentence}"


def _id(proof: Proof) -> str:
    return f"kubewire/{proof.number:02}"


def _rule(name: str, short: str, full: str) -> dict[str, Any]:
    return {"id": name, "shortDescription": {"text": short}, "fullDescription": {"text": full}}


def _fingerprint(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
