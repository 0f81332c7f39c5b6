"""How a set of network interfaces is described, and how it is seen."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Annotated

from pydantic import Field, PlainSerializer, model_validator

from kubewire.deferred import Later
from kubewire.errors import InvalidInputError
from kubewire.model import Model, Ref
from kubewire.resources.members import MemberName, SetArgs, SetState

MOST_GROUPS = 16
ROWS = "interfaces"


class Interface(Model):
    """One network interface."""

    subnet: Ref
    """The subnet that it is in. In another one it is another interface."""
    address: Annotated[IPv4Address | None, PlainSerializer(lambda it: str(it) if it else None)] = None
    """Its private address. Default: AWS chooses a free one."""
    ipv6: bool = False
    """Whether it has an address of the subnet's IPv6 range, too."""


class NetworkInterfacesArgs(SetArgs):
    """Inputs of a set of network interfaces."""

    interfaces: dict[MemberName, Interface] = {}
    """The interfaces, by their names."""
    security_groups: Annotated[dict[str, Later[str]], Field(min_length=1, max_length=MOST_GROUPS)]
    """The groups of each, name to id; one at least, or AWS would choose the VPC's default group."""
    source_dest_check: bool = True
    """Whether AWS drops packets that aren't from or to their own addresses. Off for whatever routes for pods."""

    @model_validator(mode="after")
    def _no_address_twice(self) -> NetworkInterfacesArgs:
        seen: dict[tuple[str, IPv4Address], str] = {}
        for name, row in self.interfaces.items():
            if row.address is None:
                continue
            other = seen.setdefault((row.subnet.name, row.address), name)
            if other != name:
                detail = "Give one of them another, or leave the choice to AWS."
                path = f'{ROWS}["{name}"].address'
                raise InvalidInputError(f"{row.address} is {other}'s already", detail=detail, path=path)
        return self


class NetworkInterfacesState(NetworkInterfacesArgs, SetState):
    """A set of network interfaces as it is. One that is on its way out, or too many, is listed under its id."""

    ids: dict[str, str]
    """The interfaces' ids, by their names."""
    addresses: dict[str, str]
    """Their private addresses, chosen or given."""
    ipv6_addresses: dict[str, str]
    """Their IPv6 addresses, of those that have one."""
