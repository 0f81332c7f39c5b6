"""A plan or a state, as a list of resources."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from kubewire.errors import InvalidInputError
from kubewire.prover.facts.unknown import Known, Unknown

GOING = frozenset(
    {"delete", "delete-replaced", "discard", "discard-replaced", "read-discard", "remove-pending-replace"}
)
"""Steps after which the object isn't there. https://www.pulumi.com/docs/iac/concepts/update-plans/"""
HIDDEN = {"same": "--show-sames", "read": "--show-reads"}
"""Steps that the engine leaves out of its JSON unless asked."""
COUNTED = ("create", "update", "replace", *HIDDEN)
"""Steps that lead to something: of each there must be as many as the plan's summary says."""
LEAVING = frozenset({"delete", "delete-replaced", "replace"})
"""Steps after which the former object is still there, if it is to be retained.
https://www.pulumi.com/docs/iac/concepts/resources/options/retainondelete/"""
AS_IT_IS = frozenset({"same", "refresh", "read"})
"""Steps that change nothing, so that what the object was is what it will be."""

AGAIN = "Run `pulumi preview --json --show-sames --show-reads` to its end, and give the prover all of its output."


@dataclass(frozen=True)
class Listed:
    """A resource as the engine knows it.

    Attributes:
        urn: what tells it from all others.
        kind: its type, `kubewire:index:Subnet`.
        name: its name in the stack.
        id: what AWS or Kubernetes calls it.
        inputs: what it was described by.
        outputs: what is known of it beside; empty for what is about to change.
        dependencies: the URNs of what its inputs come from.
        parent: the URN of the component that it is a part of; empty without one.
        is_object: whether it is an object somewhere, and no component.
        doubt: why nobody can tell whether it is there, or as what; empty for what is as described.
    """

    urn: str
    kind: str
    name: str
    id: Known[str]
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any] = field(default_factory=dict)
    dependencies: frozenset[str] = frozenset()
    parent: str = ""
    is_object: bool = True
    doubt: str = ""

    def __str__(self) -> str:
        return f"{self.kind.rpartition(':')[2]} {self.name}"


def read_plan(text: str) -> list[Listed]:
    """Read the output of `pulumi preview --json`.

    Raises:
        InvalidInputError: it is cut off, failed, leaves out unchanged resources, or is something else.
    """
    document = _parsed(text, "the plan")
    if "deployment" in document:
        raise InvalidInputError("this is a state, not a plan", detail=f"Give it with --state. {AGAIN}")
    steps = document.get("steps")
    if not isinstance(steps, list) or "changeSummary" not in document:
        raise InvalidInputError("this is no plan of Pulumi's", detail=AGAIN)
    said_too = document.get("diagnostics")
    for said in said_too if isinstance(said_too, list) else []:
        if isinstance(said, Mapping) and said.get("severity") == "error":
            # What the engine said may hold secrets, so it isn't repeated.
            raise InvalidInputError("the preview failed, so its plan is incomplete", detail=AGAIN)
    _complete(steps, document["changeSummary"])
    found: dict[str, Listed] = {}
    left: list[Listed] = []
    for step in steps:
        if not isinstance(step, Mapping):
            continue
        old = step.get("oldState")
        if isinstance(old, Mapping) and step.get("op") in LEAVING and old.get("retainOnDelete"):
            left.append(_doubted(old, "whose former object the apply leaves there"))
        if step.get("op") not in GOING:
            listed = _of_step(step)
            found[listed.urn] = listed
    return [*found.values(), *left]


def read_before(text: str) -> list[Listed]:
    """Read what the same output says there is before the apply; nothing of a stack that isn't there yet.

    Raises:
        InvalidInputError: as `read_plan`.
    """
    read_plan(text)
    found: dict[str, Listed] = {}
    for step in _parsed(text, "the plan")["steps"]:
        old = step.get("oldState") if isinstance(step, Mapping) else None
        if old is None and isinstance(step, Mapping) and step.get("op") == "same":
            old = step.get("newState")
        if isinstance(old, Mapping) and not old.get("delete"):
            listed = _of_resource(old, old)
            found[listed.urn] = listed
    return list(found.values())


