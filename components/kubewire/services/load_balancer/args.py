"""What a LoadBalancer Service is described by, and what a network load balancer can't do of it."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv6Network
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from kubewire.errors import InvalidInputError
from kubewire.model import PortNumber
from kubewire.network.args import ClusterNetworkArgs
from kubewire.network.layout import Role
from kubewire.network.quotas import Limits
from kubewire.network.sources import WORLD, WORLD6, Source, all_peers, weight
from kubewire.resources.network_load_balancer import Scheme
from kubewire.resources.traffic import CidrPeer
from kubewire.services.common import NodePortedArgs
from kubewire.services.in_cluster import check_addresses
from kubewire.services.kubernetes_names import QualifiedName
from kubewire.services.policies import TrafficPolicy
from kubewire.services.ports import PortProtocol
from kubewire.services.written import ALWAYS_IN_SPEC, IN_SPEC, InSpec

# https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-limits.html
MOST_LISTENERS, MOST_TARGETS = 50, 500

LOAD_BALANCER_CLASS = "kubewire.dev/nlb"
"""A class that no controller in the cluster serves: they all leave the Service alone."""


def _source_ranges(sources: Iterable[Source]) -> dict[str, Any]:
    """Show the sources in the spec, where it can: it knows ranges alone, and none of them stands for everybody."""
    peers = all_peers(sources).values()
    ranges = [str(peer.cidr) for peer in peers if isinstance(peer, CidrPeer) and peer.cidr not in (WORLD, WORLD6)]
    return {"loadBalancerSourceRanges": ranges} if len(ranges) == len(peers) else {}


class LoadBalancerServiceArgs(NodePortedArgs):
    """What describes a LoadBalancer Service."""

    type: Annotated[Literal["LoadBalancer"], ALWAYS_IN_SPEC] = "LoadBalancer"
    scheme: Scheme
    """Whether the internet can reach it, or the VPC alone."""
    sources: Annotated[tuple[Source, ...], Field(min_length=1), InSpec(_source_ranges)]
    """Who may connect to the load balancer."""
    load_balancer_class: Annotated[QualifiedName, ALWAYS_IN_SPEC] = LOAD_BALANCER_CLASS
    """Which controller in the cluster may touch the Service. Default: one that there isn't. A change replaces it."""
    allocate_load_balancer_node_ports: Annotated[bool, IN_SPEC] = True
    """Whether the API server chooses the node ports that aren't written. Without, write all of them."""
    health_check_node_port: Annotated[PortNumber | None, IN_SPEC] = None
    """With `externalTrafficPolicy: Local`, where a node says whether it has endpoints. Default: chosen for it."""
    preserve_client_ip: bool = True
    """Whether nodes see the client's address. With UDP they always do. Without, pods see the load balancer's."""

    @model_validator(mode="after")
    def _node_ports_fit(self) -> LoadBalancerServiceArgs:
        health = self.health_check_node_port
        if health is not None and not self.is_local:
            detail = "Kubernetes has it for `externalTrafficPolicy: Local` alone. Leave it out."
            raise InvalidInputError("every node has endpoints", detail=detail, path="healthCheckNodePort")
        for index, port in enumerate(self.ports):
            if port.node_port is not None and port.node_port == health:
                detail = "A node port is one thing alone. Choose another one."
                raise InvalidInputError(f"ports[{index}] has {health}", detail=detail, path="healthCheckNodePort")
            if port.node_port is None and not self.allocate_load_balancer_node_ports:
                detail = "The load balancer reaches pods by node ports. Write one, or leave that to the API server."
                raise InvalidInputError("nobody chooses it", detail=detail, path=f"ports[{index}].nodePort")
        if self.checks_proxies and not self.preserve_client_ip:
            # https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html
            detail = "AWS always preserves it with UDP. Leave this out, or make a Service of the UDP ports."
            raise InvalidInputError("UDP keeps the client's address", detail=detail, path="preserveClientIp")
        return self

    @model_validator(mode="after")
    def _listeners_fit(self) -> LoadBalancerServiceArgs:
        if len(self.ports) > MOST_LISTENERS:
            detail = f"A load balancer has {MOST_LISTENERS} listeners at most. Split the Service."
            raise InvalidInputError(f"{len(self.ports)} ports", detail=detail, path="ports")
        for index, source in enumerate(self.sources):
            if isinstance(source, IPv6Network):
                detail = "It has IPv4 addresses alone. Write an IPv4 range, or `anywhere`."
                raise InvalidInputError(f"{source} can't reach it", detail=detail, path=f"sources[{index}]")
        for index, port in enumerate(self.ports):
            if port.port in {other.port for other in self.ports[:index]}:
                detail = "A load balancer listens once on a port. Make a Service for each of the two protocols."
                path = f"ports[{index}].port"
                raise InvalidInputError(f"{port.port} is there for another protocol", detail=detail, path=path)
        return self

    @property
    def is_local(self) -> bool:
        """Whether a node sends to its own endpoints only, and so may have none."""
        return self.external_traffic_policy is TrafficPolicy.LOCAL

    @property
    def checks_proxies(self) -> bool:
        """Whether targets are checked by asking their proxy. A load balancer can't see whether UDP is answered."""
        return any(port.protocol is PortProtocol.UDP for port in self.ports)

    def check_fits(self, network: ClusterNetworkArgs, limits: Limits, path: str) -> None:
        """Refuse what AWS or the API server would refuse in the apply. Raises InvalidInputError.

        Args:
            network: what it would stand in.
            limits: the quotas that hold for it.
            path: where the Service stands.
        """
        check_addresses(self, network, path)
        if self.scheme is Scheme.INTERNET_FACING and Role.PUBLIC not in network.roles:
            detail = "An internet-facing load balancer stands in public subnets. Add them, or make it `internal`."
            raise InvalidInputError("the network has no public subnets", detail=detail, path=f"{path}.scheme")
        peers = all_peers(self.sources).values()
        for family in (4, 6):
            # Each port, and the path MTU, from each of them.
            counted = [weight(peer) for peer in peers if not isinstance(peer, CidrPeer) or peer.cidr.version == family]
            ranges = sum(isinstance(peer, CidrPeer) and peer.cidr.version == family for peer in peers)
            limits.hold_rules(len(self.ports) * sum(counted) + ranges, "the load balancer", f"{path}.sources")
        self.check_targets(network.known_nodes, path)

    def check_targets(self, nodes: int, path: str) -> None:
        """Refuse more targets than a load balancer has. Raises InvalidInputError."""
        targets = nodes * len(self.ports)
        if targets > MOST_TARGETS:
            detail = f"A load balancer has {MOST_TARGETS} at most: one for each node and port. Split the Service."
            raise InvalidInputError(f"{targets} targets", detail=detail, path=f"{path}.ports")
