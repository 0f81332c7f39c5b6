"""Kubernetes Services, the load balancers before them, and the names of both."""

from __future__ import annotations

from enum import StrEnum

from kubewire.model import Model, PortNumber
from kubewire.net.addresses import Range
from kubewire.prover.facts.unknown import Known


class ServiceType(StrEnum):
    """Kubernetes' four."""

    CLUSTER_IP = "ClusterIP"
    NODE_PORT = "NodePort"
    LOAD_BALANCER = "LoadBalancer"
    EXTERNAL_NAME = "ExternalName"


class ServicePort(Model):
    """A port of a Service."""

    port: PortNumber
    protocol: int
    """6, 17 or 132."""
    target_port: Known[int | str]
    """A port of its pods, by number or name."""
    node_port: Known[PortNumber] | None = None
    """The port on every node; None for types without."""


class Service(Model):
    """A Service."""

    namespace: str
    name: str
    type: ServiceType
    cluster_ip: Known[str] | None = None
    """Its address; None for a headless one, or an ExternalName."""
    ports: tuple[ServicePort, ...] = ()
    source_ranges: tuple[Range, ...] = ()
    """`loadBalancerSourceRanges`; empty for everyone."""
    local: bool = False
    """Whether `externalTrafficPolicy` is Local."""
    external_name: str | None = None

    @property
    def label(self) -> str:
        """Give `namespace/name`."""
        return f"{self.namespace}/{self.name}"


class Target(Model):
    """What a target group sends to."""

    name: str
    """The machine, or the address."""
    port: Known[PortNumber]


class HealthCheck(Model):
    """How a target is asked whether it answers."""

    protocol: int
    port: Known[PortNumber] | None = None
    """None: the target's own port."""


class TargetGroup(Model):
    """Where a listener sends to."""

    name: str
    protocols: tuple[int, ...]
    targets: tuple[Target, ...] = ()
    health_check: HealthCheck
    preserves_client: bool
    """Whether targets see the client's address."""


class Listener(Model):
    """A port of a load balancer."""

    name: str
    port: PortNumber
    protocols: tuple[int, ...]
    target_group: Known[str]


class LoadBalancer(Model):
    """A network load balancer."""

    name: str
    internet_facing: bool
    subnets: tuple[Known[str], ...]
    groups: tuple[Known[str], ...] = ()
    """Its security groups; without any it takes traffic from everyone.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html"""
    cross_zone: bool
    service: str | None = None
    """The Kubernetes Service that it is there for, `namespace/name`; None where nothing says it."""
    listeners: tuple[Listener, ...] = ()


class Record(Model):
    """A DNS record."""

    name: str
    type: str
    values: tuple[Known[str], ...]


class Zone(Model):
    """A hosted zone of Route53."""

    domain: str
    vpcs: tuple[Known[str], ...] = ()
    """The VPCs that it answers in; public without any."""
    records: tuple[Record, ...] = ()