def read_state(text: str) -> list[Listed]:
    """Read the output of `pulumi stack export`.

    Raises:
        InvalidInputError: it is cut off, or something else.
    """
    document = _parsed(text, "the state")
    if "steps" in document and "changeSummary" in document:
        raise InvalidInputError("this is a plan, not a state", detail="Give it with --plan.")
    deployment = document.get("deployment")
    if not isinstance(deployment, Mapping):
        detail = "Give the prover the whole output of `pulumi stack export`."
        raise InvalidInputError("this is no state of Pulumi's", detail=detail)
    rows = [row for row in deployment.get("resources") or [] if isinstance(row, Mapping)]
    begun = [row["resource"] for row in deployment.get("pending_operations") or []]
    return [*map(_in_state, rows), *(_doubted(row, "with which a run broke off") for row in begun)]


def _in_state(row: Mapping[str, Any]) -> Listed:
    if row.get("delete"):
        return _doubted(row, "whose former object is still to be deleted")
    if row.get("pendingReplacement"):
        return _doubted(row, "which is deleted, and not made anew yet")
    return _of_resource(row, row)


def _parsed(text: str, what: str) -> Mapping[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidInputError(f"{what} is no JSON: {error}", detail="It may be cut off. " + AGAIN) from None
    if not isinstance(document, Mapping):
        raise InvalidInputError(f"{what} is no JSON object", detail=AGAIN)
    if "format_version" in document or "terraform_version" in document:
        detail = "Give what `terraform show -json` prints with --terraform."
        raise InvalidInputError("this is Terraform's", detail=detail)
    return document


def _complete(steps: list[Any], summary: Any) -> None:
    """Refuse a plan that leaves out what it counts: nothing can be said of a network of which half is missing."""
    if not isinstance(summary, Mapping):
        raise InvalidInputError("the plan doesn't say what it counts", detail=AGAIN, path="changeSummary")
    for op in COUNTED:
        counted = summary.get(op) or 0
        listed = sum(1 for step in steps if isinstance(step, Mapping) and step.get("op") == op)
        if not isinstance(counted, int):
            raise InvalidInputError("it is no number", detail=AGAIN, path=f"changeSummary.{op}")
        if listed < counted:
            which = "that don't change" if op in HIDDEN else f"of which it counts the step {op}"
            why = f"It was made without `{HIDDEN[op]}`. " if op in HIDDEN else "It may be cut off. "
            raise InvalidInputError(f"the plan leaves out {counted - listed} resources {which}", detail=f"{why}{AGAIN}")


def _of_step(step: Mapping[str, Any]) -> Listed:
    new, old = step.get("newState"), step.get("oldState")
    if not isinstance(new, Mapping):
        raise InvalidInputError("a step without what it leads to", detail=AGAIN, path=str(step.get("urn")))
    same = step.get("op") in AS_IT_IS
    kept = {**(old if isinstance(old, Mapping) else {}), **new}
    was = old if isinstance(old, Mapping) and step.get("op") in AS_IT_IS | {"update"} else {}
    outputs = kept.get("outputs", {}) if same else {}
    return _of_resource(new, {"id": was.get("id"), **new, "outputs": outputs})


def _doubted(row: Mapping[str, Any], doubt: str) -> Listed:
    return replace(_of_resource(row, row), doubt=doubt)


def _of_resource(row: Mapping[str, Any], whole: Mapping[str, Any]) -> Listed:
    urn, kind = row.get("urn"), row.get("type")
    if not isinstance(urn, str) or not isinstance(kind, str):
        raise InvalidInputError("a resource without its URN and type", detail=AGAIN)
    name = "::".join(urn.split("::")[3:]) or urn
    by_property = row.get("propertyDependencies") or {}
    object_id = whole.get("id")
    return Listed(
        urn=urn,
        kind=kind,
        name=name,
        id=object_id if isinstance(object_id, str) and object_id else Unknown(comes_from=f"the id of {name}"),
        inputs=row.get("inputs") or {},
        outputs=whole.get("outputs") or {},
        dependencies=frozenset(urn for urns in by_property.values() for urn in urns or ()),
        parent=row.get("parent") or "",
        is_object=bool(row.get("custom")),
    )
