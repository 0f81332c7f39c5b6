"""Ways to a Service's own address: kube-proxy sends on to one of its pods, and from outside there is no way.

https://kubernetes.io/docs/reference/networking/virtual-ips/
"""

from __future__ import annotations

from kubewire.net.addresses import Addresses
from kubewire.net.kinds import kind_name, kind_of
from kubewire.prover.facts.services import Service, ServiceEndpoint, ServicePort
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties import hidden_services
from kubewire.prover.properties.backends import found_at
from kubewire.prover.queries.endpoints import within
from kubewire.prover.queries.legs import Leg, Legs, Trial
from kubewire.prover.reach.endpoints import Endpoint, Role
from kubewire.prover.reach.gateways import passing, unsure
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.stages import Stage, stop


def from_inside(network: Network, source: Endpoint, service: Service, kind: int) -> Trial:
    """Follow what a node or pod sends to a Service; its pods may be on any node."""
    port = _port(service, kind)
    first: Stage = _proxied(source, service, port)
    if port is None or service.external_name:
        ways: tuple[Legs, ...] = ((Leg((first,), kind),),)
    elif isinstance(service.endpoints, tuple):
        onward = _to_endpoints(network, source, service, service.endpoints, port)
        ways = tuple((Leg((first,), kind), Leg(stages, inner)) for stages, inner in onward)
    elif isinstance(port.target_port, int):
        inner = kind_of(port.protocol, port.target_port)
        ways = tuple((Leg((first,), kind), Leg(stages, inner)) for stages in _to_pods(network, source))
    else:
        number = port.target_port if isinstance(port.target_port, str) else port.target_port.comes_from
        named = unsure(f"Service {service.label}", f"which number its pods give to port {number}")
        ways = tuple((Leg((first, named), kind), Leg(stages, kind)) for stages in _to_pods(network, source))
    return Trial(source.label, Addresses.nothing(), f"Service {service.label}", kind, ways)


def from_outside(network: Network, sender: str, addresses: Addresses, service: Service, kind: int) -> Trial:
    """Say that nothing leads to Services' addresses from outside the nodes, or what does."""
    place = f"address of Service {service.label}"
    findings = list(hidden_services.PROPERTY.check(network))
    unknown = next((one.comes_from for one in findings if isinstance(one, Unknown)), None)
    wrong = next((one.summary for one in findings if not isinstance(one, Unknown)), None)
    if wrong or unknown:
        stage = unsure(place, str(wrong or unknown))
    else:
        stage = stop(place, "no route and no load balancer leads to Services' addresses (property 20)")
    return Trial(sender, addresses, f"Service {service.label}", kind, ((Leg((stage,), kind),),))


def _port(service: Service, kind: int) -> ServicePort | None:
    found = [port for port in service.ports if kind_of(port.protocol, port.port) == kind]
    return found[0] if found else None


def _proxied(source: Endpoint, service: Service, port: ServicePort | None) -> Stage:
    place = f"kube-proxy on {source.node}"
    if service.external_name:
        return unsure(f"Service {service.label}", f"who answers as {service.external_name}: it is a name and no more")
    if port is None:
        has = ", ".join(kind_name(kind_of(one.protocol, one.port)) for one in service.ports)
        return stop(place, f"the Service has {has or 'no ports'}")
    return passing(place, f"sends {service.label}:{port.port} on to port {_number(port)} of one of its pods")


def _to_endpoints(
    network: Network, source: Endpoint, service: Service, told: tuple[ServiceEndpoint, ...], port: ServicePort
) -> list[tuple[tuple[Stage, ...], int]]:
    """Give the ways to those that answer, as the cluster tells them: one of each sort, with what goes by it.

    https://kubernetes.io/docs/concepts/services-networking/service-traffic-policy/
    """
    place = f"Service {service.label}"
    near = [one for one in told if one.ready and not (service.internal_local and one.node not in (None, source.node))]
    found: dict[object, tuple[tuple[Stage, ...], int]] = {}
    for one in near:
        number, there = one.ports.get(port.name), found_at(network, service, one)
        if number is None:
            found[place] = ((stop(place, f"{one.address} has no port {port.name or port.port}"),), 0)
        elif isinstance(there, Endpoint):
            key = (network.class_of(there), there.node == source.node, number)
            if key not in found:
                found[key] = within(network, source, there), kind_of(port.protocol, number)
        elif isinstance(there, Unknown):
            found[there.comes_from] = ((unsure(place, there.comes_from),), 0)
        else:
            found[there.summary] = ((stop(place, there.summary),), 0)
    where = f" on {source.node}" if service.internal_local else ""
    return list(found.values()) or [((stop(place, f"it has no endpoint that is ready{where}, so it is refused"),), 0)]


def _number(port: ServicePort) -> str:
    return "that isn't known" if isinstance(port.target_port, Unknown) else str(port.target_port)


def _to_pods(network: Network, source: Endpoint) -> list[tuple[Stage, ...]]:
    """Give the ways to pods of every sort: AWS doesn't know which are the Service's."""
    found: list[tuple[bool, tuple[Stage, ...]]] = []
    for one in network.classes:
        if one[0].role is Role.POD and one[0].version == source.version:
            away = next((pod for pod in one if pod.node != source.node), one[0])
            found.append((away.node == source.node, within(network, source, away)))
    open_ends = network.cluster.open_ends or tuple(item.comes_from for item in network.unreadable)
    unknown = [(unsure("its pods", item),) for item in open_ends]
    # The longest way first: it is the one that is shown.
    known = [stages for _, stages in sorted(found, key=lambda item: item[0])]
    return [*known, *unknown] or [(unsure("its pods", "which addresses pods have"),)]
