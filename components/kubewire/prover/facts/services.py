"""Kubernetes Services, the load balancers before them, and the names of both."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from kubewire.model import Model, PortNumber
from kubewire.net.addresses import Address, Range
from kubewire.prover.facts.firewall import Peer
from kubewire.prover.facts.unknown import Known, Unknown


class ServiceType(StrEnum):
    """Kubernetes' four."""

    CLUSTER_IP = "ClusterIP"
    NODE_PORT = "NodePort"
    LOAD_BALANCER = "LoadBalancer"
    EXTERNAL_NAME = "ExternalName"


class ServicePort(Model):
    """A port of a Service."""

    name: str = ""
    """What tells it from the Service's other ports; empty for an only one without a name."""
    port: PortNumber
    protocol: int
    """6, 17 or 132."""
    target_port: Known[int | str]
    """A port of its pods, by number or name."""
    node_port: Known[PortNumber] | None = None
    """The port on every node; None for types without."""


class ServiceEndpoint(Model):
    """What answers for a Service, as its EndpointSlices have it.

    https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoint-slice-v1/
    """

    address: Address
    node: str | None = None
    """The node that it runs on; None where its slice doesn't say."""
    pod: str = ""
    """`namespace/name` of the pod; empty for one that somebody wrote."""
    ready: bool = True
    """Whether kube-proxy sends to it. All are, where the Service publishes those that aren't."""
    exists: Known[bool] = True
    """Whether its pod is there now, with this address: a slice may name one that is gone."""
    ports: Mapping[str, PortNumber] = {}
    """Where it listens, by the names of the Service's ports."""


class Service(Model):
    """A Service."""

    namespace: str
    name: str
    cluster: str | None = None
    """The cluster that it is in; None where there is only one, or nothing says it."""
    type: ServiceType
    cluster_ip: Known[str] | None = None
    """Its address; None for a headless one, or an ExternalName."""
    cluster_ips: tuple[Known[str], ...] = ()
    """All of its addresses, `cluster_ip` first; empty where that is all that is told."""
    families: tuple[Literal[4, 6], ...] = ()
    """IP's versions of its addresses; empty for the cluster's own, that of its first Service range."""
    ports: tuple[ServicePort, ...] = ()
    selects: bool = True
    """Whether it has a selector. Without, somebody else writes its endpoints, which may be anybody's addresses."""
    endpoints: Known[tuple[ServiceEndpoint, ...]] = Unknown(comes_from="which pods answer: only the cluster says it")
    """All that answers for it, ready or not."""
    sources: Known[tuple[Annotated[Peer, Field(discriminator="kind")], ...]] | None = None
    """Who may connect from outside the cluster, as declared; None where nothing says it."""
    source_ranges: tuple[Range, ...] = ()
    """`loadBalancerSourceRanges`; empty for everyone."""
    local: bool = False
    """Whether `externalTrafficPolicy` is Local."""
    internal_local: bool = False
    """Whether `internalTrafficPolicy` is Local."""
    affinity: bool = False
    """Whether `sessionAffinity` is ClientIP."""
    publish_not_ready: bool = False
    """Whether endpoints that aren't ready are published too."""
    health_check_node_port: Known[PortNumber] | None = None
    """Where nodes say whether they have endpoints; None for Services that don't ask for it."""
    external_name: Known[str] | None = None
    external_ips: bool = False
    """Whether nodes serve it at further addresses, which aren't followed.
    https://kubernetes.io/docs/concepts/services-networking/service/#external-ips"""

    @property
    def label(self) -> str:
        """Give `namespace/name`."""
        return f"{self.namespace}/{self.name}"


class TargetType(StrEnum):
    """What targets are named by."""

    INSTANCE = "instance"
    IP = "ip"


class Target(Model):
    """What a target group sends to."""

    name: str
    """The node or its machine; with addresses as targets, what to call it."""
    port: Known[PortNumber]
    address: Known[Address] | None = None
    """The address, with addresses as targets."""
    every_zone: bool = False
    """Whether each of the load balancer's zones sends to it: `all`, for addresses outside the VPC."""


