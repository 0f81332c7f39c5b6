"""22. A Service without endpoints refuses at once: nothing is dropped in silence.

kube-proxy answers for it on the client's own node. It drops instead where `internalTrafficPolicy` is Local and all
endpoints are on other nodes; and a client outside gets its answer, an ICMP message, only if network ACLs pass it.
https://kubernetes.io/docs/reference/networking/virtual-ips/#internal-traffic-policy
"""

from __future__ import annotations

from collections.abc import Iterator

from kubewire.net.addresses import Addresses
from kubewire.net.kinds import IpProtocol, Kinds, kind_of
from kubewire.prover.facts.services import Service, ServiceType
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties.declared import Callers, callers, members, stranger
from kubewire.prover.properties.property import Property
from kubewire.prover.properties.serving import addressed, alike, ready
from kubewire.prover.reach.endpoints import Endpoint, Role
from kubewire.prover.reach.entering import family
from kubewire.prover.reach.network import Network
from kubewire.prover.reach.paths import Paths
from kubewire.prover.reach.stages import Way, stop
from kubewire.prover.reach.world import example, pieces
from kubewire.prover.verdict import Finding

UNREACHABLE = {
    4: Kinds.icmp(3, 3),
    6: Kinds.icmp(1, 4, protocol=IpProtocol.ICMPV6),
}
"""What says that nobody listens at a port, by IP's version: RFC 792, RFC 4443."""


def _check(network: Network) -> Iterator[Finding]:
    services = addressed(network)
    for service in services:
        if service.internal_local:
            yield from _dropped(network, service)
    for peers, outside in alike(one for one in services if one.type is ServiceType.NODE_PORT):
        if not isinstance(peers, Unknown):
            yield from _unheard(network, outside[0], callers(network, peers))
        elif any(_acl_before(network, one) for one in _nodes(network)):
            yield peers


def _dropped(network: Network, service: Service) -> Iterator[Finding]:
    """Find a node from which nobody gets an answer: it may send to none of the endpoints that there are."""
    backends = ready(service)
    if isinstance(backends, Unknown):
        yield backends
        return
    there = {one.node for one in backends}
    if not there or None in there:
        yield from [Unknown(comes_from=f"on which node an endpoint of {service.label} is")] if None in there else []
        return
    for node in network.cluster.nodes:
        if node.expected:
            yield Unknown(comes_from=f"whether nodes that others make have endpoints of {service.label}")
            return
        if node.name not in there:
            others = ", ".join(sorted(map(str, there)))
            why = f"internalTrafficPolicy is Local, and {service.label} has endpoints on {others}"
            kind = kind_of(service.ports[0].protocol, service.ports[0].port)
            way = Way(f"a pod on {node.name}", service.label, (stop(f"kube-proxy on {node.name}", why),))
            yield way.witness(kind, f"what {node.name} sends to {service.label} is dropped, and not refused")
            return


def _unheard(network: Network, service: Service, who: Callers) -> Iterator[Finding]:
    """Find a client outside that doesn't hear of the refusal."""
    for node in _nodes(network):
        if not _acl_before(network, node):
            continue
        yield from who.unknowns
        subnet = network.subnet_of(node.interface)
        known = [item for item in subnet.ranges if not isinstance(item, Unknown)] if subnet else []
        beyond = []
        for one in _members(network, who, node.version):
            if isinstance(one, Unknown):
                yield one
            else:
                beyond.append(one)
        sent = Addresses.union([who.addresses & family(node.version), *beyond]) - Addresses.of(*known)
        for first, last in pieces(network, sent):
            stage = Paths(network).refusal(node, stranger(network, first, last))
            needed = UNREACHABLE[node.version]
            client = example(Addresses.span(first, last))
            if not needed <= stage.passes.possible:
                summary = f"{client} waits for {service.label} where nobody answers: the refusal is lost"
                yield Way(node.label, client, (stage,)).witness(needed.lowest(), summary)
            elif not needed <= stage.passes.certain:
                yield from (Unknown(comes_from=unknown) for unknown in sorted(stage.passes.unknowns))


def _members(network: Network, who: Callers, version: int) -> Iterator[Addresses | Unknown]:
    """Give the addresses of the members of declared groups that aren't nodes, or what would say them."""
    for group in sorted(who.groups):
        found = members(network, group)
        if isinstance(found, Unknown):
            yield found
            continue
        for one in found:
            address = one.address if version == 4 else one.ipv6  # noqa: PLR2004 - IP's version
            if isinstance(address, Unknown):
                yield address
            elif address is not None:
                yield Addresses.one(address)


def _nodes(network: Network) -> Iterator[Endpoint]:
    return (members[0] for members in network.classes if members[0].role is Role.NODE)


def _acl_before(network: Network, node: Endpoint) -> bool:
    subnet = network.subnet_of(node.interface)
    return subnet is None or subnet.acl is not None


PROPERTY = Property(22, "A Service without endpoints refuses at once", "a hang until the client gives up", _check)
