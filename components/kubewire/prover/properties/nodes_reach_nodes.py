"""13. Every node reaches every other with every protocol."""

from __future__ import annotations

from functools import partial

from kubewire.prover.properties.passing import all_pass
from kubewire.prover.properties.property import Property
from kubewire.prover.reach.endpoints import Role

PROPERTY = Property(
    13,
    "Nodes reach each other with all protocols, UDP and ICMP included",
    "DNS and MTU failures",
    partial(all_pass, source_role=Role.NODE, destination_role=Role.NODE),
)
