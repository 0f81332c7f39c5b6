"""What every typed description in kubewire is made of.

`Model` is the frozen base. A field's marks say what a change of it means; the provider's one diff and its schema
both read them, so that behaviour and documentation can't drift apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, ValidationError, WithJsonSchema
from pydantic.alias_generators import to_camel
from pydantic.functional_validators import AfterValidator, BeforeValidator

from kubewire.deferred import Later
from kubewire.docstrings import field_docstrings
from kubewire.errors import InvalidInputError
from kubewire.faults import faults

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

T = TypeVar("T")


class Mark(Enum):
    """What a change of a field means."""

    REPLACE = "a change replaces the object"
    REPLACE_KEPT = "a change of an entry that was there before replaces the object; one that comes or goes does not"
    UNIQUE = "AWS allows one object with these values together: a replacement that keeps them all deletes first"
    UNSETTLED = "of a state: while it says something, an update is due"


REPLACE, REPLACE_KEPT, UNIQUE, UNSETTLED = Mark.REPLACE, Mark.REPLACE_KEPT, Mark.UNIQUE, Mark.UNSETTLED


Network = IPv4Network | IPv6Network


def _without_host_bits(parse: Callable[..., Network]) -> BeforeValidator:
    def check(given: Any) -> Any:
        try:
            whole = parse(given, strict=False)
            parse(given)
        except ValueError as error:
            if "host bits" in str(error):
                detail = f"Write {whole} for the range that it lies in."
                raise InvalidInputError(f"{given} has host bits set", detail=detail) from error
        except TypeError:
            pass
        return given

    return BeforeValidator(check)


def _either(given: Any) -> Any:
    """Tell a range's family here: a union would say of a mistake what each family finds wrong with it."""
    try:
        # A number would be an address, a bare one: nobody writes ranges so.
        return ip_network(str(given) if isinstance(given, int) else given)
    except ValueError as error:
        detail = "Write `10.0.0.0/16` or `2001:db8::/56`."
        raise InvalidInputError(f"{given!r} is no range of addresses", detail=detail) from error


Cidr = Annotated[IPv4Network, _without_host_bits(IPv4Network), PlainSerializer(str)]
"""An IPv4 range without host bits, `10.0.0.0/16`."""

Cidr6 = Annotated[IPv6Network, _without_host_bits(IPv6Network), PlainSerializer(str)]
"""An IPv6 range without host bits, `2001:db8::/56`."""

AnyCidr = Annotated[
    Network,
    BeforeValidator(_either),
    _without_host_bits(ip_network),
    PlainSerializer(str),
    WithJsonSchema({"type": "string"}),
]
"""A range of either family, without host bits."""

PortNumber = Annotated[int, Field(ge=1, le=65535)]
"""A TCP or UDP port."""


def _free_tag_key(key: str) -> str:
    if key == "Name" or key.startswith(("aws:", "kubewire:")):
        raise InvalidInputError(f"the tag {key} is set by AWS or by kubewire itself", detail="Use another key.")
    return key


# Load balancers take no other characters in tags: EC2 does, so a network would be half made before AWS refuses.
# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Tag.html
TAG_TEXT = r"^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$"
TagKey = Annotated[str, Field(min_length=1, max_length=128, pattern=TAG_TEXT), AfterValidator(_free_tag_key)]
Tags = dict[TagKey, Annotated[str, Field(max_length=256, pattern=TAG_TEXT)]]
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
        ser_json_inf_nan="strings",
    )

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Describe each field, whichever of its names the schema has, by what is written below it."""
        schema = handler(core_schema)
        properties = handler.resolve_ref_schema(schema).get("properties", {})
        for name, text in field_docstrings(cls).items():
            for known in {name, cls.model_fields[name].alias} & properties.keys():
                properties[known].setdefault("description", text)
        return schema

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


class Described(Model):
    """What a user writes in Python: a mistake in it ends the program with its list of faults, without a stack trace."""

    def __init__(self, /, **given: Any) -> None:
        try:
            super().__init__(**given)
        except ValidationError as error:
            raise InvalidInputError.joined(faults(error, given), type(self).__name__) from None
