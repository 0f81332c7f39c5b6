"""Every answer is checked against AWS's own description of the service, as it comes, before any SDK reads it.

An SDK ignores elements that it doesn't know and doesn't miss those that are required; this doesn't.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

from botocore.utils import parse_timestamp

from tests.integration.local.aws.json_wire import json_problems

OK = 300
# What AWS answers with, and its documentation of the member says, but the model's own list hasn't.
UNLISTED = {
    ("AttachmentStatus", "available"),
    ("NetworkInterfaceType", "nat_gateway"),
    # The model begins the states of endpoints with capitals; the filter on them doesn't, nor do answers.
    *(("State", state) for state in ("pending", "available", "deleting")),
}


def problems(model: Any, status: int, body: bytes) -> list[str]:
    """What is wrong with an answer to an operation; nothing, if all is well."""
    protocol = model.service_model.protocol
    if protocol == "json" and (body or model.output_shape is not None):
        return json_problems(model, body, failed=status >= OK)
    if status >= OK:
        return list(_error(protocol, _parsed(body)))
    if not body:
        return [] if model.output_shape is None or not _in_body(model.output_shape) else ["the answer is empty"]
    root = _parsed(body)
    if protocol == "rest-xml":
        return list(_walk(model.output_shape, root, _tag(root)))
    found = [] if _tag(root) == f"{model.name}Response" else [f"the root is {_tag(root)}"]
    if protocol == "ec2":
        identity = [child for child in root if _tag(child) == "requestId"]
        for child in identity:
            root.remove(child)
        found += [] if identity and identity[0].text else ["no requestId"]
        return found + list(_walk(model.output_shape, root, _tag(root)))
    by_tag = {_tag(child): child for child in root}
    found += [] if by_tag["ResponseMetadata"][0].text else ["no RequestId"]
    shape = model.output_shape
    result = by_tag.pop(shape.serialization["resultWrapper"]) if shape is not None else None
    return found + (list(_walk(shape, result, _tag(root))) if result is not None else [])


def _error(protocol: str, root: ET.Element) -> Iterator[str]:
    inner = root[0][0] if protocol == "ec2" else root[0]
    parts = {_tag(child): child.text for child in inner}
    outer = {_tag(child): child.text for child in root}
    if _tag(root) != ("Response" if protocol == "ec2" else "ErrorResponse"):
        yield f"the root of an error is {_tag(root)}"
    yield from (f"an error without {name}" for name in ("Code", "Message") if not parts.get(name))
    if not outer.get("RequestID" if protocol == "ec2" else "RequestId"):
        yield "an error without a request's id"


def _walk(shape: Any, node: ET.Element, path: str) -> Iterator[str]:
    if shape is None:
        yield from (f"{path}: unknown element {_tag(child)}" for child in node)
    elif shape.type_name == "structure":
        yield from _structure(shape, node, path)
    elif shape.type_name == "list":
        name = shape.member.serialization.get("name", "member")
        for child in node:
            if _tag(child) == name:
                yield from _walk(shape.member, child, f"{path}[]")
            else:
                yield f"{path}: {_tag(child)} instead of {name}"
    else:
        yield from _scalar(shape, node.text or "", path)


def _structure(shape: Any, node: ET.Element, path: str) -> Iterator[str]:
    children: dict[str, list[ET.Element]] = defaultdict(list)
    for child in node:
        children[_tag(child)].append(child)
    for name, member in shape.members.items():
        if member.serialization.get("location") or member.serialization.get("xmlAttribute"):
            continue
        flattened = member.type_name == "list" and member.serialization.get("flattened")
        tag = member.serialization.get("name", name)
        found = children.pop(tag, [])
        if not found and name in shape.required_members:
            yield f"{path}.{name} is missing"
        for child in found:
            yield from _walk(member.member if flattened else member, child, f"{path}.{name}")
        if len(found) > 1 and not flattened:
            yield f"{path}.{name} is there {len(found)} times"
    yield from (f"{path}: unknown element {tag}" for tag in children)


def _scalar(shape: Any, text: str, path: str) -> Iterator[str]:
    kind, enum = shape.type_name, getattr(shape, "enum", None)
    if kind in ("integer", "long") and not re.fullmatch(r"-?\d+", text):
        yield f"{path}: {text!r} is no number"
    if kind == "boolean" and text not in ("true", "false"):
        yield f"{path}: {text!r} is no boolean"
    if enum and text not in enum and (shape.name, text) not in UNLISTED:
        yield f"{path}: {text!r} is none of {enum}"
    if kind == "timestamp":
        try:
            parse_timestamp(text)
        except ValueError:
            yield f"{path}: {text!r} is no time"


def _in_body(shape: Any) -> bool:
    return any("location" not in member.serialization for member in shape.members.values())


def _parsed(body: bytes) -> ET.Element:
    return ET.fromstring(body)  # noqa: S314 - what our own server wrote


def _tag(node: ET.Element) -> str:
    return node.tag.rpartition("}")[2]
