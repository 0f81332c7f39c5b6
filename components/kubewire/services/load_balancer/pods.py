"""Pods as targets: which there are, and what a network must be like for a load balancer to reach them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from ipaddress import IPv4Address, IPv4Network

import pulumi

from kubewire.errors import InvalidInputError
from kubewire.functions.get_endpoints import Endpoint, GetEndpoints, GetEndpointsArgs, GetEndpointsResult
from kubewire.invoked import invoke
from kubewire.model import Ref
from kubewire.network.args import ClusterNetworkArgs
from kubewire.network.pods import OverlayPods, RoutedPods
from kubewire.network.sources import Peer
from kubewire.resources.private_ranges import REACHED_OUTSIDE
from kubewire.resources.target_group import EVERY_ZONE, Target
from kubewire.resources.traffic import CidrPeer, GroupPeer, Protocol
from kubewire.services.families import IPFamily
from kubewire.services.load_balancer.args import LoadBalancerServiceArgs
from kubewire.services.load_balancer.listened import Listened
from kubewire.services.ports import PortProtocol

Found = Mapping[str, GetEndpointsResult]
"""A Service's label to what is behind it; nothing of those whose targets are nodes."""


def check_reached(args: LoadBalancerServiceArgs, network: ClusterNetworkArgs, path: str) -> None:
    """Refuse targets that a load balancer can't reach, or not as the Service says. Raises InvalidInputError.

    Args:
        args: the Service.
        network: the network of its cluster.
        path: where the Service stands.
    """
    if args.ip_families and IPFamily.IPV4 not in args.ip_families:
        # Node ports of a Service of IPv6 alone answer on no IPv4 address of a node either.
        detail = "Its target groups are of IPv4. Give the Service both families."
        raise InvalidInputError("its targets have no IPv4 for it", detail=detail, path=f"{path}.ipFamilies")
    if not args.to_pods:
        return
    if isinstance(network.pods, OverlayPods):
        detail = "Pods of an overlay have addresses that nodes alone know. Send to `nodes`."
        raise InvalidInputError("can't be reached from outside of the overlay", detail=detail, path=f"{path}.targets")
    if isinstance(network.pods, RoutedPods):
        _check_routed(args, network.pods, path)


def _check_routed(args: LoadBalancerServiceArgs, pods: RoutedPods, path: str) -> None:
    """A routed pod's address is none of the VPC's own: a load balancer reaches it as it reaches other networks.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html#target-type
    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#client-ip-preservation
    """
    if not any(pods.cidr.subnet_of(cidr) for cidr in REACHED_OUTSIDE):
        detail = f"Outside the VPC AWS sends to {', '.join(map(str, REACHED_OUTSIDE))} alone. Send to `nodes`."
        raise InvalidInputError(f"pods are in {pods.cidr}", detail=detail, path=f"{path}.targets")
    keeps = (
        "AWS keeps clients' addresses on the way to targets of the VPC's own addresses, and routed pods have others."
    )
    if args.preserve_client_ip:
        detail = f"{keeps} Leave it out; `proxyProtocol` tells them to pods that read it."
        raise InvalidInputError("not with routed pods", detail=detail, path=f"{path}.preserveClientIp")
    for index, port in enumerate(args.ports):
        if port.protocol is PortProtocol.UDP:
            detail = f"{keeps} With UDP it always does. Send to `nodes`."
            raise InvalidInputError("no UDP to routed pods", detail=detail, path=f"{path}.ports[{index}].protocol")


def asked_pods(args: LoadBalancerServiceArgs, asked: pulumi.Resource, *, quiet: bool = False) -> Found:
    """Ask the cluster for the pods behind a Service; nothing is asked where nodes are the targets.

    Args:
        args: the Service.
        asked: who asks; its provider knows the cluster.
        quiet: whether nothing is said of a Service without pods; somebody else does.

    Raises:
        UnansweredError: the cluster can't be reached. To go on without would deregister every target.
    """
    if not args.to_pods:
        return {}
    wanted = GetEndpointsArgs(namespace=args.namespace, service=args.name)
    found = invoke(GetEndpoints, wanted, pulumi.InvokeOptions(parent=asked))
    if not found.endpoints and not quiet:
        others = f", {found.not_ready} are not ready" if found.not_ready else ""
        message = f"No pods are ready behind {args.label}{others}: its load balancer has no targets. When there are, "
        message += "run `pulumi up` again."
        pulumi.log.warn(message, asked)
    return {args.label: found}


