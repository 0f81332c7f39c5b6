"""11. Routes per table stay within the account's quota."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties.property import Property
from kubewire.prover.properties.ranges import destinations, tables_of_vpc
from kubewire.prover.reach.network import Network
from kubewire.prover.verdict import Finding
from kubewire.prover.witness import Witness

# IPv4 and IPv6 are counted apart: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
DEFAULT, MOST = 500, 1000


def _check(network: Network) -> Iterator[Finding]:
    quota = network.facts.routes_per_table
    limit = MOST if isinstance(quota, Unknown) else quota
    for table in tables_of_vpc(network):
        yield from (Unknown(comes_from=unknown) for unknown in table.open_ends)
        for version, count in sorted(Counter(item.version for item in destinations(table)).items()):
            if count > limit:
                yield Witness(summary=f"table {table.name} has {count} IPv{version} routes, and AWS takes {limit}")
            elif isinstance(quota, Unknown) and count > DEFAULT:
                yield quota


PROPERTY = Property(11, "Routes per table stay within the quota", "nodes join without a route", _check, of_tables=True)
