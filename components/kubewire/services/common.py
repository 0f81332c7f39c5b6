"""What every Service type has in common."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Any, cast

import pulumi
from pulumi_kubernetes.core.v1 import Service
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs
from pydantic import Discriminator, Field, Tag, model_validator

from kubewire.errors import InvalidInputError
from kubewire.model import Described
from kubewire.network.cluster_network import ClusterNetwork
from kubewire.services.component import ServiceComponent
from kubewire.services.families import (
    AUTO,
    HEADLESS,
    MOST_FAMILIES,
    ClusterIPChoice,
    IPFamily,
    IPFamilyPolicy,
    OutwardClusterIP,
    check_families,
)
from kubewire.services.kubernetes_names import Annotations, Labels, NamespaceName, ServiceName
from kubewire.services.policies import SessionAffinity, TrafficDistribution, TrafficPolicy
from kubewire.services.ports import NodeServicePort, ServicePort, check_node_ports, check_ports
from kubewire.services.refused import refuse_known
from kubewire.services.written import IN_SPEC, InSpec, spec_of

# Services are declared before the pods behind them exist; pulumi-kubernetes would wait for those.
SKIP_AWAIT = {"pulumi.com/skipAwait": "true"}


class ServiceArgs(Described):
    """What describes every Service."""

    name: ServiceName
    """Its name, the first part of its DNS name."""
    namespace: NamespaceName = "default"
    """Its namespace."""
    labels: Labels = {}
    """Labels on the Service."""
    annotations: Annotations = {}
    """Notes on the Service, for other programs."""

    @model_validator(mode="before")
    @classmethod
    def _has_nothing_refused(cls, given: Any) -> Any:
        return refuse_known(given)

    @property
    def label(self) -> str:
        """Give its name as people write it."""
        return f"{self.namespace}/{self.name}"

    def name_in(self, network: ClusterNetwork) -> str:
        """Give what tells it from the Services of the stack's other clusters; a dot is in none of the names."""
        return f"{network.args.name}.{self.namespace}.{self.name}"


class Selectorless(Enum):
    """No pods are selected: somebody else says where a Service's endpoints are.

    To Kubernetes a selector that was forgotten is the same, so it's written out here.
    """

    NONE = "none"


NO_SELECTOR = Selectorless.NONE


def _selected(selector: dict[str, str] | Selectorless) -> dict[str, Any]:
    return {} if isinstance(selector, Selectorless) else {"selector": selector}


Selector = Annotated[
    Annotated[Annotated[Labels, Field(min_length=1)], Tag("labels")] | Annotated[Selectorless, Tag("none")],
    Discriminator(lambda given: "none" if isinstance(given, str | Selectorless) else "labels"),
    InSpec(_selected),
]


class SelectingArgs(ServiceArgs):
    """What describes a Service that has pods, or what else answers, behind it."""

    selector: Selector
    """The labels of its pods; `none` where somebody else writes its endpoints."""
    cluster_ip: ClusterIPChoice = AUTO
    """Its address inside the cluster: `Auto`, one of the network's `serviceCidr`, or one of each family."""
    ip_families: Annotated[tuple[IPFamily, ...], Field(max_length=MOST_FAMILIES), IN_SPEC] = ()
    """The families of its addresses, the main one first. Default: the cluster's."""
    ip_family_policy: Annotated[IPFamilyPolicy | None, IN_SPEC] = None
    """How many families it has. Default: one."""
    session_affinity: SessionAffinity = None
    """Whether a client's connections all go to one endpoint, and how long. Default: each goes where it goes."""
    internal_traffic_policy: Annotated[TrafficPolicy, IN_SPEC] = TrafficPolicy.CLUSTER
    """Which endpoints clients inside the cluster are sent to."""
    traffic_distribution: Annotated[TrafficDistribution | None, IN_SPEC] = None
    """Which endpoints are preferred. Default: none."""
    publish_not_ready_addresses: Annotated[bool, IN_SPEC] = False
    """Whether pods that aren't ready are found too: by each other, while they form a cluster of their own."""

    @model_validator(mode="after")
    def _families_fit(self) -> SelectingArgs:
        check_families(self.cluster_ip, self.ip_families, self.ip_family_policy)
        return self


class PortedArgs(SelectingArgs):
    """What describes a Service with ports and no node ports."""

    ports: Annotated[tuple[ServicePort, ...], IN_SPEC] = ()
    """Its ports; a headless one may have none."""

    @model_validator(mode="after")
    def _ports_fit(self) -> PortedArgs:
        if not self.ports and self.cluster_ip is not HEADLESS:
            detail = "Nothing could be sent to its address. Only a headless Service, a name for pods, may have none."
            raise InvalidInputError("a Service has at least 1 port", detail=detail, path="ports")
        check_ports(self.ports)
        return self


class NodePortedArgs(SelectingArgs):
    """What describes a Service with node ports."""

    cluster_ip: OutwardClusterIP = AUTO
    """Its address inside the cluster: `Auto`, one of the network's `serviceCidr`, or one of each family."""
    ports: Annotated[tuple[NodeServicePort, ...], Field(min_length=1), IN_SPEC]
    """Its ports."""
    external_traffic_policy: Annotated[TrafficPolicy, IN_SPEC] = TrafficPolicy.CLUSTER
    """Which endpoints clients outside the cluster are sent to. With `Local`, pods see their addresses."""

    @model_validator(mode="after")
    def _ports_fit(self) -> NodePortedArgs:
        check_ports(self.ports)
        check_node_ports(self.ports)
        return self


def kubernetes_service(
    name: str, args: ServiceArgs, parent: ServiceComponent, opts: pulumi.ResourceOptions | None
) -> Service:
    """Declare the Kubernetes object of a Service.

    Args:
        name: what the stack calls it.
        args: what it is.
        parent: its component.
        opts: the component's options. What it waits for, its namespace say, a child does not wait for by itself.
    """
    spec = spec_of(args)
    former = [pulumi.Alias(parent=urn) for urn in parent.formers]
    own = pulumi.ResourceOptions(parent=parent, depends_on=opts.depends_on if opts else None, aliases=former)
    metadata = ObjectMetaArgs(
        name=args.name,
        namespace=args.namespace,
        labels=args.labels or None,
        annotations={**args.annotations, **SKIP_AWAIT},
    )
    # A mapping's keys are the wire's names already.
    written: Any = spec
    service = Service(name, metadata=metadata, spec=written, opts=own)
    named = {"name": args.name, "namespace": args.namespace}
    parent.network.proof.tell(service, {"metadata": named, "spec": spec}, parent)
    return service


def cluster_ip_of(service: Service) -> pulumi.Output[str]:
    """Give a Service's address; in a preview of a new one it's unknown."""
    return service.spec.apply(lambda spec: cast("str", spec.cluster_ip))


def dns_name(args: ServiceArgs, cluster_domain: str = "cluster.local") -> str:
    """Give the name that pods find the Service by."""
    return f"{args.name}.{args.namespace}.svc.{cluster_domain}"
