"""The records of several Services: seen together before any of them is declared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from kubewire.deferred import UNKNOWN
from kubewire.errors import InvalidInputError
from kubewire.network.args import ClusterNetworkArgs
from kubewire.resources.record import AliasRecord
from kubewire.resources.zone_records import key_of, parts_of
from kubewire.services.common import ServiceArgs
from kubewire.services.dns.balancers import balancer_records
from kubewire.services.dns.claims import Claims
from kubewire.services.dns.declare import Wanted
from kubewire.services.dns.nodes import node_records
from kubewire.services.dns.rows import unknown_balancer
from kubewire.services.external_name import ExternalNameServiceArgs
from kubewire.services.load_balancer.args import LoadBalancerServiceArgs
from kubewire.services.load_balancer.behind import Behind
from kubewire.services.node_port import NodePortServiceArgs


def check_records(services: Sequence[ServiceArgs], network: ClusterNetworkArgs, behind: Iterable[Behind]) -> None:
    """Refuse records that no zone can have, or can't have together.

    Args:
        services: the stack's.
        network: the network of their cluster.
        behind: their load balancers.

    Raises:
        InvalidInputError: one without a zone, there twice, beside a CNAME, among others that are chosen in another way.
    """
    ipv6 = {path: balancer.has_ipv6 for balancer in behind for path in balancer.services}
    claims, apexes = Claims(), list[tuple[Wanted, str]]()
    for index, service in enumerate(services):
        for one in _wanted(service, network, ipv6, f"services[{index}]"):
            claims.claim(one.described.zone_key, one.rows, service.label, one.path)
            apexes += [(one, service.label)]
    for one, label in apexes:
        _check_targets(one, claims, label)


def _wanted(service: ServiceArgs, network: ClusterNetworkArgs, ipv6: Mapping[str, bool], path: str) -> Iterator[Wanted]:
    unknown: Any = UNKNOWN
    match service:
        case LoadBalancerServiceArgs():
            balancer = unknown_balancer(ipv6=ipv6.get(path, False))
            yield from balancer_records(service.dns, network.domain, balancer, path)
        case NodePortServiceArgs():
            yield from node_records(service.dns, network, None, path)
        case ExternalNameServiceArgs():
            if record := service.record(network.domain, unknown, path):
                yield record
        case _:
            return


def _check_targets(wanted: Wanted, claims: Claims, label: str) -> None:
    """Refuse an alias of a record that the same run would make: Route53 takes one of what is there already."""
    for key, row in wanted.rows.items():
        if not isinstance(row, AliasRecord) or not isinstance(row.dns_name, str):
            continue
        holder = claims.holder(wanted.described.zone_key, key_of(row.dns_name, parts_of(key)[1]))
        if holder and holder != label:
            detail = f"It is a name of {holder}. Give that one this name, too."
            message = f"{row.dns_name} is the stack's own"
            raise InvalidInputError(message, detail=detail, path=f"{wanted.path}.name")
