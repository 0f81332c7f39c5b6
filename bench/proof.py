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
from kubewire.prover.prove import prove
from tests.unit.prover.scale import PODS_PER_NODE, changed, network, with_services

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
        proof: seconds of CPU for every property.
        difference: seconds more for what a change makes reachable.
        peak: bytes that Python took at most for both.
    """

    nodes: int
    proof: float
    difference: float
    peak: int


def proved(nodes: int) -> Proved:
    """Measure one size."""
    before = with_services(network(nodes), nodes * SERVICES_PER_NODE)
    after = changed(before)
    proof = _best(lambda: prove(after))
    difference = _best(lambda: compared(networks(before), networks(after)))
    gc.collect()
    tracemalloc.start()
    prove(after)
    compared(networks(before), networks(after))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return Proved(nodes, proof, difference, peak)


def show_proofs() -> None:
    """Measure all sizes, and print them with their growth."""
    table = Table(title=f"Proof and difference, best of {REPEATS}, seconds of CPU")
    for heading in ("nodes", "pods", "Services", "proof", "difference", "growth of both", "memory MiB"):
        table.add_column(heading, justify="right")
    last: Proved | None = None
    for nodes in NODES:
        one = proved(nodes)
        grown = (one.proof + one.difference) / (last.proof + last.difference) if last else 0
        growth = f"{grown:.1f} for {nodes / last.nodes:.0f}" if last else ""
        figures = (f"{one.proof:.2f}", f"{one.difference:.2f}", growth, f"{one.peak / MIB:.0f}")
        table.add_row(f"{nodes:,}", f"{nodes * PODS_PER_NODE:,}", f"{nodes * SERVICES_PER_NODE:,}", *figures)
        last = one
    Console().print(table)


def _best(work: Callable[[], object]) -> float:
    """Give the least time of several: the machine has other things to do."""
    times: list[float] = []
    for _ in range(REPEATS):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)