class HealthCheck(Model):
    """How a target is asked whether it answers."""

    protocol: int
    http: bool = False
    """Whether it must answer 200 to HTTP or HTTPS; else it need only take the connection."""
    port: Known[PortNumber] | None = None
    """None: the target's own port."""


class TargetGroup(Model):
    """Where a listener sends to."""

    name: str
    protocols: tuple[int, ...]
    type: TargetType = TargetType.INSTANCE
    port: Known[PortNumber] | None = None
    """That of targets which are registered without one, as an Auto Scaling group does; None where nothing says it."""
    targets: tuple[Target, ...] = ()
    registering: tuple[str, ...] = ()
    """The Auto Scaling groups that register their machines in it themselves, those that come later too."""
    open_ends: tuple[str, ...] = ()
    """What may be targets that aren't known."""
    health_check: HealthCheck
    preserves_client: bool
    """Whether targets see the client's address."""
    proxy_protocol: bool = False
    """Whether each connection begins with the client's address (version 2)."""
    cross_zone: Known[bool] | None = None
    """Whether targets of every zone get something of it; None: as the load balancer."""


class Listener(Model):
    """A port of a load balancer."""

    name: str
    port: PortNumber
    protocols: tuple[int, ...]
    """6 for TCP and TLS, 17 for UDP, both for TCP_UDP."""
    tls: bool = False
    """Whether it ends TLS."""
    target_group: Known[str]
    service: str | None = None
    """The Kubernetes Service that it is there for, `namespace/name`; None: that of the load balancer."""


class LoadBalancer(Model):
    """A network load balancer."""

    name: str
    internet_facing: bool
    subnets: tuple[Known[str], ...]
    groups: tuple[Known[str], ...] = ()
    """Its security groups; without any it takes traffic from everyone.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html"""
    cross_zone: Known[bool]
    """Whether each of its zones sends to the targets of all."""
    dual_stack: bool = False
    """Whether it has IPv6 addresses too."""
    dns_name: Known[str] = Unknown(comes_from="the load balancer's DNS name")
    service: str | None = None
    """The Kubernetes Service that it is there for, `namespace/name`; None where it serves several, or nothing says."""
    listeners: tuple[Listener, ...] = ()


class SimplePolicy(Model):
    """The only record of its name and type."""

    kind: Literal["simple"] = "simple"


class WeightedPolicy(Model):
    """One of several, which are answered in proportion to their weights."""

    kind: Literal["weighted"] = "weighted"
    set_identifier: str
    weight: int = Field(ge=0, le=255)


class FailoverPolicy(Model):
    """One of two: the second is answered when the first isn't healthy."""

    kind: Literal["failover"] = "failover"
    set_identifier: str
    primary: bool


class OtherPolicy(Model):
    """One of several, chosen by something else: latency, place, chance."""

    kind: Literal["other"] = "other"
    set_identifier: str


RoutingPolicy = SimplePolicy | WeightedPolicy | FailoverPolicy | OtherPolicy
"""Which of the records of one name and type is answered.
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy.html"""


class Record(Model):
    """A DNS record."""

    name: str
    type: str
    values: tuple[Known[str], ...]
    """What it answers, names without their last dot; empty for an alias."""
    alias: Known[str] | None = None
    """The name whose addresses it answers; None for one with values."""
    balancer: str | None = None
    """The load balancer whose DNS name the value, or the alias, is; None where nothing says so."""
    policy: RoutingPolicy = Field(default=SimplePolicy(), discriminator="kind")
    service: str | None = None
    """The Kubernetes Service that it is there for, `namespace/name`; None where nothing says it."""


class Zone(Model):
    """A hosted zone of Route53."""

    domain: str
    vpcs: tuple[Known[str], ...] = ()
    """The VPCs that it answers in; public without any."""
    records: tuple[Record, ...] = ()
    open_ends: tuple[str, ...] = ()
    """What may add records that aren't known: with any, no name is surely free, or missing."""
