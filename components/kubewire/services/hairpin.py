"""The hairpin trap: a client on a node that it is itself sent to.

The load balancer leaves its own address out of the packet, so it comes back with a source that is this very machine's,
and is dropped: connections time out, sometimes. An internet-facing one is left by way of a NAT gateway, whose address
is another.
https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-troubleshooting.html#loopback-timeout
"""

from __future__ import annotations

from kubewire.network.args import ClusterNetworkArgs
from kubewire.network.range_checks import declared_ranges
from kubewire.network.sources import Source, all_peers
from kubewire.resources.network_load_balancer import Scheme
from kubewire.resources.traffic import CidrPeer
from kubewire.services.load_balancer.args import LoadBalancerServiceArgs


def hairpin(args: LoadBalancerServiceArgs, network: ClusterNetworkArgs) -> str | None:
    """Give the warning for a Service whose sources may be on its own nodes; None where they can't be."""
    if args.scheme is not Scheme.INTERNAL or not any(args.keeps_client_ip(port) for port in args.listened):
        return None
    inside = [name for source in args.sources for name in _inside(source, network)]
    if not inside:
        return None
    way_out = (
        f"Clients inside use {args.name}.{args.namespace} instead."
        if args.has_udp
        else f"Set `preserveClientIp: false`, or let clients inside use {args.name}.{args.namespace}."
    )
    return (
        f"{args.label} admits {', '.join(dict.fromkeys(inside))}, where its own nodes and their pods are, and keeps "
        f"clients' addresses: a client that is sent back to its own node gets no answer. {way_out}"
    )


def _inside(source: Source, network: ClusterNetworkArgs) -> list[str]:
    """Name what of a source may be a node or a pod. Who is in a group or a list of others isn't known."""
    own = [cidr for path, cidr in declared_ranges(network).items() if path.startswith(("vpc.", "pods."))]
    return [
        name
        for name, peer in all_peers((source,)).items()
        if isinstance(peer, CidrPeer)
        and any(peer.cidr.version == cidr.version and peer.cidr.overlaps(cidr) for cidr in own)
    ]
