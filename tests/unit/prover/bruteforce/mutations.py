"""Ways to make a right cluster wrong, each by a name and with the property that it is about."""

from __future__ import annotations

from tests.unit.prover.bruteforce import mutations_network, mutations_services
from tests.unit.prover.bruteforce.ways import FOUND, Mutation

MUTATIONS: tuple[Mutation, ...] = tuple(FOUND)
"""All of them: to be imported is to be counted in."""
PARTS = (mutations_network, mutations_services)
