"""Tables of fields in `docs/services`: what the models say of them."""

from __future__ import annotations

import re
from enum import Enum
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

import kubewire
from kubewire.docstrings import field_docstrings

MODELS: dict[str, type[BaseModel]] = {
    "cluster-ip": kubewire.ClusterIPServiceArgs,
    "node-port": kubewire.NodePortServiceArgs,
    "load-balancer": kubewire.LoadBalancerServiceArgs,
    "external-name": kubewire.ExternalNameServiceArgs,
}
"""Whose fields a page has."""
WITHIN: dict[str, type[BaseModel]] = {
    "ports[]": kubewire.LoadBalancerServicePort,
    "ports[].tls": kubewire.Tls,
    "cname": kubewire.Cname,
}
"""What is in a field, by the way there; the ports of the other types have fewer of the same fields."""
ROW = re.compile(r"^\| `([^`]+)` \|.*$", re.MULTILINE)


def rewritten(name: str, text: str) -> str:
    """Write the rows of a page's table again; which fields it has is the page's choice."""
    return ROW.sub(lambda found: _row(name, found[1]), text)


def _row(name: str, way: str) -> str:
    above, _, last = way.rpartition(".")
    model = WITHIN[above] if above else MODELS[name]
    said = field_docstrings(model)[last].replace("\n", " ")
    first = re.split(r"(?<=[.;:])\s", said, maxsplit=1)[0].rstrip(".;:")
    return f"| `{way}` | {_default(model.model_fields[last], said)} | {first} |"


def _default(field: FieldInfo, said: str) -> str:
    if field.is_required():
        return "required"
    told = re.search(r"Default: (.+?)[.;](?:\s|$)", said)
    return told[1] if told else _said(field.get_default())


def _said(value: Any) -> str:
    """Write a value as people do."""
    if isinstance(value, Enum):
        return f"`{value.value}`"
    if isinstance(value, BaseModel):
        return f"`{type(value).__name__}()`"
    if value in ((), None):
        return "none"
    return f"`{value}`"
