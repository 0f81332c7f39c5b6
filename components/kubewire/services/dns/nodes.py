"""Names with the addresses of nodes: which they are, and whether nodes have such."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from kubewire.deferred import UNKNOWN, Later
from kubewire.errors import InvalidInputError
from kubewire.network.args import ClusterNetworkArgs
from kubewire.network.nodes import DeclaredNodes, NodeSlots
from kubewire.network.parts.nodes import NodesPart
from kubewire.resources.record_rules import MOST_VALUES
from kubewire.services.dns.declare import Wanted
from kubewire.services.dns.description import NodeAddresses, NodeDns
from kubewire.services.dns.rows import node_rows
from kubewire.services.families import IPFamily


def check_node_dns(records: Sequence[NodeDns], network: ClusterNetworkArgs, path: str) -> None:
    """Refuse names with addresses that the nodes of a network don't have, as far as that is known before they are read.

    Args:
        records: the names.
        network: whose nodes are meant.
        path: where the Service stands.

    Raises:
        InvalidInputError: with the path of the name's field.
    """
    for index, record in enumerate(records):
        where = f"{path}.dns[{index}]"
        own = isinstance(network.nodes, DeclaredNodes | NodeSlots)
        if own and record.addresses is NodeAddresses.PUBLIC and IPFamily.IPV4 in record.ip_families:
            detail = "Their interfaces have addresses of the VPC alone. Use a load balancer, or `private`."
            raise InvalidInputError(
                "nodes of the stack have no public addresses", detail=detail, path=f"{where}.addresses"
            )
        if own and IPFamily.IPV6 in record.ip_families and not network.ipv6:
            place = record.ip_families.index(IPFamily.IPV6)
            detail = "Give its VPC and its subnets IPv6, or leave it out."
            raise InvalidInputError("the network has no IPv6", detail=detail, path=f"{where}.ipFamilies[{place}]")
        if own:
            _check_number(network.known_nodes, where)


def addresses_of(nodes: NodesPart, record: NodeDns, path: str) -> Mapping[IPFamily, Collection[Later[str]]]:
    """Give the addresses that a name has, by their families.

    Args:
        nodes: the nodes.
        record: the name.
        path: where it is described.

    Raises:
        InvalidInputError: a node has no such address, or there are more than a record has.
    """
    ipv4 = nodes.addresses if record.addresses is NodeAddresses.PRIVATE else nodes.public_addresses
    given = {IPFamily.IPV4: ipv4, IPFamily.IPV6: nodes.ipv6_addresses}
    for family in record.ip_families:
        _check_number(len(nodes.addresses), path)
        without = sorted(nodes.addresses.keys() - given[family].keys())
        if without:
            which = f"{record.addresses} " if family is IPFamily.IPV4 else ""
            detail = f"Clients would find some nodes, and not {', '.join(without[:3])}. Use a load balancer."
            message = f"{len(without)} nodes have no {which}{family} address"
            raise InvalidInputError(message, detail=detail, path=path)
    return {family: list(given[family].values()) for family in record.ip_families}


def node_records(
    records: Sequence[NodeDns], network: ClusterNetworkArgs, nodes: NodesPart | None, path: str
) -> Iterator[Wanted]:
    """Give the records of nodes' names.

    Args:
        records: the names.
        network: whose nodes are meant.
        nodes: the nodes; None while nobody has read or declared them.
        path: where the Service stands.

    Raises:
        InvalidInputError: nodes have no such addresses; or a name has no zone, or is too long.
    """
    check_node_dns(records, network, path)
    for index, record in enumerate(records):
        where = f"{path}.dns[{index}]"
        unknown: Later[str] = UNKNOWN  # type: ignore[assignment]  # what a preview has in the place of a value
        stand_in: Mapping[IPFamily, Collection[Later[str]]] = dict.fromkeys(IPFamily, (unknown,))
        addresses = addresses_of(nodes, record, where) if nodes else stand_in
        yield Wanted(record, node_rows(record, record.full_name(network.domain, where), addresses), where)


def _check_number(nodes: int, path: str) -> None:
    if nodes == 0:
        detail = "A name without an address is none. Add nodes, or leave it out."
        raise InvalidInputError("there are no nodes", detail=detail, path=path)
    if nodes > MOST_VALUES:
        detail = f"A record has {MOST_VALUES} addresses at most. Use a load balancer."
        raise InvalidInputError(f"{nodes} nodes", detail=detail, path=path)
