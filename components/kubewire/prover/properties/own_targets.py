"""39. Every CNAME, and every alias, leads to its own target: one that is there, and of the Service that has the name.

A CNAME has its name alone, so it is neither a zone's apex nor beside another record; and where its target is gone,
whoever gets that name next gets the traffic.
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html#CNAMEFormat
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from kubewire.prover.facts.services import LoadBalancer, Record, Service, ServiceType, SimplePolicy, Zone
from kubewire.prover.facts.unknown import Known, Unknown
from kubewire.prover.properties.property import Property
from kubewire.prover.reach.network import Network
from kubewire.prover.verdict import Finding
from kubewire.prover.witness import Witness

CNAME = "CNAME"
ADDRESSES = ("A", "AAAA", CNAME)
"""Types that answer who asks for an address."""


def _check(network: Network) -> Iterator[Finding]:
    for zone in network.facts.zones:
        by_name: defaultdict[str, list[Record]] = defaultdict(list)
        for record in zone.records:
            by_name[plain(record.name)].append(record)
        for name, records in by_name.items():
            if any(record.type == CNAME for record in records):
                yield from _alone(zone, name, records)
            for record in records:
                if record.type == CNAME or record.alias is not None:
                    yield from _leads(network, record)


def plain(name: str) -> str:
    """Write a name as it is compared: DNS knows no case, and a last dot says nothing here."""
    return name.removesuffix(".").lower()


def _alone(zone: Zone, name: str, records: list[Record]) -> Iterator[Finding]:
    """Find what can't be beside a CNAME; several of one policy are one record to whoever asks."""
    if name == plain(zone.domain):
        yield Witness(summary=f"{name} CNAME is the apex of its zone, where the zone's own records are")
    kinds = {(record.type, record.policy.kind) for record in records}
    identifiers = [None if isinstance(one.policy, SimplePolicy) else one.policy.set_identifier for one in records]
    if len(kinds) > 1 or len(set(identifiers)) < len(records):
        types = ", ".join(sorted(record.type for record in records))
        yield Witness(summary=f"{name} has several records, {types}, and a CNAME can't be beside another one")
    yield from (Unknown(comes_from=unknown) for unknown in zone.open_ends)


def _leads(network: Network, record: Record) -> Iterator[Finding]:
    """Follow one record to its target."""
    told = f"{plain(record.name)} {record.type}"
    if record.alias is None and len(record.values) != 1:
        yield Witness(summary=f"{told} has {len(record.values)} values, and a CNAME has one")
        return
    target = record.values[0] if record.alias is None else record.alias
    if record.service is not None:
        service = network.by_label.get(record.service)
        if service is None:
            yield Unknown(comes_from=f"what Service {record.service} is, for which {told} stands")
        else:
            yield from _own(network, told, record, target, service)
    if not isinstance(target, Unknown):
        yield from _there(network, told, plain(record.name), plain(target))
    elif record.balancer is None:
        yield target


def _own(network: Network, told: str, record: Record, target: Known[str], service: Service) -> Iterator[Finding]:
    """Hold a target against what the Service of the record leads to."""
    if service.type is ServiceType.EXTERNAL_NAME:
        wanted = service.external_name
        if isinstance(target, Unknown) or isinstance(wanted, Unknown):
            yield from [one for one in (target, wanted) if isinstance(one, Unknown)]
        elif wanted is None or plain(target) != plain(wanted):
            yield Witness(summary=f"{told} leads to {target}, and {service.label} stands for {wanted or 'nothing'}")
        return
    own = [one for one in network.facts.load_balancers if service.label in _served(one)]
    if record.balancer is not None and record.balancer not in {one.name for one in own}:
        yield Witness(summary=f"{told} leads to load balancer {record.balancer}, which isn't that of {service.label}")
    elif not own:
        yield Witness(summary=f"{told} leads to {target}, and {service.label} has no load balancer")
    elif not isinstance(target, Unknown) and record.balancer is None:
        names = [one.dns_name for one in own]
        unknown = next((name for name in names if isinstance(name, Unknown)), None)
        if not any(isinstance(name, str) and _same(target, name) for name in names):
            others = ", ".join(map(str, names))
            said = f"{told} leads to {target}, and the load balancer of {service.label} is {others}"
            yield unknown or Witness(summary=said)


def _served(balancer: LoadBalancer) -> set[str | None]:
    return {balancer.service, *(listener.service for listener in balancer.listeners)}


def _same(target: str, name: str) -> bool:
    """Whether a target is a load balancer's name; an alias may say that it wants both families."""
    return plain(target).removeprefix("dualstack.") == plain(name)


def _there(network: Network, told: str, name: str, target: str) -> Iterator[Finding]:
    """Find out whether anybody answers by a name: a load balancer, or a record of a zone that is known."""
    if any(isinstance(one.dns_name, str) and _same(target, one.dns_name) for one in network.facts.load_balancers):
        return
    seen = {name}
    while target not in seen:
        seen.add(target)
        zones = _zones(network, target)
        if not zones:
            yield Unknown(comes_from=f"whether {target} is there: it is outside of what is known here")
            return
        found = [record for zone in zones for record in _matching(zone, target) if record.type in ADDRESSES]
        if not found:
            open_ends: list[Finding] = [Unknown(comes_from=unknown) for zone in zones for unknown in zone.open_ends]
            gone = f"{told} dangles: {target} is in zone {zones[0].domain}, and has no record there"
            yield from open_ends or [Witness(summary=gone)]
            return
        following = [record.values[0] for record in found if record.type == CNAME and record.values]
        if not following or isinstance(following[0], Unknown):
            return
        target = plain(following[0])
    yield Witness(summary=f"{told} leads back to itself, by {target}")


def _zones(network: Network, name: str) -> list[Zone]:
    """Give the zones that answer for a name: of those with the longest domain that it is in, all."""
    fitting = [
        zone for zone in network.facts.zones if name == plain(zone.domain) or name.endswith(f".{plain(zone.domain)}")
    ]
    longest = max((len(plain(zone.domain)) for zone in fitting), default=0)
    return [zone for zone in fitting if len(plain(zone.domain)) == longest]


def _matching(zone: Zone, name: str) -> Iterator[Record]:
    wildcard = f"*.{name.partition('.')[2]}"
    for record in zone.records:
        if plain(record.name) in (name, wildcard):
            yield record


PROPERTY = Property(39, "Every CNAME leads to its own target, which is there", "traffic to a stranger", _check)
