"""The ports of a LoadBalancer Service, and the listeners that they make: a load balancer listens once on a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kubewire.deferred import Later
from kubewire.errors import InvalidInputError
from kubewire.model import Described
from kubewire.resources.elb import TransportProtocol
from kubewire.resources.tls import TLS_POLICY, AlpnPolicy, CertificateArn, TlsPolicyName
from kubewire.services.load_balancer.targets import NodeTargets, PodTargets
from kubewire.services.ports import NodeServicePort, PortProtocol


class TlsBackend(StrEnum):
    """What is spoken with targets behind a listener of TLS."""

    TCP = "tcp"
    """What clients say, decrypted."""
    TLS = "tls"
    """The same, encrypted anew; the target's certificate isn't verified."""


class Tls(Described):
    """TLS that ends at the load balancer.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/create-listener.html
    """

    certificate: Later[CertificateArn]
    """ARN of the server's certificate, in ACM or IAM."""
    policy: TlsPolicyName = TLS_POLICY
    """The security policy: which versions and ciphers there are. Default: TLS 1.3 and 1.2 alone."""
    alpn: AlpnPolicy | None = None
    """Which application protocol is agreed on with clients. Default: none."""
    backend: TlsBackend = TlsBackend.TCP
    """What is spoken with targets."""


class LoadBalancerServicePort(NodeServicePort):
    """A port of a Service that a load balancer listens on."""

    tls: Tls | None = None
    """Ends TLS at the load balancer. Default: what clients say is passed on as it is."""


def in_spec(ports: Sequence[LoadBalancerServicePort]) -> dict[str, Any]:
    """Write the ports as the Service's spec has them: what the load balancer does with them isn't Kubernetes'."""
    return {"ports": [{key: value for key, value in port.to_wire().items() if key != "tls"} for port in ports]}


@dataclass(frozen=True)
class Listened:
    """A port number that a load balancer listens on.

    Attributes:
        ports: the Service's ports of that number: one, or that of TCP and then that of UDP.
    """

    ports: tuple[LoadBalancerServicePort, ...]

    @property
    def main(self) -> LoadBalancerServicePort:
        """Give the port that it's named by."""
        return self.ports[0]

    @property
    def protocol(self) -> TransportProtocol:
        """What clients speak."""
        if self.main.tls:
            return TransportProtocol.TLS
        return TransportProtocol.TCP_UDP if len(self.ports) > 1 else TransportProtocol(self.main.protocol.value)

    @property
    def to_targets(self) -> TransportProtocol:
        """What is spoken with targets."""
        if self.main.tls:
            return TransportProtocol(self.main.tls.backend.upper())
        return self.protocol

    @property
    def is_udp(self) -> bool:
        """Whether it carries UDP alone: nothing there answers a health check."""
        return self.protocol is TransportProtocol.UDP


def listened(ports: Sequence[LoadBalancerServicePort]) -> list[Listened]:
    """Give the listeners of a Service's ports, in their order."""
    by_number: dict[int, list[LoadBalancerServicePort]] = {}
    for port in ports:
        by_number.setdefault(port.port, []).append(port)
    # TCP comes first, for the listener of both is the one that was there for TCP alone.
    return [Listened(tuple(sorted(some, key=_is_udp))) for some in by_number.values()]


def _is_udp(port: LoadBalancerServicePort) -> bool:
    return port.protocol is PortProtocol.UDP


def check_listeners(ports: Sequence[LoadBalancerServicePort], targets: NodeTargets | PodTargets) -> None:
    """Refuse ports that can't be listened on together. Raises InvalidInputError, with the path in the Service.

    Args:
        ports: all of the Service's, which the API server would take.
        targets: what is sent to.
    """
    for index, port in enumerate(ports):
        path = f"ports[{index}]"
        if port.tls and port.protocol is not PortProtocol.TCP:
            raise InvalidInputError("TLS is of TCP", detail="Leave it out.", path=f"{path}.tls")
        for other in (other for other in ports[:index] if other.port == port.port):
            if port.tls or other.tls:
                detail = f"A load balancer listens once on {port.port}, and takes UDP there beside plain TCP alone."
                raise InvalidInputError("UDP is there too", detail=detail, path=f"{path}.port")
            _check_pair(port, other, targets, path)


def _check_pair(
    port: LoadBalancerServicePort, other: LoadBalancerServicePort, targets: NodeTargets | PodTargets, path: str
) -> None:
    """Refuse TCP and UDP whose targets would answer on different ports: AWS has one target for both."""
    both = f"TCP and UDP on {port.port} are one listener, and AWS has one port of a target for both."
    if isinstance(targets, PodTargets):
        if port.target_port != other.target_port:
            detail = f"{both} Make `targetPort` the same, or listen on another port."
            message = f"{other.protocol} goes to {other.target_port}"
            raise InvalidInputError(message, detail=detail, path=f"{path}.targetPort")
    elif port.node_port is None or port.node_port != other.node_port:
        detail = f"{both} Write the same `nodePort` for both: Kubernetes lets two protocols of one port share it."
        raise InvalidInputError("must be the other protocol's", detail=detail, path=f"{path}.nodePort")
