"""What a LoadBalancer Service is described by, and what a network load balancer can't do of it."""

from __future__ import annotations

from ipaddress import IPv6Network
from typing import Literal

from pydantic import Field, model_validator

from kubewire.errors import InvalidInputError
from kubewire.network.args import ClusterNetworkArgs
from kubewire.network.layout import Role
from kubewire.network.quotas import Limits
from kubewire.network.sources import Source, all_peers, weight
from kubewire.resources.network_load_balancer import Scheme
from kubewire.resources.traffic import CidrPeer
from kubewire.services.common import NodePortedArgs, PortProtocol

# https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-limits.html
MOST_LISTENERS, MOST_TARGETS = 50, 500


class LoadBalancerServiceArgs(NodePortedArgs):
    """What describes a LoadBalancer Service."""

    type: Literal["LoadBalancer"] = "LoadBalancer"
    scheme: Scheme
    """Whether the internet can reach it, or the VPC alone."""
    sources: tuple[Source, ...] = Field(min_length=1)
    """Who may connect to the load balancer."""

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
    def checks_proxies(self) -> bool:
        """Whether targets are checked by asking their proxy. A load balancer can't see whether UDP is answered."""
        return any(port.protocol is PortProtocol.UDP for port in self.ports)

    def check_fits(self, network: ClusterNetworkArgs, limits: Limits, path: str) -> None:
        """Refuse what AWS would refuse in the apply. Raises InvalidInputError.

        Args:
            network: what it would stand in.
            limits: the quotas that hold for it.
            path: where the Service stands.
        """
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