def counted_pods(services: Iterable[LoadBalancerServiceArgs], found: Found) -> dict[str, list[int]]:
    """Say how many pods are behind each listener of Services, by the Service's label."""
    return {
        args.label: [len(list(_behind(one.main.name, one.main.protocol, found[args.label]))) for one in args.listened]
        for args in services
        if args.label in found
    }


def peer_of_pods(network: ClusterNetworkArgs, nodes: Ref) -> Peer:
    """Give who pods are to a firewall: routed ones their range, for their addresses are no interface's.

    Others have an interface, and that is in the nodes' group.
    """
    if isinstance(network.pods, RoutedPods):
        return CidrPeer(cidr=network.pods.cidr)
    return GroupPeer(name=nodes.name, id=nodes.id)


def pod_ports(args: LoadBalancerServiceArgs, found: Found) -> list[tuple[Protocol, int]]:
    """Give the ports that a Service's pods answer on, health checks' too, each once: a named one's as they are now."""
    if not args.to_pods:
        return []
    ports: dict[tuple[Protocol, int], None] = {}
    for port in args.listened:
        for one in port.ports:
            protocol = Protocol(one.protocol.lower())
            if isinstance(one.target_port, int):
                ports[protocol, one.target_port] = None
            for endpoint in _behind(one.name, one.protocol, found.get(args.label)):
                ports[protocol, endpoint.port] = None
    if args.health_check and args.health_check.port:
        ports[Protocol.TCP, args.health_check.port] = None
    return sorted(ports)


def pod_targets(
    args: LoadBalancerServiceArgs, port: Listened, found: Found, network: ClusterNetworkArgs, vpc: Sequence[IPv4Network]
) -> dict[str, Target]:
    """Give a listener's targets, by the pods' names.

    Args:
        args: the Service.
        port: which of its listeners.
        found: what is behind it.
        network: the network of its cluster.
        vpc: the VPC's ranges, as far as they are known.

    Raises:
        InvalidInputError: something is behind the Service that isn't in this network, or not on one port for both
            protocols.
    """
    rows = [list(_behind(one.name, one.protocol, found.get(args.label))) for one in port.ports]
    first = {(row.address, row.port): row for row in rows[0]}
    for others in rows[1:]:
        if odd := [row for row in others if (row.address, row.port) not in first]:
            detail = "AWS has one port of a target for both protocols. Let the pods answer both on one."
            message = f"UDP of {port.main.port} is answered on {odd[0].address}:{odd[0].port}, and TCP isn't"
            raise InvalidInputError(message, detail=detail, path=f"{args.label}: ports")
    counted = [row.pod for row in first.values()]
    return {
        row.pod if row.pod and counted.count(row.pod) == 1 else f"{row.address}:{row.port}": Target(
            id=str(row.address), port=row.port, availability_zone=_zone(args, row.address, network, vpc)
        )
        for row in first.values()
    }


def _behind(name: str | None, protocol: PortProtocol, found: GetEndpointsResult | None) -> Iterator[Endpoint]:
    for endpoint in found.endpoints if found else ():
        if (endpoint.port_name, endpoint.protocol) == (name or "", protocol.value):
            yield endpoint


def _zone(
    args: LoadBalancerServiceArgs, address: IPv4Address, network: ClusterNetworkArgs, vpc: Sequence[IPv4Network]
) -> str | None:
    if isinstance(network.pods, RoutedPods) and address in network.pods.cidr:
        return EVERY_ZONE
    if vpc and not any(address in cidr for cidr in vpc):
        detail = (
            "The load balancer sends to pods of this network alone. Whoever wrote the Service's endpoints put it there."
        )
        raise InvalidInputError(f"{address} is behind it", detail=detail, path=f"{args.label}: targets")
    return None
