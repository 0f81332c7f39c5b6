"""What an import makes of an object."""

from __future__ import annotations

from kubewire.local.kubernetes_plugin.objects import Object, metadata, section

_SERVERS = frozenset({"creationTimestamp", "generation", "managedFields", "resourceVersion", "uid"})
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def importable(live: Object) -> Object:
    """Give of an object what a program can declare, to begin with."""
    kept = {key: value for key, value in metadata(live).items() if key not in _SERVERS}
    annotations = section(kept, "annotations")
    if _LAST_APPLIED in annotations:
        kept["annotations"] = {key: value for key, value in annotations.items() if key != _LAST_APPLIED}
    return {**{key: live[key] for key in ("apiVersion", "kind", "spec") if key in live}, "metadata": kept}
