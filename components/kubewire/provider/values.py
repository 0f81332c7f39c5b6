"""Property values as Pulumi's protocol writes them, and as Python reads them.

A protobuf Struct has one kind of number (a double) and no kind for *unknown* or *secret*: Pulumi writes those as
well-known strings. See https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/properties.go
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from google.protobuf.struct_pb2 import ListValue, Struct, Value

from kubewire.deferred import UNKNOWN, Unknown

UNKNOWN_VALUE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
UNKNOWN_VALUES = {
    UNKNOWN_VALUE,  # of a string, and of whatever a program leaves open
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # of a boolean
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # of a number
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # of a list
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # of an object
}
SIGNATURE_KEY = "4dabf18193072939515e22adb298388d"
SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a marker of the protocol, no secret


def read_struct(struct: Struct) -> dict[str, Any]:
    """Read a Struct: whole numbers become ints, unknowns `UNKNOWN`, secrets their plain value."""
    return {key: _read(value) for key, value in struct.fields.items()}


def _read(value: Value) -> Any:
    match value.WhichOneof("kind"):
        case "string_value":
            return UNKNOWN if value.string_value in UNKNOWN_VALUES else value.string_value
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "bool_value":
            return value.bool_value
        case "list_value":
            return [_read(item) for item in value.list_value.values]
        case "struct_value":
            fields = value.struct_value.fields
            if SIGNATURE_KEY in fields and fields[SIGNATURE_KEY].string_value == SECRET_SIGNATURE:
                return _read(fields["value"])
            return read_struct(value.struct_value)
        case _:
            return None


def write_struct(values: Mapping[str, Any]) -> Struct:
    """Write a mapping of strings, numbers, booleans, lists, mappings, None and `UNKNOWN`, nested freely."""
    struct = Struct()
    for key, value in values.items():
        struct.fields[str(key)].CopyFrom(_write(value))
    return struct


def _write(value: Any) -> Value:
    match value:
        case None:
            return Value(null_value=0)  # type: ignore[arg-type]  # the stub wants the enum, protobuf takes its number
        case Unknown():
            return Value(string_value=UNKNOWN_VALUE)
        case bool():
            return Value(bool_value=value)
        case int() | float():
            return Value(number_value=value)
        case str():
            return Value(string_value=value)
        case Mapping():
            return Value(struct_value=write_struct(value))
        case list() | tuple():
            return Value(list_value=ListValue(values=[_write(item) for item in value]))
        case _:
            msg = f"a {type(value).__name__} has no form on the wire"
            raise TypeError(msg)
