"""A Service's records as a set of records has them: by name and type."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import assert_never

from kubewire.deferred import UNKNOWN, Later, is_deferred
from kubewire.resources.record import AliasRecord, Record
from kubewire.resources.record_routing import FailoverRouting, SimpleRouting, WeightedRouting
from kubewire.resources.record_values import RecordType
from kubewire.resources.zone_records import key_of
from kubewire.services.dns.description import BalancerDns, DnsAlias, DnsCname, NodeDns
from kubewire.services.families import IPFamily

Rows = dict[str, Record | AliasRecord]
ADDRESS_TYPES = {IPFamily.IPV4: RecordType.A, IPFamily.IPV6: RecordType.AAAA}


@dataclass(frozen=True)
class BalancerName:
    """What records of a load balancer lead to.

    Attributes:
        dns_name: its name; known after the apply.
        zone_id: the hosted zone of that name.
        ipv6: whether it has IPv6 addresses.
    """

    dns_name: Later[str]
    zone_id: Later[str]
    ipv6: bool


def unknown_balancer(*, ipv6: bool) -> BalancerName:
    """Stand for a load balancer whose name only the apply will know."""
    unknown: Later[str] = UNKNOWN  # type: ignore[assignment]  # what a preview has in the place of a value
    return BalancerName(unknown, unknown, ipv6)


def balancer_rows(record: BalancerDns, name: str, balancer: BalancerName) -> Rows:
    """Give the records of a load balancer's name."""
    match record:
        case DnsCname():
            routing = _among(record.routing)
            row = Record(ttl=record.ttl, values=(balancer.dns_name,), routing=routing)
            return {_key(name, RecordType.CNAME, routing): row}
        case DnsAlias():
            routing = _among(record.routing)
            alias = AliasRecord(
                dns_name=balancer.dns_name,
                hosted_zone_id=balancer.zone_id,
                evaluate_target_health=record.evaluate_target_health,
                routing=routing,
            )
            kinds = (RecordType.A, RecordType.AAAA) if balancer.ipv6 else (RecordType.A,)
            return {_key(name, kind, routing): alias for kind in kinds}
        case _:
            assert_never(record)


def node_rows(record: NodeDns, name: str, addresses: Mapping[IPFamily, Collection[Later[str]]]) -> Rows:
    """Give the records of nodes' addresses, for each family one."""
    routing = _among(record.routing)
    rows: Rows = {}
    for family in record.ip_families:
        # As Check sorts them, where all are known.
        given = list(addresses[family])
        values = tuple(given) if any(map(is_deferred, given)) else tuple(sorted(given))
        rows[_key(name, ADDRESS_TYPES[family], routing)] = Record(ttl=record.ttl, values=values, routing=routing)
    return rows


def _among(routing: SimpleRouting | WeightedRouting | FailoverRouting) -> WeightedRouting | FailoverRouting | None:
    return None if isinstance(routing, SimpleRouting) else routing


def _key(name: str, kind: RecordType, routing: WeightedRouting | FailoverRouting | None) -> str:
    return key_of(name, kind, routing.set_identifier if routing else None)
