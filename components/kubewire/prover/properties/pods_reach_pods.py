"""14. Pods reach pods on other nodes with everything."""

from __future__ import annotations

from functools import partial

from kubewire.prover.properties.passing import all_pass
from kubewire.prover.properties.property import Property
from kubewire.prover.reach.endpoints import Role

PROPERTY = Property(
    14,
    "Pods reach each other on all ports, both ways",
    "Services fail from some nodes",
    partial(all_pass, source_role=Role.POD, destination_role=Role.POD),
)
