"""The annotations by which a program tells the plugin how to go about an object."""

from __future__ import annotations

from enum import StrEnum

from kubewire.local.kubernetes_plugin.objects import Object, metadata, section

PATIENCE_SECONDS = 600.0
"""How long the official plugin waits where nothing is said."""


class Annotation(StrEnum):
    """Those that the stand-in knows."""

    AUTONAMED = "pulumi.com/autonamed"
    DELETION_PROPAGATION = "pulumi.com/deletionPropagationPolicy"
    FIELD_MANAGER = "pulumi.com/patchFieldManager"
    PATCH_FORCE = "pulumi.com/patchForce"
    REPLACE_UNREADY = "pulumi.com/replaceUnready"
    SKIP_AWAIT = "pulumi.com/skipAwait"
    TIMEOUT_SECONDS = "pulumi.com/timeoutSeconds"
    WAIT_FOR = "pulumi.com/waitFor"


def value_of(annotation: Annotation, obj: Object) -> str:
    """Give an annotation's value; empty where it is not set, or not known yet."""
    value = section(metadata(obj), "annotations").get(annotation.value, "")
    return value if isinstance(value, str) else ""


def is_true(annotation: Annotation, obj: Object) -> bool:
    """Whether an annotation says "true"."""
    return value_of(annotation, obj).lower() == "true"


def patience(obj: Object) -> float:
    """Give the seconds that an object is waited for."""
    seconds = value_of(Annotation.TIMEOUT_SECONDS, obj)
    return float(seconds) if seconds.isdecimal() else PATIENCE_SECONDS
