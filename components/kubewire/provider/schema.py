"""The package's schema, as Pulumi reads it, from the models of resources and functions.

Its form: https://www.pulumi.com/docs/iac/guides/building-extending/packages/schema/
"""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import BaseModel

from kubewire.cloud.config import CloudConfig
from kubewire.functions.base import Function
from kubewire.functions.catalogue import FUNCTIONS
from kubewire.model import REPLACE, Model
from kubewire.resources.base import PACKAGE, Resource
from kubewire.resources.catalogue import RESOURCES

Json = dict[str, Any]
REPLACED_NOTE = "A change of it replaces the object."


def package_schema(version: str) -> Json:
    """Give the schema of the whole package."""
    types: Json = {}
    resources = {resource.token(): _resource(resource, types) for resource in RESOURCES}
    functions = {function.token(): _function(function, types) for function in FUNCTIONS}
    config = _properties(CloudConfig, types)
    return {
        "name": PACKAGE,
        "version": version,
        "displayName": "kubewire",
        "description": "A Kubernetes cluster's network on AWS.",
        "config": {"variables": config},
        "provider": {"description": "How to reach AWS and the cluster.", "inputProperties": config},
        "resources": resources,
        "functions": functions,
        "types": types,
    }


def _resource(resource: type[Resource[Any, Any]], types: Json) -> Json:
    return {
        "description": resource.__doc__,
        "inputProperties": _properties(resource.Args, types),
        "requiredInputs": _required(resource.Args),
        "properties": _properties(resource.State, types),
        "required": sorted(_wire_name(resource.State, name) for name in resource.State.model_fields),
    }


def _function(function: type[Function[Any, Any]], types: Json) -> Json:
    return {
        "description": function.__doc__,
        "inputs": _object(function.Args, types),
        "outputs": _object(function.Result, types),
    }


def _object(model: type[Model], types: Json) -> Json:
    return {"type": "object", "properties": _properties(model, types), "required": _required(model)}


def _wire_name(model: type[Model], name: str) -> str:
    return model.model_fields[name].alias or name


def _required(model: type[Model]) -> list[str]:
    return sorted(_wire_name(model, name) for name, field in model.model_fields.items() if field.is_required())


def _properties(model: type[Model], types: Json) -> Json:
    written = _json_schema(model)
    definitions = written.get("$defs", {})
    for name, definition in definitions.items():
        types.setdefault(f"{PACKAGE}:index:{name}", _definition(definition, definitions))
    replaced = model.marked(REPLACE)
    properties = {}
    for name, field in written.get("properties", {}).items():
        spec = _spec(field, definitions)
        if name in replaced:
            spec["description"] = f"{spec.get('description', '')} {REPLACED_NOTE}".strip()
            spec["willReplaceOnChanges"] = True
        properties[name] = spec
    return properties


@cache
def _json_schema(model: type[BaseModel]) -> Json:
    return model.model_json_schema(by_alias=True, mode="validation")


def _definition(definition: Json, definitions: Json) -> Json:
    description = definition.get("description", "")
    if "enum" in definition:
        values = [{"name": str(value), "value": value} for value in definition["enum"]]
        return {"type": definition["type"], "enum": values, "description": description}
    return {
        "type": "object",
        "description": description,
        "properties": {name: _spec(field, definitions) for name, field in definition.get("properties", {}).items()},
        "required": sorted(definition.get("required", [])),
    }


def _spec(field: Json, definitions: Json) -> Json:
    """Write one property; Pulumi knows fewer kinds than JSON Schema, and has no null."""
    spec = _type(field, definitions)
    if "const" in field:
        spec["const"] = field["const"]
    if "description" in field:
        spec["description"] = field["description"]
    return spec


def _type(field: Json, definitions: Json) -> Json:
    if "$ref" in field:
        return {"$ref": _reference(field["$ref"])}
    if "const" in field:
        return {"type": field.get("type", "string")}
    alternatives: list[Json] = field.get("anyOf") or field.get("oneOf") or []
    choices = [choice for choice in alternatives if choice.get("type") != "null"]
    if choices:
        kinds = [_type(choice, definitions) for choice in choices]
        return kinds[0] if len(kinds) == 1 else {"oneOf": kinds, **_discriminator(field)}
    match field.get("type"):
        case "array":
            return {"type": "array", "items": _type(field.get("items", {}), definitions)}
        case "object":
            patterns: Json = field.get("patternProperties") or {}
            values: Json = field.get("additionalProperties") or next(iter(patterns.values()), {})
            return {"type": "object", "additionalProperties": _type(values, definitions)}
        case "string" | "integer" | "number" | "boolean" as kind:
            return {"type": kind}
        case _:
            return {"$ref": "pulumi.json#/Any"}


def _discriminator(field: Json) -> Json:
    """Write which property of a union tells its members apart, where one does."""
    told: Json | None = field.get("discriminator")
    if told is None:
        return {}
    mapping = {value: _reference(reference) for value, reference in told["mapping"].items()}
    return {"discriminator": {"propertyName": told["propertyName"], "mapping": mapping}}


def _reference(definition: str) -> str:
    return f"#/types/{PACKAGE}:index:{definition.rpartition('/')[2]}"
