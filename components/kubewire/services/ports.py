"""The ports of Services."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag, ValidationInfo, field_validator

from kubewire.errors import InvalidInputError
from kubewire.model import Described, PortNumber
from kubewire.services.kubernetes_names import PortName, QualifiedName, ServicePortName


class PortProtocol(StrEnum):
    """What a Service port carries; the values are Kubernetes'."""

    TCP = "TCP"
    UDP = "UDP"
    SCTP = "SCTP"


TargetPort = Annotated[
    Annotated[PortNumber, Tag("number")] | Annotated[PortName, Tag("name")],
    Discriminator(lambda given: "name" if isinstance(given, str) else "number"),
]
"""A port of a pod by its number, or by its name. A plain union would say of a mistake what both find wrong with it."""


def _own_port(given: dict[str, Any]) -> int:
    port: int = given["port"]
    return port


class ServicePort(Described):
    """A port of a Service. Its fields are Kubernetes', and its wire form is what the Service's spec has."""

    name: ServicePortName | None = None
    """Its name; needed where a Service has several ports."""
    port: PortNumber
    """The port that clients connect to."""
    target_port: TargetPort = Field(default_factory=_own_port)
    """The port that the pod listens on, or its name. Default: the same as `port`."""
    protocol: PortProtocol = PortProtocol.TCP
    """What it carries."""
    app_protocol: QualifiedName | None = None
    """What is spoken on it, for proxies that read it: `http`, `kubernetes.io/h2c`, `example.com/own`."""

    @field_validator("target_port", mode="before")
    @classmethod
    def _is_the_port_if_none(cls, given: Any, info: ValidationInfo) -> Any:
        return info.data.get("port") if given is None else given

    @property
    def key(self) -> str:
        """Give what tells it from the Service's other ports."""
        return self.name or f"{self.port}-{self.protocol.lower()}"


class NodeServicePort(ServicePort):
    """A port of a Service that every node opens too."""

    node_port: PortNumber | None = None
    """The port on every node. Default: the API server chooses a free one, which only the apply will know."""


def check_ports(ports: Sequence[ServicePort]) -> None:
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


def check_node_ports(ports: Sequence[NodeServicePort]) -> None:
    """Refuse node ports that the API server or a security group has no room for."""
    for index, port in enumerate(ports):
        if port.protocol is PortProtocol.SCTP:
            # https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
            detail = "A security group knows no ports of SCTP: its rule would open every Service's. Use a ClusterIP."
            raise InvalidInputError("SCTP can't be let in", detail=detail, path=f"ports[{index}].protocol")
        for other in ports[:index]:
            # The API server has one list of node ports for all protocols, and lets one Service's protocols share.
            shared = port.port == other.port and port.protocol != other.protocol
            if port.node_port is not None and port.node_port == other.node_port and not shared:
                detail = "A node port serves one port of one Service, whatever the protocol."
                path = f"ports[{index}].nodePort"
                raise InvalidInputError(f"{port.node_port} is there twice", detail=detail, path=path)
