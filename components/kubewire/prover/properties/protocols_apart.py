"""23. TCP and UDP on one port are apart: each has its own way to its own port of the pods."""

from __future__ import annotations

from collections.abc import Iterator

from kubewire.net.kinds import kind_name, kind_of
from kubewire.prover.facts.services import LoadBalancer, Service, ServicePort, Target
from kubewire.prover.facts.unknown import Known, Unknown
from kubewire.prover.properties.balancing import Sending, balancers_of, sendings
from kubewire.prover.properties.property import Property
from kubewire.prover.properties.receivers import targets
from kubewire.prover.properties.serving import port_behind, written
from kubewire.prover.reach.network import Network
from kubewire.prover.verdict import Finding
from kubewire.prover.witness import Witness


def _check(network: Network) -> Iterator[Finding]:
    for service in network.services:
        yield from _one_service(service)
    for balancer in balancers_of(network):
        yield from _one_balancer(balancer)
    for sending in sendings(network):
        if isinstance(sending, Unknown):
            yield sending
        elif sending.service is not None:
            yield from _mixed(network, sending, sending.service)


def _one_service(service: Service) -> Iterator[Witness]:
    """Find ports that can't be told apart, by number and protocol or by name."""
    numbers, names = set[tuple[int, int]](), set[str]()
    for port in service.ports:
        if (port.port, port.protocol) in numbers:
            yield Witness(summary=f"{written(service, port)} is there twice by one protocol, {_name(port)}")
        elif port.name in names:
            name = repr(port.name) if port.name else "no name"
            yield Witness(
                summary=f"{written(service, port)} has {name}, as another of its ports: endpoints mix them up"
            )
        numbers.add((port.port, port.protocol))
        names.add(port.name)


def _one_balancer(balancer: LoadBalancer) -> Iterator[Witness]:
    """Find listeners on one port: AWS has one, for TCP_UDP where it takes both.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/create-listener.html
    """
    taken: dict[int, str] = {}
    for listener in balancer.listeners:
        if listener.port in taken:
            both = f"{taken[listener.port]} and {listener.name}"
            yield Witness(summary=f"port {listener.port} of {balancer.name} has two listeners, {both}")
        taken[listener.port] = listener.name


def _mixed(network: Network, sending: Sending, service: Service) -> Iterator[Finding]:
    """Find a protocol that goes where another one of the same port belongs."""
    ports = {port.protocol: port for port in service.ports if port.port == sending.listener.port}
    if len(ports) + len(sending.listener.protocols) < 2 or not ports:  # noqa: PLR2004 - of one, there is nothing to mix
        return
    for protocol in sending.listener.protocols:
        name = kind_name(kind_of(protocol, sending.listener.port))
        own = ports.get(protocol)
        if own is None:
            yield Witness(summary=f"{sending} takes {name}, and {service.label} has that port for another protocol")
            continue
        expected = port_behind(service, own, sending.group)
        others = {port_behind(service, port, sending.group) for port in ports.values()} - {expected}
        for target in targets(network, sending.group) if others else ():
            yield from _wrong(sending, target, name, expected, others)


def _wrong(
    sending: Sending, target: Target, name: str, expected: Known[int], others: set[Known[int]]
) -> Iterator[Finding]:
    unknown = next((item for item in (target.port, expected, *others) if isinstance(item, Unknown)), None)
    if unknown is not None:
        yield unknown
    elif target.port in others:
        yield Witness(summary=f"{sending} sends {name} to port {target.port} of {target.name}, another protocol's")


def _name(port: ServicePort) -> str:
    return kind_name(kind_of(port.protocol, port.port))


PROPERTY = Property(23, "TCP and UDP on one port are apart", "one protocol's clients get the other's answers", _check)
