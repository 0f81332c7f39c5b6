"""Who may open a connection: ranges of addresses, or everybody, written out."""

from __future__ import annotations

from enum import Enum
from ipaddress import IPv4Network
from typing import Annotated

from pydantic import AfterValidator

from kubewire.errors import InvalidInputError
from kubewire.model import Cidr


class Anywhere(Enum):
    """The whole internet. It is never a default and never hides in a range."""

    ANYWHERE = "anywhere"


ANYWHERE = Anywhere.ANYWHERE
WORLD = IPv4Network("0.0.0.0/0")
WIDEST = 8
"""The shortest prefix of a range: no one holds more, and a few wider ones together are everybody again."""


def _not_the_world(source: Anywhere | IPv4Network) -> Anywhere | IPv4Network:
    if source == WORLD:
        raise InvalidInputError("0.0.0.0/0 is everybody", detail="Write `anywhere` if that is what you mean.")
    if isinstance(source, IPv4Network) and source.prefixlen < WIDEST:
        detail = f"Write `anywhere` if you mean everybody, or ranges of /{WIDEST} and narrower."
        raise InvalidInputError(f"{source} is a large part of the internet", detail=detail)
    return source


Source = Annotated[Anywhere | Cidr, AfterValidator(_not_the_world)]


def range_of(source: Anywhere | IPv4Network) -> IPv4Network:
    """Give the addresses of a source."""
    return WORLD if isinstance(source, Anywhere) else source
