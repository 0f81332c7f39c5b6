"""What subnets a description comes to."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network

from kubewire.errors import InvalidInputError
from kubewire.network.layout import Carved, Role, Slot, carve, standard_layout
from kubewire.network.subnets import CarvedSubnets, ExistingSubnets
from kubewire.network.vpcs import ExistingVpc, NewVpc

Vpc = NewVpc | ExistingVpc
Subnets = CarvedSubnets | ExistingSubnets


def laid_out(vpc: Vpc, subnets: Subnets) -> list[tuple[str, IPv4Network, tuple[Slot, ...]]]:
    """Give every range that is laid out in subnets: the path of its layout's owner, the range, the slots."""
    ranges = []
    if isinstance(subnets, CarvedSubnets) and vpc.cidr:
        ranges.append(("subnets", vpc.cidr, subnets.layout or standard_layout(vpc.cidr)))
    for index, more in enumerate(vpc.secondary):
        before = sum(other.layout is None for other in vpc.secondary[:index])
        ranges.append((f"vpc.secondary[{index}]", more.cidr, more.slots(before)))
    return ranges


def carved_subnets(vpc: Vpc, subnets: Subnets, zones: Sequence[str]) -> list[Carved]:
    """Give the subnets to be made.

    Raises:
        InvalidInputError: slots don't fit.
    """
    carved = []
    own = isinstance(subnets, CarvedSubnets)
    for block, (path, cidr, slots) in enumerate(laid_out(vpc, subnets), start=0 if own else 1):
        try:
            carved += carve(cidr, zones, slots, block)
        except InvalidInputError as error:
            where = f"{path}.{error.path}"
            raise InvalidInputError(error.summary, detail=error.detail, path=where) from error
    return carved


def roles(vpc: Vpc, subnets: Subnets) -> frozenset[Role]:
    """Give what there are subnets for."""
    found = {slot.role for _, _, slots in laid_out(vpc, subnets) for slot in slots}
    if isinstance(subnets, ExistingSubnets):
        found |= {Role.PRIVATE} | ({Role.PUBLIC} if subnets.public else set())
    return frozenset(found - {Role.RESERVED})
