"""4. No route lies inside 169.254.168.0/22, which AWS keeps for its own services.

https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network

from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties.property import Property
from kubewire.prover.properties.ranges import destinations, inside, tables_of_vpc
from kubewire.prover.reach.network import Network
from kubewire.prover.verdict import Finding
from kubewire.prover.witness import Witness

RESERVED = ip_network("169.254.168.0/22")


def _check(network: Network) -> Iterator[Finding]:
    for table in tables_of_vpc(network):
        yield from (Unknown(comes_from=unknown) for unknown in table.open_ends)
        for item in destinations(table):
            if inside(item, RESERVED):
                yield Witness(summary=f"the route to {item} in table {table.name} lies in {RESERVED}")


PROPERTY = Property(4, "No route lies inside 169.254.168.0/22", "AWS refuses it", _check, of_tables=True)
