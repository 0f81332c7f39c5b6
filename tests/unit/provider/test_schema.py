from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from kubewire.model import REPLACE
from kubewire.provider.schema import REPLACED_NOTE, package_schema
from kubewire.resources.catalogue import RESOURCES

SCHEMA = package_schema("1.2.3")
PRIMITIVES = {"string", "integer", "number", "boolean"}


def objects(node: object) -> Iterator[dict[str, Any]]:
    """Give every object in the schema."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from objects(value)
    elif isinstance(node, list):
        for value in node:
            yield from objects(value)


def test_is_json() -> None:
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA


def test_knows_every_resource() -> None:
    assert SCHEMA["resources"].keys() == {resource.token() for resource in RESOURCES}


def test_every_reference_leads_somewhere() -> None:
    references = {node["$ref"] for node in objects(SCHEMA) if "$ref" in node}
    known = {f"#/types/{name}" for name in SCHEMA["types"]} | {"pulumi.json#/Any"}
    assert references
    assert references <= known


def test_nothing_is_of_any_type() -> None:
    assert not [node for node in objects(SCHEMA["resources"]) if node.get("$ref") == "pulumi.json#/Any"]


def test_every_type_is_one_that_pulumi_knows() -> None:
    for node in objects(SCHEMA):
        kind = node.get("type")
        if isinstance(kind, str) and not isinstance(node.get("properties"), dict):
            assert kind in PRIMITIVES or (kind == "array" and "items" in node) or "additionalProperties" in node


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.__name__)
def test_says_what_replaces(resource: Any) -> None:
    inputs = SCHEMA["resources"][resource.token()]["inputProperties"]
    replacing = {name for name, spec in inputs.items() if spec.get("willReplaceOnChanges")}
    assert replacing == resource.Args.marked(REPLACE)
    assert all(inputs[name]["description"].endswith(REPLACED_NOTE) for name in replacing)


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.__name__)
def test_required_inputs_are_inputs_and_outputs_hold_all_inputs(resource: Any) -> None:
    spec = SCHEMA["resources"][resource.token()]
    assert set(spec["requiredInputs"]) <= spec["inputProperties"].keys() <= spec["properties"].keys()
    assert set(spec["required"]) <= spec["properties"].keys()
    assert spec["description"]


def test_two_types_of_one_name_are_one_type() -> None:
    seen: dict[str, Any] = {}
    for resource in RESOURCES:
        for model in (resource.Args, resource.State):
            for name, definition in model.model_json_schema(by_alias=True).get("$defs", {}).items():
                assert seen.setdefault(name, definition) == definition


def test_credentials_are_no_configuration() -> None:
    names = " ".join(SCHEMA["config"]["variables"]).lower()
    assert not [word for word in ("secret", "key", "token", "password") if word in names]
