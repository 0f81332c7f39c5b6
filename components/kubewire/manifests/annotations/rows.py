"""What a table of annotations is made of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Said(Enum):
    """How an annotation is taken."""

    MAPPED = "mapped"
    """It becomes a field."""
    IMPLIED = "implied"
    """It says what is so here anyway."""
    WARNED = "warning"
    """Nothing here does that; traffic flows as it would, and a warning names it."""
    REFUSED = "error"
    """Nothing here does that, and without it other traffic would flow."""


@dataclass(frozen=True)
class Row:
    """One annotation, or one attribute in an annotation's value.

    Attributes:
        name: without what all of the table begin with. One that ends in `*` is every one that begins so.
        said: how it is taken.
        text: the field that it becomes, or the reason that it becomes none.
        instead: what to do; empty where there is nothing to do.
        fine: values that say what is so here anyway, whatever is said of the others.
    """

    name: str
    said: Said
    text: str
    instead: str = ""
    fine: frozenset[str] = frozenset()

    def covers(self, name: str) -> bool:
        """Whether it is this one's name."""
        return name.startswith(self.name[:-1]) if self.name.endswith("*") else name == self.name


def mapped(name: str, field: str) -> Row:
    """Make a row of what becomes a field."""
    return Row(name, Said.MAPPED, field)


def implied(name: str, why: str) -> Row:
    """Make a row of what needs no field."""
    return Row(name, Said.IMPLIED, why)


def warned(name: str, why: str, instead: str = "", *, fine: tuple[str, ...] = ()) -> Row:
    """Make a row of what can be done without."""
    return Row(name, Said.WARNED, why, instead, frozenset(fine))


def refused(name: str, why: str, instead: str, *, fine: tuple[str, ...] = ()) -> Row:
    """Make a row of what can't be done without."""
    return Row(name, Said.REFUSED, why, instead, frozenset(fine))


def find(rows: tuple[Row, ...], name: str) -> Row | None:
    """Give the row of a name; the longest of those that cover it."""
    return max((row for row in rows if row.covers(name)), key=lambda row: len(row.name), default=None)
