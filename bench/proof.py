"""How long the proof of a network takes, and the difference of two, from 50 nodes to the most that Kubernetes has."""

from __future__ import annotations

import gc
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from kubewire.prover.difference.difference import compared, networks
from kubewire.prover.facts.facts import Facts
from kubewire.prover.prove import prove
from kubewire.uncollected import uncollected
from tests.unit.prover.scale import PODS_PER_NODE, changed, network, with_services
from tests.unit.prover.scale_services import served

NODES = (50, 500, 5000)
"""https://kubernetes.io/docs/setup/best-practices/cluster-large/ for the last."""
SERVICES_PER_NODE = 2
REPEATS = 3
MIB = 2**20


@dataclass(frozen=True)
class Proved:
    """What one size took.

    Attributes:
        nodes: how many.
        services: how many.
        proof: seconds of CPU for every property.
        difference: seconds more for what a change makes reachable.
        peak: bytes that Python took at most for both.
    """

    nodes: int
    services: int
    proof: float
    difference: float
    peak: int


def proved(before: Facts) -> Proved:
    """Measure one network, whose facts the garbage collector passes over as in the commands."""
    gc.collect()
    with uncollected():
        after = changed(before)
    proof = _best(lambda: prove(after))
    difference = _best(lambda: compared(networks(before), networks(after)))
    gc.collect()
    tracemalloc.start()
    prove(after)
    compared(networks(before), networks(after))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    gc.unfreeze()
    return Proved(len(before.clusters[0].nodes), len(before.services), proof, difference, peak)


def show_proofs() -> None:
    """Measure all sizes, and print them with their growth; and the largest with every pod known behind a Service."""
    table = Table(title=f"Proof and difference, best of {REPEATS}, seconds of CPU")
    for heading in ("nodes", "pods", "Services", "endpoints", "proof", "difference", "growth", "MiB"):
        table.add_column(heading, justify="right")
    last: Proved | None = None
    for nodes in NODES:
        one = proved(with_services(network(nodes), nodes * SERVICES_PER_NODE))
        grown = (one.proof + one.difference) / (last.proof + last.difference) if last else 0
        table.add_row(*_row(one, "any", f"{grown:.1f} / {nodes / last.nodes:.0f}" if last else ""))
        last = one
    table.add_row(*_row(proved(served(NODES[-1])), "known", ""))
    Console().print(table)


def _row(one: Proved, endpoints: str, growth: str) -> tuple[str, ...]:
    sizes = (f"{one.nodes:,}", f"{one.nodes * PODS_PER_NODE:,}", f"{one.services:,}")
    return (*sizes, endpoints, f"{one.proof:.2f}", f"{one.difference:.2f}", growth, f"{one.peak / MIB:.0f}")


def _best(work: Callable[[], object]) -> float:
    """Give the least time of several: the machine has other things to do. What the last one left is away."""
    times: list[float] = []
    for _ in range(REPEATS):
        gc.collect()
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)
