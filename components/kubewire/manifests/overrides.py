"""What manifests don't say of their Services: who reaches a load balancer, say. It is said beside them, and typed."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from kubewire.model import Described, PortNumber
from kubewire.network.sources import Source
from kubewire.resources.network_load_balancer import Scheme
from kubewire.services.dns.description import BalancerDns, NodeDns
from kubewire.services.dns.zones import HostedZoneRef
from kubewire.services.external_name import Cname
from kubewire.services.families import AUTO, ClusterIPChoice
from kubewire.services.kubernetes_names import NamespaceName, QualifiedName
from kubewire.services.load_balancer.health import HealthCheckDescription
from kubewire.services.load_balancer.listened import Tls
from kubewire.services.load_balancer.options import LoadBalancerChoice
from kubewire.services.load_balancer.targets import Targets
from kubewire.services.policies import TrafficPolicy
from kubewire.services.ports import TargetPort

Sources = Annotated[tuple[Source, ...], Field(min_length=1)]


class PortOverride(Described):
    """What is so of one port, whatever the manifest says; a field that isn't given leaves its word."""

    target_port: TargetPort | None = None
    """The port that the pod listens on, or its name."""
    node_port: PortNumber | None = None
    """The port on every node."""
    tls: Tls | None = None
    """Ends TLS at the load balancer."""


class ServiceOverride(Described):
    """What is so of one Service, whatever its manifest says; a field that isn't given leaves its word.

    The fields are those of the four Services' arguments.
    """

    leave_out: bool = False
    """Whether it isn't declared: somebody else's it stays."""
    without: tuple[str, ...] = ()
    """Annotations that are passed over, by their whole names."""
    type: Literal["ClusterIP", "NodePort", "LoadBalancer"] | None = None
    """Another type. What that one hasn't is left out."""
    scheme: Scheme | None = None
    """Whether the internet can reach its load balancer, or the VPC alone."""
    sources: Sources | None = None
    """Who may connect to it."""
    load_balancer: LoadBalancerChoice | None = None
    """Whose load balancer it is behind."""
    load_balancer_class: QualifiedName | None = None
    """Which controller in the cluster may touch it."""
    targets: Targets | None = None
    """What the load balancer sends to: nodes, or the pods themselves."""
    preserve_client_ip: bool | None = None
    """Whether targets see the client's address."""
    proxy_protocol: bool | None = None
    """Whether each connection begins with a header of proxy protocol v2."""
    deregistration_delay_seconds: Annotated[int, Field(ge=0, le=3600)] | None = None
    """How long a removed target may finish its connections."""
    health_check: HealthCheckDescription | None = None
    """How targets are checked."""
    external_traffic_policy: TrafficPolicy | None = None
    """Which endpoints clients outside the cluster are sent to."""
    cluster_ip: ClusterIPChoice = AUTO
    """Its address inside the cluster; `Auto`, if it's given, is one of the API server's choice."""
    dns: tuple[BalancerDns, ...] | tuple[NodeDns, ...] | None = None
    """Its records."""
    cname: Cname | None = None
    """The record of an ExternalName Service."""
    ports: dict[str, PortOverride] = {}
    """Its ports, by their names or numbers."""


class Overrides(Described):
    """What holds of Services out of manifests beside what these say."""

    namespace: NamespaceName = "default"
    """The namespace of those that name none."""
    scheme: Scheme | None = None
    """Of load balancers of which nothing says it. Default: what their controller would make, where that is known."""
    sources: Sources | None = None
    """Who may connect to load balancers of which nothing says it."""
    node_port_sources: Sources | None = None
    """Who may connect to node ports: no manifest says it."""
    zones: tuple[HostedZoneRef, ...] = ()
    """Hosted zones that names in annotations may be in, beside the network's own."""
    without: tuple[str, ...] = ()
    """Annotations of all Services that are passed over, by their whole names."""
    services: dict[str, ServiceOverride] = {}
    """`namespace/name` to what is so of that one."""


NOT_FIELDS = ("leave_out", "without", "ports")
"""Of an override: what is no field of arguments."""


def fields_of(override: ServiceOverride) -> dict[str, object]:
    """Give what an override says of a Service's fields, by their wire names."""
    names = [name for name in type(override).model_fields if name in override.model_fields_set]
    said = {name: getattr(override, name) for name in names if name not in NOT_FIELDS}
    return {type(override).model_fields[name].alias or name: value for name, value in said.items() if value is not None}


def port_fields_of(override: PortOverride) -> dict[str, object]:
    """Give what an override says of a port's fields, by their wire names."""
    names = [name for name in type(override).model_fields if name in override.model_fields_set]
    return {type(override).model_fields[name].alias or name: getattr(override, name) for name in names}
