"""Which IPv4 ranges a VPC may have beside those that it has.

https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
"""

from __future__ import annotations

from ipaddress import IPv4Network, ip_network
from typing import Any, Final

from kubewire.local.aws.call import Call
from kubewire.local.aws.ec2.ranges import ipv4, vpc_ipv4
from kubewire.local.aws.refusal import Refusal

LARGEST: Final = 16
SMALLEST: Final = 28
_NO_HOSTS: Final = tuple(map(IPv4Network, ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4")))

_TEN: Final = IPv4Network("10.0.0.0/8")
_PRIVATE: Final = (_TEN, IPv4Network("172.16.0.0/12"), IPv4Network("192.168.0.0/16"))
_BENCHMARKS: Final = IPv4Network("198.19.0.0/16")
_APART: Final = (*_PRIVATE, _BENCHMARKS)
"""A VPC whose first range is in one of these can't have one in another; one whose first range is in none has none."""
_DEFAULTS: Final = IPv4Network("172.31.0.0/16")
_LOWEST: Final = IPv4Network("10.0.0.0/16")
_LOWEST_TWO: Final = IPv4Network("10.0.0.0/15")


def vpc_sized(given: str) -> IPv4Network:
    """A VPC's range as AWS reads it.

    Raises:
        Refusal: it is too large or too small, or no machine can have an address in it.
    """
    network = ipv4(given)
    if not LARGEST <= network.prefixlen <= SMALLEST or any(network.overlaps(one) for one in _NO_HOSTS):
        raise Refusal("InvalidVpc.Range", f"The CIDR '{given}' is invalid.")
    return network


def must_go_together(call: Call, vpc: Any, network: IPv4Network) -> None:
    """Make sure that a VPC may have a further range.

    Raises:
        Refusal: it overlaps one that is there, or AWS doesn't let it be with them, with routes, or with a peer.
    """
    present = vpc_ipv4(vpc)
    if any(network.overlaps(one) for one in present):
        raise Refusal("InvalidVpc.Range", f"The CIDR '{network}' conflicts with another CIDR block of the VPC.")
    if _restricted(network, IPv4Network(vpc.cidr_block, strict=False), present):
        raise Refusal(
            "InvalidVpc.Range",
            f"The CIDR '{network}' is restricted. Use a CIDR from the same private address range as the current VPC "
            "CIDR, or use a publicly-routable CIDR. For additional restrictions, see "
            "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html",
        )
    _beside_routes(call, vpc.id, network)
    _beside_peers(call, vpc.id, network)


def _restricted(network: IPv4Network, first: IPv4Network, present: list[IPv4Network]) -> bool:
    """Apply the table of restricted associations, whose rows are the kinds of a VPC's first range."""
    theirs = _kind(first)
    if _kind(network) not in (None, theirs):
        return True
    if theirs == _TEN and network.subnet_of(_LOWEST):
        return any(one.subnet_of(_LOWEST_TWO) for one in present)
    return theirs is not None and network.subnet_of(_DEFAULTS)


def _kind(network: IPv4Network) -> IPv4Network | None:
    return next((one for one in _APART if network.subnet_of(one)), None)


def _beside_routes(call: Call, vpc_id: str, network: IPv4Network) -> None:
    """Refuse what is as large as a route's destination, or larger: its local route would be less specific.

    The words are ours.
    """
    for table in call.ec2.route_tables.values():
        for route in table.routes if table.vpc_id == vpc_id else ():
            text = route.destination_cidr_block
            if text and not route.local and _within(text, network):
                raise Refusal("InvalidVpc.Range", f"The CIDR '{network}' conflicts with the route to {text}.")


def _beside_peers(call: Call, vpc_id: str, network: IPv4Network) -> None:
    """Refuse what overlaps a peer's range, and any while this VPC's own request for a peer is pending.

    The words are ours.
    """
    connections: Any = call.ec2.vpc_pcxs
    for connection in connections.values():
        ends = [connection.vpc, connection.peer_vpc]
        if vpc_id not in [end.id for end in ends]:
            continue
        state = connection.status["Code"]
        if state == "pending-acceptance" and connection.vpc.id == vpc_id:
            message = f"The VPC peering connection {connection.id} is pending. Wait for it, or delete it."
            raise Refusal("OperationNotPermitted", message)
        peer = next(end for end in reversed(ends) if end.id != vpc_id)
        if state == "active" and any(network.overlaps(one) for one in vpc_ipv4(peer)):
            message = f"The CIDR '{network}' conflicts with a CIDR block of the peer VPC {peer.id}."
            raise Refusal("InvalidVpc.Range", message)


def _within(text: str, network: IPv4Network) -> bool:
    return network.supernet_of(IPv4Network(ip_network(text, strict=False)))
