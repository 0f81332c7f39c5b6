"""What every Service type has in common."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import pulumi
from pulumi_kubernetes.core.v1 import Service, ServicePortArgs, ServiceSpecArgs
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs
from pydantic import Field, model_validator

from kubewire.errors import InvalidInputError
from kubewire.model import Described, PortNumber
from kubewire.network.cluster_network import ClusterNetwork
from kubewire.services.kubernetes_names import Labels, NamespaceName, PortName, ServiceName

SERVICE_TYPES = ("ClusterIP", "NodePort", "LoadBalancer", "ExternalName")

# Services are declared before the pods behind them exist; pulumi-kubernetes would wait for those.
SKIP_AWAIT = {"pulumi.com/skipAwait": "true"}


class PortProtocol(StrEnum):
    """What a Service port carries; the values are Kubernetes'."""

    TCP = "TCP"
    UDP = "UDP"


class ServicePort(Described):
    """A port of a Service."""

    name: PortName | None = None
    """Its name; needed where a Service has several ports."""
    port: PortNumber
    """The port that clients connect to."""
    target_port: PortNumber | PortName | None = None
    """The port that the pod listens on, or its name. Default: the same as `port`."""
    protocol: PortProtocol = PortProtocol.TCP
    """What it carries."""

    @property
    def key(self) -> str:
        """Give what tells it from the Service's other ports."""
        return self.name or f"{self.port}-{self.protocol.lower()}"


class NodeServicePort(ServicePort):
    """A port of a Service that every node opens too."""

    node_port: PortNumber | None = None
    """The port on every node. Default: the API server chooses a free one, which only the apply will know."""


class ServiceArgs(Described):
    """What describes every Service."""

    name: ServiceName
    """Its name, the first part of its DNS name."""
    namespace: NamespaceName = "default"
    """Its namespace."""
    labels: Labels = {}
    """Labels on the Service."""

    @property
    def label(self) -> str:
        """Give its name as people write it."""
        return f"{self.namespace}/{self.name}"

    def name_in(self, network: ClusterNetwork) -> str:
        """Give what tells it from the Services of the stack's other clusters; a dot is in none of the names."""
        return f"{network.args.name}.{self.namespace}.{self.name}"


class SelectingArgs(ServiceArgs):
    """What describes a Service that has pods behind it."""

    selector: Labels = Field(min_length=1)
    """The labels of those pods."""


def check_ports(ports: tuple[ServicePort, ...]) -> None:
    """Refuse what the API server would refuse: nameless ports among several, and the same port twice."""
    for index, port in enumerate(ports):
        path, earlier = f"ports[{index}]", ports[:index]
        if len(ports) > 1 and port.name is None:
            detail = "Kubernetes wants a name for each port where there are several."
            raise InvalidInputError("a port without a name", detail=detail, path=f"{path}.name")
        if port.name is not None and port.name in {other.name for other in earlier}:
            raise InvalidInputError(f"{port.name} is there twice", detail="Rename one.", path=f"{path}.name")
        if (port.port, port.protocol) in {(other.port, other.protocol) for other in earlier}:
            message = f"{port.port}/{port.protocol} is there twice"
            raise InvalidInputError(message, detail="Remove one, or give it another port.", path=f"{path}.port")


class PortedArgs(SelectingArgs):
    """What describes a Service with ports and no node ports."""

    ports: tuple[ServicePort, ...] = Field(min_length=1)
    """Its ports."""

    @model_validator(mode="after")
    def _ports_fit(self) -> PortedArgs:
        check_ports(self.ports)
        return self


class NodePortedArgs(SelectingArgs):
    """What describes a Service with node ports."""

    ports: tuple[NodeServicePort, ...] = Field(min_length=1)
    """Its ports."""

    @model_validator(mode="after")
    def _ports_fit(self) -> NodePortedArgs:
        check_ports(self.ports)
        seen: set[int] = set()
        for index, port in enumerate(self.ports):
            if port.node_port in seen:
                detail = "A node port serves one port of one Service, whatever the protocol."
                path = f"ports[{index}].nodePort"
                raise InvalidInputError(f"{port.node_port} is there twice", detail=detail, path=path)
            if port.node_port is not None:
                seen.add(port.node_port)
        return self


def kubernetes_service(
    name: str, args: ServiceArgs, spec: dict[str, Any], parent: pulumi.Resource, opts: pulumi.ResourceOptions | None
) -> Service:
    """Declare the Kubernetes object of a Service.

    Args:
        name: what the stack calls it.
        args: its name in the cluster, and its labels.
        spec: its spec, in Python names.
        parent: its component.
        opts: the component's options. What it waits for, its namespace say, a child does not wait for by itself.
    """
    # A Service that changes its type changes its component, and is still the same object of the cluster.
    above = opts.parent if opts else None
    former = [
        pulumi.Alias(parent=pulumi.create_urn(name, f"kubewire:services:{kind}Service", above))
        for kind in SERVICE_TYPES
        if kind != spec["type"]
    ]
    own = pulumi.ResourceOptions(parent=parent, depends_on=opts.depends_on if opts else None, aliases=former)
    metadata = ObjectMetaArgs(
        name=args.name, namespace=args.namespace, labels=args.labels or None, annotations=SKIP_AWAIT
    )
    return Service(name, metadata=metadata, spec=ServiceSpecArgs(**spec), opts=own)


def service_ports(ports: tuple[ServicePort, ...]) -> list[ServicePortArgs]:
    """Write ports as the Kubernetes object has them; the seed's rule: a target port left out is the port."""
    return [
        ServicePortArgs(
            name=port.name,
            port=port.port,
            target_port=port.target_port or port.port,
            protocol=port.protocol.value,
            node_port=port.node_port if isinstance(port, NodeServicePort) else None,
        )
        for port in ports
    ]


def dns_name(args: ServiceArgs, cluster_domain: str = "cluster.local") -> str:
    """Give the name that pods find the Service by."""
    return f"{args.name}.{args.namespace}.svc.{cluster_domain}"
