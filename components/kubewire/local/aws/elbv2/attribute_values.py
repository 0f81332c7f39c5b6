"""What values an attribute takes, and AWS's words about others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from kubewire.local.aws.refusal import Refusal

Allowed: TypeAlias = Callable[[str, str], None]


def one_of(*values: str) -> Allowed:
    """Only these."""

    def check(key: str, value: str) -> None:
        if value not in values:
            raise Refusal("ValidationError", f"'{key}' value '{value}' must be one of '{', '.join(values)}'")

    return check


def between(least: int, most: int) -> Allowed:
    """A number of a range."""

    def check(key: str, value: str) -> None:
        if not value.isdecimal() or not least <= int(value) <= most:
            message = f"'{key}' value '{value}' must be between '{least}-{most}' inclusive"
            raise Refusal("ValidationError", message)

    return check


def off_or_between(least: int, most: int) -> Allowed:
    """A number of a range, or none."""
    number = between(least, most)
    return lambda key, value: None if value == "off" else number(key, value)


def anything(_key: str, _value: str) -> None:
    """Every text."""


BOOLEAN: Final = one_of("true", "false")


def merged(
    what: str, present: Mapping[str, Any], changes: Sequence[Mapping[str, str]], known: Mapping[str, Allowed]
) -> dict[str, str]:
    """The attributes of something with changes.

    Raises:
        Refusal: a change names an attribute that isn't one, or names one twice, or gives it a value that it can't have.
    """
    keys = [change["Key"] for change in changes]
    for key in keys:
        if key not in known:
            raise Refusal("ValidationError", f"{what} attribute key '{key}' is not recognized")
        if keys.count(key) > 1:
            raise Refusal("ValidationError", f"{what} attribute key '{key}' is specified more than once")
    for change in changes:
        known[change["Key"]](change["Key"], change.get("Value", ""))
    return {**present, **{change["Key"]: change.get("Value", "") for change in changes}}


def listed(attributes: Mapping[str, Any]) -> list[dict[str, str]]:
    """Attributes as AWS writes them."""
    return [{"Key": key, "Value": str(value)} for key, value in attributes.items()]
