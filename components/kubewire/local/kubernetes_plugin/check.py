"""Check: defaults as the official plugin sets them, and what it would refuse."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kubewire.deferred import Unknown
from kubewire.errors import InvalidInputError
from kubewire.local.kubernetes_plugin.annotations import Annotation, is_true, value_of
from kubewire.local.kubernetes_plugin.kinds import API_VERSION, Target
from kubewire.local.kubernetes_plugin.naming import automatic_name
from kubewire.local.kubernetes_plugin.objects import Object, merged, metadata, section, without_nulls
from kubewire.provider.protocol import Subject, Wire

MANAGED_BY = "app.kubernetes.io/managed-by"
PULUMI = "pulumi"


def checked(
    subject: Subject, target: Target, old: Object, new: Object, namespace: str
) -> tuple[Wire, list[InvalidInputError]]:
    """Give inputs with their defaults, and what is wrong with them.

    Args:
        subject: the resource.
        target: what its token stands for.
        old: its inputs as last checked; empty for a new one.
        new: its inputs as the program has them.
        namespace: where objects lie whose program names no namespace.
    """
    inputs = {"apiVersion": API_VERSION, "kind": target.kind.name, **without_nulls(new)}
    failures = list(_faults(target, inputs))
    if failures or isinstance(inputs.get("metadata"), Unknown):
        return inputs, failures
    return merged(inputs, {"metadata": _defaults(subject, target, old, inputs, namespace)}), []


def _defaults(subject: Subject, target: Target, old: Object, new: Object, namespace: str) -> dict[str, Any]:
    given = metadata(new)
    defaults: dict[str, Any] = {}
    if not given.get("name"):
        known = metadata(old).get("name") if is_true(Annotation.AUTONAMED, old) else None
        defaults["name"] = known or automatic_name(subject)
        if not isinstance(given.get("annotations"), Unknown):
            defaults["annotations"] = {Annotation.AUTONAMED.value: "true"}
    if target.kind.namespaced and not given.get("namespace"):
        defaults["namespace"] = namespace
    # Server-side apply says itself who manages a field, so the label is kept alive only where it was set before.
    if section(metadata(old), "labels").get(MANAGED_BY) == PULUMI and not isinstance(given.get("labels"), Unknown):
        defaults["labels"] = {MANAGED_BY: PULUMI}
    return defaults


def _faults(target: Target, inputs: Object) -> Iterator[InvalidInputError]:
    for field, wanted in (("apiVersion", API_VERSION), ("kind", target.kind.name)):
        if inputs[field] != wanted:
            yield InvalidInputError(f"must be {wanted}", detail=f"Given: {inputs[field]!r}.", path=field)
    given = metadata(inputs)
    if given.get("generateName"):
        yield InvalidInputError(
            "is not supported by server-side apply",
            detail="Give a name, or none: then a unique one is made up.",
            path="metadata.generateName",
        )
    if target.patch and not given.get("name"):
        yield InvalidInputError("required: a patch changes an object that exists", path="metadata.name")
    for annotation in (Annotation.WAIT_FOR, Annotation.REPLACE_UNREADY):
        if value_of(annotation, inputs):
            yield InvalidInputError(
                "the embedded environment's kubernetes plugin does not know this annotation",
                detail=f"Remove it, or set {Annotation.SKIP_AWAIT} to wait for nothing.",
                path=f'metadata.annotations["{annotation}"]',
            )
