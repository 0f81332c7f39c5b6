"""Where a load balancer goes for several of its Services alike: proxies of nodes, ports of health checks, pods.

EC2 keeps one of each rule on a group. Two Services may have pods that answer on the same port, so none of them has the
rule: it is the load balancer's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kubewire.network.sources import Peer
from kubewire.resources.traffic import Direction, Ports, Protocol, Rule
from kubewire.services.load_balancer.args import LoadBalancerServiceArgs
from kubewire.services.load_balancer.pods import Found, pod_ports
from kubewire.services.ports import PortProtocol

# https://kubernetes.io/docs/reference/command-line-tools-reference/kube-proxy/ (--healthz-bind-address)
PROXY_HEALTH_PORT = 10256
HEALTH_RULES = "health checks"


@dataclass(frozen=True)
class Way:
    """A port that a load balancer goes to.

    Attributes:
        protocol: what it speaks there.
        port: the port.
        to_pods: whether it's a port of pods, and not of nodes.
    """

    protocol: Protocol
    port: int
    to_pods: bool

    @property
    def name(self) -> str:
        """Say what it is for."""
        if self.to_pods:
            return f"{self.port}/{self.protocol.upper()}"
        return HEALTH_RULES if self.port == PROXY_HEALTH_PORT else f"{HEALTH_RULES} {self.port}"

    @property
    def where(self) -> str:
        """Say where it is."""
        return "pods" if self.to_pods else "nodes"

    def rule(self, direction: Direction, peer: Peer) -> Rule:
        """Give the rule for it."""
        return Rule(direction=direction, protocol=self.protocol, ports=Ports.one(self.port), peer=peer)


def common_ways(services: Iterable[LoadBalancerServiceArgs], found: Found, *, apart: bool = False) -> list[Way]:
    """Give the ways of a load balancer's Services, each once.

    Args:
        services: those behind it.
        found: the pods behind them, where they are the targets.
        apart: whether pods are somebody else to a firewall than nodes, so that a port of both is two ways.
    """
    services = list(services)
    # A port that has a rule as somebody's node port needs no second one for health checks.
    taken = {port.node_port for args in services if not args.to_pods for port in args.ports if _is_tcp(port.protocol)}
    ways: dict[tuple[Protocol, int, bool], Way] = {}
    for args in services:
        for way in _ways(args, found):
            if way.to_pods or way.port not in taken:
                ways.setdefault((way.protocol, way.port, way.to_pods and apart), way)
    return list(ways.values())


def _ways(args: LoadBalancerServiceArgs, found: Found) -> Iterator[Way]:
    for protocol, port in pod_ports(args, found):
        yield Way(protocol, port, to_pods=True)
    if args.to_pods:
        return
    if args.checks_proxies and not args.is_local:
        yield Way(Protocol.TCP, PROXY_HEALTH_PORT, to_pods=False)
    if args.health_check and args.health_check.port:
        yield Way(Protocol.TCP, args.health_check.port, to_pods=False)


def _is_tcp(protocol: PortProtocol) -> bool:
    return protocol is PortProtocol.TCP
