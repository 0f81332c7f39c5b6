"""What a LoadBalancer Service is described by, and what a network load balancer can't do of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from kubewire.errors import InvalidInputError
from kubewire.model import PortNumber
from kubewire.network.sources import WORLD, WORLD6, Source, all_peers
from kubewire.resources.elb import TransportProtocol
from kubewire.resources.network_load_balancer import Scheme
from kubewire.resources.traffic import CidrPeer
from kubewire.services.common import NodePortedArgs
from kubewire.services.dns.description import BalancerDns
from kubewire.services.kubernetes_names import QualifiedName
from kubewire.services.load_balancer.health import HealthCheckDescription, check_health
from kubewire.services.load_balancer.listened import (
    Listened,
    LoadBalancerServicePort,
    check_listeners,
    in_spec,
    listened,
)
from kubewire.services.load_balancer.options import LoadBalancerChoice, OwnLoadBalancer, SharedLoadBalancer
from kubewire.services.load_balancer.targets import NodeTargets, PodTargets, Targets
from kubewire.services.policies import TrafficPolicy
from kubewire.services.ports import NodeServicePort, PortProtocol
from kubewire.services.written import ALWAYS_IN_SPEC, IN_SPEC, InSpec

MOST_LISTENERS = 50
"""https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-limits.html"""

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
    load_balancer: LoadBalancerChoice = OwnLoadBalancer()
    """Whose load balancer it is behind: its own, or one of the stack's that others share."""
    sources: Annotated[tuple[Source, ...], Field(min_length=1), InSpec(_source_ranges)]
    """Who may connect to the load balancer."""
    dns: tuple[BalancerDns, ...] = ()
    """Its names in Route53."""
    load_balancer_class: Annotated[QualifiedName, ALWAYS_IN_SPEC] = LOAD_BALANCER_CLASS
    """Which controller in the cluster may touch the Service. Default: one that there isn't. A change replaces it."""
    allocate_load_balancer_node_ports: Annotated[bool, IN_SPEC] = True
    """Whether the API server chooses the node ports that aren't written. Without, write all of them."""
    health_check_node_port: Annotated[PortNumber | None, IN_SPEC] = None
    """With `externalTrafficPolicy: Local`, where a node says whether it has endpoints. Default: chosen for it."""
    ports: Annotated[tuple[LoadBalancerServicePort, ...], Field(min_length=1), InSpec(in_spec, by_default=True)]
    """Its ports. TCP and UDP on one number make one listener."""
    targets: Targets = NodeTargets()
    """What the load balancer sends to: nodes, or the pods themselves."""
    preserve_client_ip: bool | None = None
    """Whether targets see the client's address. With UDP they always do. Without, they see the load balancer's.
    Default: nodes do, pods don't; clients of IPv6 never keep theirs on the way to targets of IPv4."""
    proxy_protocol: bool = False
    """Whether each connection begins with a header of proxy protocol v2 that tells the client's address. Pods must read
    it: others take it for what the client says, in health checks too."""
    deregistration_delay_seconds: int = Field(default=300, ge=0, le=3600)
    """How long a removed target may finish its connections."""
    wait_for_healthy_targets: Annotated[int, Field(ge=0, le=900)] = 0
    """For how many seconds an update waits until every target that it has registered is healthy, before it shows the
    host name on the Service and lets DNS records lead there; 0: it doesn't wait. It stands in for a pod readiness gate,
    which needs a controller in the cluster: a rollout doesn't wait for the load balancer, the update after it does."""
    health_check: HealthCheckDescription | None = None
    """How targets are checked. Default: a TCP port is asked for a connection every 10 seconds; the node's proxy is
    asked instead with UDP, and with `externalTrafficPolicy: Local` whether the node has endpoints."""

    @field_validator("ports", mode="before")
    @classmethod
    def _takes_ports_of_other_types(cls, given: Any) -> Any:
        """Take a plain port with a node port too: it says all that a listener must know."""
        if not isinstance(given, list | tuple):
            return given
        return [LoadBalancerServicePort(**dict(one)) if type(one) is NodeServicePort else one for one in given]

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
            if port.node_port is None and not self.allocate_load_balancer_node_ports and not self.to_pods:
                detail = "The load balancer reaches pods by node ports. Write one, or leave that to the API server."
                raise InvalidInputError("nobody chooses it", detail=detail, path=f"ports[{index}].nodePort")
        return self

    @model_validator(mode="after")
    def _listeners_fit(self) -> LoadBalancerServiceArgs:
        if len(self.listened) > MOST_LISTENERS:
            detail = f"A load balancer has {MOST_LISTENERS} listeners at most. Split the Service."
            raise InvalidInputError(f"{len(self.listened)} ports", detail=detail, path="ports")
        check_listeners(self.ports, self.targets)
        check_health(self.health_check, self.listened, is_local=self.is_local, of_pods=self.to_pods)
        if self.wait_for_healthy_targets and self.is_local and not self.to_pods:
            # https://kubernetes.io/docs/tutorials/services/source-ip/#source-ip-for-services-with-type-loadbalancer
            detail = "A node without endpoints is never healthy then, on purpose: each update would fail. Send to "
            detail += "`pods`, or let `externalTrafficPolicy` be Cluster."
            raise InvalidInputError("not with Local", detail=detail, path="waitForHealthyTargets")
        return self

    @model_validator(mode="after")
    def _addresses_fit(self) -> LoadBalancerServiceArgs:
        # https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html
        if self.has_udp and self.preserve_client_ip is False:
            detail = "AWS always preserves it with UDP. Leave this out, or make a Service of the UDP ports."
            raise InvalidInputError("UDP keeps the client's address", detail=detail, path="preserveClientIp")
        if self.has_udp and self.proxy_protocol:
            detail = "UDP keeps the client's address, and pods would take the header for data. Make two Services."
            raise InvalidInputError("not with UDP", detail=detail, path="proxyProtocol")
        if self.is_local and self.proxy_protocol and not self.to_pods:
            # https://github.com/cilium/cilium/issues/26274, https://github.com/kubernetes/kubernetes/pull/121819
            detail = "Health checks have the header too, and kube-proxy's `healthCheckNodePort` fails of it. Send to "
            detail += "`pods`, or let `externalTrafficPolicy` be Cluster."
            raise InvalidInputError("not with Local", detail=detail, path="proxyProtocol")
        if self.session_affinity and any(port.to_targets is TransportProtocol.TLS for port in self.listened):
            detail = "AWS has no stickiness for targets that speak TLS. Let `tls.backend` be tcp, or leave this out."
            raise InvalidInputError("not with TLS to targets", detail=detail, path="sessionAffinity")
        return self

    @property
    def listened(self) -> list[Listened]:
        """Give its listeners."""
        return listened(self.ports)

    @property
    def to_pods(self) -> bool:
        """Whether its targets are pods, and not nodes."""
        return isinstance(self.targets, PodTargets)

    @property
    def has_udp(self) -> bool:
        """Whether it carries UDP."""
        return any(port.protocol is PortProtocol.UDP for port in self.ports)

    def keeps_client_ip(self, port: Listened) -> bool:
        """Whether targets of a listener see the client's address."""
        if any(one.protocol is PortProtocol.UDP for one in port.ports):
            return True
        return self.preserve_client_ip if self.preserve_client_ip is not None else not self.to_pods

    @property
    def is_local(self) -> bool:
        """Whether a node sends to its own endpoints only, and so may have none."""
        return self.external_traffic_policy is TrafficPolicy.LOCAL

    @property
    def checks_proxies(self) -> bool:
        """Whether targets are checked by asking their proxy. A load balancer can't see whether UDP is answered."""
        told = self.health_check is not None and self.health_check.port is not None
        return not self.to_pods and not told and any(port.is_udp for port in self.listened)

    @property
    def shared(self) -> str | None:
        """Name the shared load balancer that it is behind; None where it has its own."""
        return self.load_balancer.name if isinstance(self.load_balancer, SharedLoadBalancer) else None
