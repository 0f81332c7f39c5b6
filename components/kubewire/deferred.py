"""Values that are still to come.

The program holds an output there, a preview holds `UNKNOWN`, and an apply holds the value itself.
"""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import SerializerFunctionWrapHandler, ValidatorFunctionWrapHandler
from pydantic.functional_serializers import WrapSerializer
from pydantic.functional_validators import WrapValidator

T = TypeVar("T")


class Unknown:
    """The type of `UNKNOWN`: a value that only the apply will know."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = Unknown()


def is_deferred(value: object) -> bool:
    """Whether a value is still to come: `UNKNOWN`, or an output of the program (told by its `apply`)."""
    return isinstance(value, Unknown) or callable(getattr(value, "apply", None))


def _validate_unless_deferred(value: Any, validate: ValidatorFunctionWrapHandler) -> Any:
    return value if is_deferred(value) else validate(value)


def _serialize_unless_deferred(value: Any, serialize: SerializerFunctionWrapHandler) -> Any:
    return value if is_deferred(value) else serialize(value)


Later = Annotated[T, WrapValidator(_validate_unless_deferred), WrapSerializer(_serialize_unless_deferred)]
"""A value that another resource makes. Code that runs at apply time may take it as a plain `T`."""
