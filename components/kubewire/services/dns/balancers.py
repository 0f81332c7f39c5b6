"""Names of load balancers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kubewire.services.dns.declare import Wanted
from kubewire.services.dns.description import BalancerDns
from kubewire.services.dns.rows import BalancerName, balancer_rows


def balancer_records(
    records: Sequence[BalancerDns], domain: str | None, balancer: BalancerName, path: str
) -> Iterator[Wanted]:
    """Give the records of a load balancer's names.

    Args:
        records: the names.
        domain: of the network's own zone, if it has one.
        balancer: what they lead to.
        path: where the Service stands.

    Raises:
        InvalidInputError: a name has no zone, or is too long.
    """
    for index, record in enumerate(records):
        where = f"{path}.dns[{index}]"
        yield Wanted(record, balancer_rows(record, record.full_name(domain, where), balancer), where)
