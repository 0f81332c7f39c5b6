"""What a property is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kubewire.prover.reach.network import Network
from kubewire.prover.verdict import Finding

Check = Callable[[Network], Iterator[Finding]]


@dataclass(frozen=True)
class Property:
    """Something that must hold in every cluster network.

    Attributes:
        number: by which it is referred to.
        title: what must hold.
        otherwise: what a user sees when it doesn't.
        check: yields what is wrong, and what isn't known.
        of_tables: whether it is about route tables alone, so that nodes which aren't known leave nothing open.
    """

    number: int
    title: str
    otherwise: str
    check: Check
    of_tables: bool = False
