"""How a Service's description becomes its Kubernetes spec: every field says by its marks whether and how it's there.

A field of Kubernetes' own is so added in one place: declared with its type, and marked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic.fields import FieldInfo

from kubewire.model import Model


@dataclass(frozen=True)
class InSpec:
    """Marks a field that the Service's spec has.

    Attributes:
        entries: gives the spec's keys for the field's value. Default: one, the field's wire name.
        by_default: whether the default is written out too. Kubernetes has the same defaults, and fills them in.
    """

    entries: Callable[[Any], Mapping[str, Any]] | None = None
    by_default: bool = False


IN_SPEC = InSpec()
ALWAYS_IN_SPEC = InSpec(by_default=True)


def spec_of(args: Model) -> dict[str, Any]:
    """Write the spec of a Service, in Kubernetes' names."""
    wire = args.to_wire()
    spec: dict[str, Any] = {}
    for name, field in type(args).model_fields.items():
        mark = next((mark for mark in field.metadata if isinstance(mark, InSpec)), None)
        value = getattr(args, name)
        if mark is None or (not mark.by_default and _is_default(field, value)):
            continue
        key = field.alias or name
        spec |= mark.entries(value) if mark.entries else {key: wire[key]}
    return spec


def _is_default(field: FieldInfo, value: Any) -> bool:
    return not field.is_required() and bool(value == field.get_default())
