"""Values that a plan leaves open."""

from __future__ import annotations

from typing import TypeVar, Union

from kubewire.model import Model

T = TypeVar("T")


class Unknown(Model):
    """A value that only the apply will know, or that nothing here says."""

    comes_from: str
    """What would say it, as a reader looks for it: `the address of interface node-a`."""

    def __str__(self) -> str:
        return self.comes_from


Known = Union[T, Unknown]  # noqa: UP007 - an alias with a parameter can't be written with a bar
"""A value, or what it would come from."""


def known(value: Known[T]) -> T | None:
    """Give the value, None where it is unknown."""
    return None if isinstance(value, Unknown) else value
