"""The addresses of a load balancer: AWS chooses them, or they are written down, one for each zone."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv4Network
from typing import Annotated, Literal

from pydantic import Field, PlainSerializer

from kubewire.deferred import Later, is_deferred
from kubewire.errors import InvalidInputError
from kubewire.model import Described
from kubewire.network.args import ClusterNetworkArgs
from kubewire.network.layout import Role
from kubewire.network.names import ZoneName
from kubewire.network.nodes import NodeSlots
from kubewire.network.slots import FIRST_ADDRESS
from kubewire.resources.balancer_addresses import SubnetAddress
from kubewire.resources.network_load_balancer import Scheme
from kubewire.unions import OneOf

FIRST_FREE = 4
"""AWS keeps the first four addresses of a subnet and the last one:
https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html"""

AllocationId = Annotated[str, Field(pattern=r"^eipalloc-[0-9a-f]{8,17}$")]
Private = Annotated[IPv4Address, PlainSerializer(str)]


class ChosenAddresses(Described):
    """AWS chooses an address in each zone. They may change with the load balancer; its name leads to them."""

    kind: Literal["chosen"] = "chosen"


class ElasticAddresses(Described):
    """Elastic addresses of the account, which stay whatever becomes of the load balancer. For internet-facing ones."""

    kind: Literal["elastic"] = "elastic"
    allocation_ids: Annotated[dict[ZoneName, Later[AllocationId]], Field(min_length=1)]
    """Zone to the address in it, `eipalloc-…`; one for each zone of the network."""


class PrivateAddresses(Described):
    """Addresses of the zones' own subnets. For internal ones."""

    kind: Literal["private"] = "private"
    addresses: Annotated[dict[ZoneName, Private], Field(min_length=1)]
    """Zone to the address in it, of the subnet that nodes are in; one for each zone of the network."""


Addresses = Annotated[ChosenAddresses | ElasticAddresses | PrivateAddresses, OneOf()]
"""Which addresses clients find a load balancer at."""


def in_subnets(addresses: Addresses, subnets: Mapping[str, str]) -> dict[str, SubnetAddress]:
    """Give the addresses by subnet.

    Args:
        addresses: by zone.
        subnets: zone to the name of the subnet in it.
    """
    match addresses:
        case ElasticAddresses(allocation_ids=ids):
            return {subnets[zone]: SubnetAddress(allocation_id=allocation) for zone, allocation in ids.items()}
        case PrivateAddresses(addresses=own):
            return {subnets[zone]: SubnetAddress(private_ipv4=address) for zone, address in own.items()}
        case _:
            return {}


def by_path(addresses: Addresses) -> dict[str, str]:
    """Give the addresses that are written and known, each with its path in the load balancer's options."""
    match addresses:
        case ElasticAddresses(allocation_ids=ids):
            return {f'addresses.allocationIds["{zone}"]': one for zone, one in ids.items() if not is_deferred(one)}
        case PrivateAddresses(addresses=own):
            return {f'addresses.addresses["{zone}"]': str(address) for zone, address in own.items()}
        case _:
            return {}


def check_zones(addresses: Addresses, scheme: Scheme, network: ClusterNetworkArgs, path: str) -> None:
    """Refuse addresses that the load balancer can't have in the network. Raises InvalidInputError.

    Args:
        addresses: what is written.
        scheme: who reaches the load balancer.
        network: where it stands.
        path: where they are written.
    """
    match addresses:
        case ElasticAddresses(allocation_ids=ids):
            if scheme is Scheme.INTERNAL:
                detail = "Elastic addresses are the internet's. Write `private` ones, or make it `internet-facing`."
                raise InvalidInputError("an internal one has none", detail=detail, path=f"{path}.kind")
            _check_keys(ids, network, f"{path}.allocationIds")
            _check_once(ids, f"{path}.allocationIds")
        case PrivateAddresses(addresses=own):
            if scheme is Scheme.INTERNET_FACING:
                detail = "Its clients come over the internet. Write `elastic` ones, or make it `internal`."
                raise InvalidInputError("an internet-facing one has none", detail=detail, path=f"{path}.kind")
            _check_keys(own, network, f"{path}.addresses")
            _check_private(own, network, f"{path}.addresses")


def _check_keys(zones: Mapping[str, object], network: ClusterNetworkArgs, path: str) -> None:
    for zone in zones:
        if zone not in network.zones:
            detail = f"It has {', '.join(network.zones)}."
            raise InvalidInputError(f"the network has no zone {zone}", detail=detail, path=f'{path}["{zone}"]')
    if missing := [zone for zone in network.zones if zone not in zones]:
        detail = "The load balancer has an address in each zone: write all of them, or none."
        raise InvalidInputError(f"none for {', '.join(missing)}", detail=detail, path=path)


def _check_once(ids: Mapping[str, str], path: str) -> None:
    holders: dict[str, str] = {}
    for zone, allocation in ids.items():
        if not is_deferred(allocation) and holders.setdefault(allocation, zone) != zone:
            detail = "An address is in one zone."
            raise InvalidInputError(f"{holders[allocation]} has it", detail=detail, path=f'{path}["{zone}"]')


def _check_private(own: Mapping[str, IPv4Address], network: ClusterNetworkArgs, path: str) -> None:
    for zone, address in own.items():
        cidr = subnet_of(network, zone, network.node_role)
        if cidr is None:
            continue
        where = f'{path}["{zone}"]'
        if address not in cidr:
            detail = f"The subnet of {zone} is {cidr}."
            raise InvalidInputError(f"{address} is not in it", detail=detail, path=where)
        if address < cidr[FIRST_FREE] or address == cidr.broadcast_address:
            detail = f"Choose one from {cidr[FIRST_FREE]} to {cidr[-2]}."
            raise InvalidInputError(f"AWS keeps {address} for itself", detail=detail, path=where)
        slots = network.nodes.zones.get(zone, 0) if isinstance(network.nodes, NodeSlots) else 0
        if 0 <= (place := int(address) - int(cidr[FIRST_ADDRESS])) < slots:
            detail = f"Slots have those from {cidr[FIRST_ADDRESS]} on. Choose one below, or near the range's end."
            raise InvalidInputError(f"slot-{zone}-{place} has {address}", detail=detail, path=where)


def subnet_of(network: ClusterNetworkArgs, zone: str, role: Role) -> IPv4Network | None:
    """Give the range of a zone's first subnet of a role; None where that isn't the network's own to say."""
    return next((one.cidr for one in network.carved if (one.zone, one.role, one.index) == (zone, role, 0)), None)
