"""Inputs and states as the engine kept them: by this kubewire, by an older or newer one, or of something unfinished."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import ValidationError

from kubewire.errors import InvalidInputError
from kubewire.faults import faults
from kubewire.found import FOUND
from kubewire.model import Model
from kubewire.provider.protocol import Wire
from kubewire.resources.base import Resource

ModelT = TypeVar("ModelT", bound=Model)


def remembered(model: type[ModelT], wire: Wire) -> ModelT | None:
    """Read inputs or a state, None if this kubewire can't; fields that it doesn't know are passed over."""
    try:
        return _read(model, wire)
    except ValidationError:
        return None


def declared_in(kind: type[Resource[Any, Any]], wire: Wire) -> Model:
    """Read the inputs from what the engine kept; they say which rows of a shared set are ours.

    Raises:
        InvalidInputError: another kubewire wrote them, and this one can't tell what they mean.
    """
    try:
        return _read(kind.Args, wire)
    except ValidationError as error:
        fault = faults(error, wire)[0]
        detail = f"{fault.summary}. Run the kubewire that wrote it, or let go of it with `pulumi state delete`."
        message = f"the state of this {kind.__name__} can't be read by this kubewire"
        raise InvalidInputError(message, detail=detail, path=fault.path) from error


def _read(model: type[ModelT], wire: Wire) -> ModelT:
    names = {field.alias or name for name, field in model.model_fields.items()}
    return model.model_validate({name: value for name, value in wire.items() if name in names}, context=FOUND)
