"""28. No rule that is open to the world opens node ports by accident, for Services that are yet to come."""

from __future__ import annotations

from collections.abc import Iterator

from kubewire.net.kinds import PORTED, Kinds
from kubewire.prover.facts.cluster import NodePorts
from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.firewall import Direction, GroupRule, PrefixListPeer, RangePeer
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties.exposure import rules_of
from kubewire.prover.properties.property import Property
from kubewire.prover.reach.endpoints import interface_of
from kubewire.prover.reach.further import further
from kubewire.prover.reach.matches import matched
from kubewire.prover.reach.network import Network
from kubewire.prover.verdict import Finding
from kubewire.prover.witness import Witness

WIDEST = 8
"""The shortest prefix that one organisation can hold: whoever admits more admits the internet."""


def _check(network: Network) -> Iterator[Finding]:
    ports = network.cluster.node_ports
    if isinstance(ports, Unknown):
        yield ports
        return
    yield from network.unreadable
    opened, unsure = _opened(network.facts)
    dangerous = _range(ports) - opened
    for found in rules_of(network, _groups(network)):
        if isinstance(found, Unknown):
            yield found
        else:
            group, rule = found
            yield from _judged(network.facts, rule, group, dangerous, unsure)


def _judged(facts: Facts, rule: GroupRule, group: str, dangerous: Kinds, unsure: list[Unknown]) -> Iterator[Finding]:
    """Judge one rule. Ports that the API server will choose for a Service are meant to be open, whichever they are."""
    world = _is_world(facts, rule)
    if rule.direction is not Direction.INGRESS or world is False:
        return
    opens = matched(rule.match)
    accidental = opens.certain & dangerous
    if isinstance(world, Unknown):
        yield from [world] if opens.possible & dangerous else []
    elif not accidental:
        chosen = {unknown.comes_from for unknown in unsure}
        yield from (Unknown(comes_from=name) for name in sorted(opens.unknowns) if name not in chosen)
    elif unsure and len(accidental) <= len(unsure):
        yield from unsure
    elif facts.unseen_services and not _is_all(accidental, dangerous):
        # Some of the ports may be asked for; nobody asks for all of them.
        yield from (Unknown(comes_from=unknown) for unknown in facts.unseen_services)
    else:
        opened = f'rule "{rule.name}" of security group {group} opens {accidental} to {rule.peer}'
        yield Witness(summary=f"{opened}, and no Service asks for it")


def _is_all(accidental: Kinds, dangerous: Kinds) -> bool:
    """Whether it is every node port of a protocol."""
    return any(
        bool(dangerous & Kinds.protocol(protocol)) and dangerous & Kinds.protocol(protocol) <= accidental
        for protocol in PORTED
    )


def _is_world(facts: Facts, rule: GroupRule) -> bool | Unknown:
    match rule.peer:
        case RangePeer(range=item):
            return item if isinstance(item, Unknown) else item.prefixlen < WIDEST
        case PrefixListPeer(prefix_list=name) if name in facts.prefix_lists:
            return any(item.prefixlen < WIDEST for item in facts.prefix_lists[name])
        case PrefixListPeer(prefix_list=name):
            return Unknown(comes_from=f"the ranges of prefix list {name}")
        case _:
            return False


def _range(ports: NodePorts) -> Kinds:
    return Kinds.union(Kinds.ports(protocol, ports.first, ports.last) for protocol in PORTED)


def _opened(facts: Facts) -> tuple[Kinds, list[Unknown]]:
    """Give the node ports that Services ask for, and those of which only the apply will know."""
    asked = [(port.protocol, port.node_port) for service in facts.services for port in service.ports]
    known = [Kinds.ports(protocol, port) for protocol, port in asked if isinstance(port, int)]
    return Kinds.union(known), [port for _, port in asked if isinstance(port, Unknown)]


def _groups(network: Network) -> Iterator[str | Unknown]:
    """Give the groups of all nodes, each once."""
    seen: dict[str | Unknown, None] = {}
    for node in network.cluster.nodes:
        interface = interface_of(network.facts, node)
        seen |= dict.fromkeys(interface.groups if interface else ())
    for _, _, interface in further(network.facts, network.cluster.nodes):
        seen |= dict.fromkeys(interface.groups)
    yield from seen


PROPERTY = Property(28, "No world-open rule opens node ports by accident", "new Services become public", _check)
