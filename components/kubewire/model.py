"""What every typed description in kubewire is made of.

`Model` is the frozen base. A field's marks say what a change of it means; the provider's one diff and its schema
both read them, so that behaviour and documentation can't drift apart. `Later` is a value that another resource
makes: the program holds an output there, a preview holds `UNKNOWN`, and an apply holds the value itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from functools import cache
from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, SerializerFunctionWrapHandler, ValidationError
from pydantic.alias_generators import to_camel, to_snake
from pydantic.functional_serializers import WrapSerializer
from pydantic.functional_validators import AfterValidator, WrapValidator

from kubewire.errors import InvalidInputError

T = TypeVar("T")


class Mark(Enum):
    """What a change of a field means."""

    REPLACE = "a change replaces the object"
    UNIQUE = "AWS allows one object with these values together: a replacement that keeps them all deletes first"


REPLACE, UNIQUE = Mark.REPLACE, Mark.UNIQUE


class Unknown:
    """The type of `UNKNOWN`: a value that only the apply will know."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = Unknown()


def is_deferred(value: object) -> bool:
    """Whether a value is still to come: `UNKNOWN`, or an output of the program (told by its `apply`)."""
    return isinstance(value, Unknown) or callable(getattr(value, "apply", None))


def _validate_unless_deferred(value: Any, validate: Any) -> Any:
    return value if is_deferred(value) else validate(value)


def _serialize_unless_deferred(value: Any, serialize: SerializerFunctionWrapHandler) -> Any:
    return value if is_deferred(value) else serialize(value)


Later = Annotated[T, WrapValidator(_validate_unless_deferred), WrapSerializer(_serialize_unless_deferred)]
"""A value that another resource makes. Code that runs at apply time may take it as a plain `T`."""

Cidr = Annotated[IPv4Network, PlainSerializer(str)]
"""An IPv4 range without host bits, `10.0.0.0/16`."""

PortNumber = Annotated[int, Field(ge=1, le=65535)]
"""A TCP or UDP port."""


def _free_tag_key(key: str) -> str:
    if key == "Name" or key.startswith(("aws:", "kubewire:")):
        raise InvalidInputError(f"the tag {key} is set by AWS or by kubewire itself", detail="Use another key.")
    return key


TagKey = Annotated[str, Field(min_length=1, max_length=128), AfterValidator(_free_tag_key)]
Tags = dict[TagKey, Annotated[str, Field(max_length=256)]]
"""Tag keys to values; `aws:` is Amazon's and `kubewire:` is ours."""


class Model(BaseModel):
    """A frozen description without unknown keys; camelCase on the wire, snake_case in Python."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        validate_default=True,
        arbitrary_types_allowed=True,
        use_attribute_docstrings=True,
        ser_json_inf_nan="strings",
    )

    def to_wire(self) -> dict[str, Any]:
        """Give the description under its wire names, without the fields that are None; keys of mappings are strings."""
        wire: dict[str, Any] = _plain(self.model_dump(by_alias=True, exclude_none=True))
        return wire

    @classmethod
    @cache
    def marked(cls, mark: Mark) -> frozenset[str]:
        """Give the wire names of the fields that bear a mark."""
        return frozenset(field.alias or name for name, field in cls.model_fields.items() if mark in field.metadata)


def _plain(value: Any) -> Any:
    """Write enums, tuples and the keys of mappings as the wire has them, so that two forms of one value compare."""
    match value:
        case Mapping():
            return {str(_plain(key)): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case Enum():
            return value.value
        case _:
            return value


if TYPE_CHECKING:
    ModelT = TypeVar("ModelT", bound=Model)


class Ref(Model):
    """Another object, by the name that people read and the id that AWS takes.

    The id of an object that doesn't exist yet is unknown in a preview; its name never is.
    """

    name: str
    id: Later[str]


NEEDS_QUOTES = set(' ."[]')


def dotted(location: Sequence[int | str]) -> str:
    """Write a pydantic location as a path: `nodes[2].zone`, `records["www.example.com A"].ttl`."""
    path = ""
    for part in location:
        if isinstance(part, int):
            path = _below(path, f"[{part}]")
        else:
            path = _below(path, f'["{part}"]' if NEEDS_QUOTES & set(part) else part)
    return path


def _below(path: str, part: str) -> str:
    return f"{path}.{part}" if path and part and not part.startswith("[") else path + part


def faults(error: ValidationError, given: object = None) -> list[InvalidInputError]:
    """Turn a validation error into one clear error for each field at fault.

    Args:
        error: what pydantic says.
        given: what it was asked to validate. With it, paths say no more than the user wrote.
    """
    items = error.errors(include_url=False)
    # Pydantic doesn't count an item at fault, and then calls its list too short as well.
    at_fault = {item["loc"][:-1] for item in items} | {item["loc"][:-2] for item in items}
    kept = [
        item
        for item in items
        # Nor does it know a default that follows from a field at fault; that field's own fault says it all.
        if item["type"] != "default_factory_not_called" and (item["type"] != "too_short" or item["loc"] not in at_fault)
    ]
    return [_fault(dict(item), given) for item in kept]


def _place(location: Sequence[int | str], given: object, *, missing: bool) -> Sequence[int | str]:
    """Leave out of a location what the user didn't write: the names of a union's members, and `[key]`."""
    if given is None:
        return location
    place: list[int | str] = []
    for position, part in enumerate(location):
        if isinstance(given, Mapping):
            known = next((key for key in (part, to_snake(str(part))) if key in given), None)
            if known is None and not (missing and position == len(location) - 1):
                continue
            given = given.get(known) if known is not None else None
        elif isinstance(given, Sequence) and not isinstance(given, str) and isinstance(part, int):
            given = given[part] if part < len(given) else None
        else:
            break
        place.append(part)
    return place


def _fault(item: Mapping[str, Any], whole: object) -> InvalidInputError:
    path = dotted(_place(item["loc"], whole, missing=item["type"] == "missing"))
    cause = item.get("ctx", {}).get("error")
    if isinstance(cause, InvalidInputError):
        return InvalidInputError(cause.summary, detail=cause.detail, path=_below(path, cause.path))
    if item["type"] == "extra_forbidden":
        return InvalidInputError("unknown key", detail="Remove it, or correct its spelling.", path=path)
    if item["type"] == "missing":
        return InvalidInputError("required, but not given", path=path)
    if item["type"] == "union_tag_not_found":
        return InvalidInputError("required, but not given", path=_below(path, item["ctx"]["discriminator"].strip("'")))
    given = item.get("input")
    if is_deferred(given):
        return InvalidInputError("must be known before the apply", detail="Write the value itself here.", path=path)
    shown = f"Given: {given!r}." if isinstance(given, str | int | float | bool) else ""
    return InvalidInputError(str(item["msg"]).removeprefix("Value error, "), detail=shown, path=path)
