"""30. Every listener leads to its Service's port, by its protocol, on every node; or to every pod of the Service."""

from __future__ import annotations

from collections.abc import Iterator

from kubewire.net.kinds import Kinds, kind_name
from kubewire.prover.facts.services import Service, ServicePort, Target, TargetType
from kubewire.prover.facts.unknown import Known, Unknown
from kubewire.prover.properties.balancing import Sending, sendings, targeted
from kubewire.prover.properties.property import Property
from kubewire.prover.properties.receivers import targets
from kubewire.prover.properties.serving import port_behind, ready
from kubewire.prover.reach.endpoints import Endpoint
from kubewire.prover.reach.network import Network
from kubewire.prover.verdict import Finding
from kubewire.prover.witness import Witness


def _check(network: Network) -> Iterator[Finding]:
    asked = _asked(network)
    for sending in sendings(network):
        if isinstance(sending, Unknown):
            yield sending
            continue
        yield from _listened(sending)
        for protocol in sending.group.protocols:
            for target in targets(network, sending.group):
                yield from _port(sending, target, _right(network, sending, protocol, asked), protocol)
        if sending.group.type is TargetType.INSTANCE:
            yield from _every_node(network, sending)
        else:
            yield from _every_pod(sending)


Asked = dict[int, set[Known[int]]]
"""Node ports of Services, by protocol."""


def _asked(network: Network) -> Asked:
    found: Asked = {}
    for service in network.services:
        for port in service.ports:
            if port.node_port is not None:
                found.setdefault(port.protocol, set()).add(port.node_port)
    return found


def _listened(sending: Sending) -> Iterator[Witness]:
    """Find ports that the Service doesn't have, and protocols that the target group doesn't take."""
    has = {(port.port, port.protocol) for port in sending.service.ports} if sending.service else set()
    for protocol in sending.listener.protocols:
        name = kind_name(Kinds.ports(protocol, sending.listener.port).lowest())
        if sending.service and (sending.listener.port, protocol) not in has:
            yield Witness(summary=f"{sending} takes {name}, which {sending.service.label} doesn't have")
        elif protocol not in sending.group.protocols:
            yield Witness(summary=f"{sending} takes {name}, and target group {sending.group.name} another protocol")


def _right(network: Network, sending: Sending, protocol: int, asked: Asked) -> set[Known[int]]:
    """Give the ports that may be meant: the Service's own, or any Service's where nothing says which one it is."""
    if sending.service is None:
        unseen = {Unknown(comes_from=unknown) for unknown in network.facts.unseen_services}
        return asked.get(protocol, set()) | unseen if sending.group.type is TargetType.INSTANCE else set()
    port = _of(sending.service, sending.listener.port, protocol)
    return {port_behind(sending.service, port, sending.group)} if port else set()


def _of(service: Service, number: int, protocol: int) -> ServicePort | None:
    return next((port for port in service.ports if (port.port, port.protocol) == (number, protocol)), None)


def _port(sending: Sending, target: Target, right: set[Known[int]], protocol: int) -> Iterator[Finding]:
    """Hold the port of a target against the ones that are right."""
    unsure = [port for port in right if isinstance(port, Unknown)]
    if target.port in right and not isinstance(target.port, Unknown):
        return
    if isinstance(target.port, Unknown):
        yield target.port
    elif unsure:
        yield from unsure
    elif sending.service is not None or sending.group.type is TargetType.INSTANCE:
        name = kind_name(Kinds.ports(protocol, target.port).lowest())
        whose = sending.service.label if sending.service else "no Service"
        has = " and ".join(str(port) for port in right) or "none"
        said = f"and {whose} has {has} there" if sending.service else "which no Service has"
        yield Witness(summary=f"{sending} sends to port {target.port} of {target.name} ({name}), {said}")
    else:
        yield Unknown(comes_from=f"which Service {sending} is for")


def _every_node(network: Network, sending: Sending) -> Iterator[Finding]:
    known = {one.node for _, one in targeted(network, sending.group) if isinstance(one, Endpoint)}
    named = {target.name for target in sending.group.targets}
    missing = sorted({node.name for node in network.cluster.nodes if not node.expected} - known - named)
    if network.expects_nodes and network.cluster.group not in sending.group.registering:
        what = f"when nodes that others make get into target group {sending.group.name}"
        way_out = "their Auto Scaling group does it at once with `attach: true`, when it is there"
        yield Unknown(comes_from=f"{what}: the next update registers them; {way_out}")
    if missing and sending.group.open_ends:
        yield from (Unknown(comes_from=unknown) for unknown in sending.group.open_ends)
    elif missing:
        yield Witness(summary=f"{sending} doesn't send to {', '.join(missing)}")


def _every_pod(sending: Sending) -> Iterator[Finding]:
    """Hold targets against the Service's endpoints: all of them, and nobody else."""
    if sending.service is None:
        yield Unknown(comes_from=f"which Service {sending} is for")
        return
    backends = ready(sending.service)
    if isinstance(backends, Unknown):
        yield backends
        return
    given = [target.address for target in sending.group.targets]
    unknown = next((address for address in given if isinstance(address, Unknown)), None)
    wanted = {one.address for one in backends if one.address.version == 4}  # noqa: PLR2004 - targets are IPv4
    missing, stale = sorted(wanted - set(given), key=int), [one for one in given if one not in wanted]
    if unknown is not None:
        yield unknown
        return
    if missing:
        yield Witness(summary=f"{sending} doesn't send to {', '.join(map(str, missing))} of {sending.service.label}")
    if stale:
        yield Witness(summary=f"{sending} sends to {', '.join(map(str, stale))}, and {sending.service.label} doesn't")


PROPERTY = Property(30, "Every listener reaches the right port of every node or pod", "partial outage", _check)
