"""What of a description needs to be written: what isn't so by default."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address
from typing import Any

from pydantic.fields import FieldInfo

from kubewire.model import Model

DISCRIMINATORS = ("type", "kind", "protocol")


def said(model: Model) -> Iterator[tuple[str, FieldInfo, Any]]:
    """Give the fields that are not as by default: name, field, value."""
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if field.is_required() or value != field.get_default(
            call_default_factory=True, validated_data=model.model_dump(exclude={name})
        ):
            yield name, field, value


def terse(model: Model) -> dict[str, Any]:
    """Give the wire form of a description without what is so by default; what tells it from others stays."""
    wire = model.to_wire()
    fields = type(model).model_fields
    # A port's protocol tells it from no other kind of port.
    kept = {
        name: fields[name].default for name in DISCRIMINATORS if name in fields and type(fields[name].default) is str
    }
    for name, field, value in said(model):
        alias = field.alias or name
        kept[alias] = _terse(plain(name, value), wire.get(alias))
    return kept


def plain(name: str, value: Any) -> Any:
    """Give a field's value as people write it: one address as one."""
    alone = name == "cluster_ip" and isinstance(value, tuple) and len(value) == 1
    return value[0] if alone else value


def _terse(value: Any, wire: Any) -> Any:
    if isinstance(value, IPv4Address | IPv6Address):
        return str(value)
    if isinstance(value, Model) and isinstance(wire, dict):
        return terse(value)
    if isinstance(value, tuple) and value and all(isinstance(item, Model) for item in value):
        return [terse(item) for item in value]
    return wire
