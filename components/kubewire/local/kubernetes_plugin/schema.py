"""The package's schema, as far as the stand-in goes; the official SDK that programs use is not made from it."""

from __future__ import annotations

from typing import Any

from kubewire.local.kubernetes_plugin.kinds import API_VERSION, TARGETS, Target
from kubewire.local.kubernetes_plugin.release import PACKAGE, VERSION

_ANYTHING = {"type": "object", "additionalProperties": {"$ref": "pulumi.json#/Any"}}


def package_schema() -> dict[str, Any]:
    """Give the schema that `pulumi package get-schema` shows."""
    return {
        "name": PACKAGE,
        "version": VERSION,
        "description": "A stand-in for Pulumi's kubernetes plugin, for kubewire's embedded environment.",
        "resources": {token: _resource(target) for token, target in TARGETS.items()},
    }


def _resource(target: Target) -> dict[str, Any]:
    inputs = {
        "apiVersion": {"type": "string", "const": API_VERSION},
        "kind": {"type": "string", "const": target.kind.name},
        "metadata": _ANYTHING,
        "spec": _ANYTHING,
    }
    return {
        "description": f"{'Fields of a' if target.patch else 'A'} {target.kind.name}.",
        "properties": {**inputs, "status": _ANYTHING},
        "required": ["apiVersion", "kind", "metadata"],
        "inputProperties": inputs,
    }
