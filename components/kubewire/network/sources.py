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


def _not_the_world(source: Anywhere | IPv4Network) -> Anywhere | IPv4Network:
    if source == WORLD:
        raise InvalidInputError("0.0.0.0/0 is everybody", detail="Write `anywhere` if that is what you mean.")
    return source


Source = Annotated[Anywhere | Cidr, AfterValidator(_not_the_world)]


def range_of(source: Anywhere | IPv4Network) -> IPv4Network:
    """Give the addresses of a source."""
    return WORLD if isinstance(source, Anywhere) else source
