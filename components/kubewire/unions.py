"""Tagged unions whose mistakes say which members there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, get_args

from pydantic import Field
from pydantic_core import core_schema

from kubewire.errors import InvalidInputError

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler


@dataclass(frozen=True)
class OneOf:
    """Marks a union of models that are told apart by one key: `Annotated[A | B, OneOf("kind")]`.

    Pydantic alone says of a missing key only that it's missing.
    """

    key: str = "kind"

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """Check the key before pydantic chooses by it."""
        names = [member.model_fields[self.key].default for member in get_args(source)]
        choices = f"{', '.join(names[:-1])} or {names[-1]}"
        union = handler(Annotated[source, Field(discriminator=self.key)])

        def check(given: Any) -> Any:
            if isinstance(given, Mapping):
                if self.key not in given:
                    raise InvalidInputError("required, but not given", detail=f"Write {choices}.", path=self.key)
                if given[self.key] not in names:
                    message = f"{given[self.key]!r} is no {self.key}"
                    raise InvalidInputError(message, detail=f"Write {choices}.", path=self.key)
            return given

        return core_schema.no_info_before_validator_function(check, union)
