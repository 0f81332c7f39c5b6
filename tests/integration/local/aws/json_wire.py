"""The check of `wire` for services that speak JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

KINDS = {"string": str, "boolean": bool, "integer": int, "long": int, "double": float}


def json_problems(model: Any, body: bytes, *, failed: bool) -> list[str]:
    """What is wrong with an answer to an operation; nothing, if all is well."""
    answer = json.loads(body)
    if failed:
        # The model says Message, the protocol message; clients read both.
        said = {name.lower() for name, value in answer.items() if value}
        return [f"an error without {name}" for name in ("__type", "message") if name not in said]
    return list(_walk(model.output_shape, answer, model.name))


def _walk(shape: Any, value: Any, path: str) -> Iterator[str]:
    if shape.type_name == "structure":
        yield from (f"{path}: unknown member {name}" for name in value.keys() - shape.members.keys())
        yield from (f"{path}.{name} is missing" for name in set(shape.required_members) - value.keys())
        for name in value.keys() & shape.members.keys():
            yield from _walk(shape.members[name], value[name], f"{path}.{name}")
    elif shape.type_name == "list":
        for item in value:
            yield from _walk(shape.member, item, f"{path}[]")
    elif type(value) is not KINDS[shape.type_name]:
        yield f"{path}: {value!r} is no {shape.type_name}"
    elif getattr(shape, "enum", None) and value not in shape.enum:
        yield f"{path}: {value!r} is none of {shape.enum}"
