"""All pairs of 5,000 nodes and 150,000 pods: by counts, which no slow machine changes; the time is printed."""

from __future__ import annotations

import time
import tracemalloc

from kubewire.prover.facts.firewall import Direction
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.prove import prove
from kubewire.prover.reach.network import Network
from kubewire.prover.verdict import Broken
from tests.unit.prover.nets import rule, within
from tests.unit.prover.scale import network

NODES = (50, 500, 5000)


def test_the_number_of_classes_does_not_grow_with_nodes() -> None:
    made = [Network(facts, facts.clusters[0]) for facts in map(network, NODES)]
    assert [len(one.endpoints) for one in made] == [2 * nodes for nodes in NODES]
    assert {len(one.classes) for one in made} == {6}
    assert {len(list(one.pairs())) for one in made} == {36}


def test_addresses_that_only_the_apply_will_know_make_no_classes_of_their_own() -> None:
    facts = network(NODES[1])
    some = rule("some", Direction.INGRESS, within("10.0.128.0/17"))
    groups = {"nodes": facts.groups["nodes"].model_copy(update={"rules": (*facts.groups["nodes"].rules, some)})}
    unknown = {
        name: one.model_copy(update={"address": Unknown(comes_from=f"the address of {name}")})
        for name, one in facts.interfaces.items()
    }
    made = facts.model_copy(update={"interfaces": unknown, "groups": groups})
    assert len(Network(made, made.clusters[0]).classes) == 6


def test_all_pairs_of_the_largest_cluster_are_proved() -> None:
    facts = network(NODES[-1])
    start = time.process_time()
    said = {proof.number: proof.verdict.verdict for proof in prove(facts)}
    seconds = time.process_time() - start
    tracemalloc.start()
    prove(facts)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(f"\n{NODES[-1]} nodes: {seconds:.2f} s of CPU, {peak / 2**20:.0f} MB")  # noqa: T201 - the number is what is asked for
    assert set(said.values()) == {"holds"}
    assert peak < 500 * 2**20


def test_one_wrong_route_among_fifteen_thousand_is_found() -> None:
    facts = network(NODES[-1])
    table = facts.tables["t1"]
    wrong = table.routes[4321].model_copy(update={"target": "n7"})
    routes = (*table.routes[:4321], wrong, *table.routes[4322:])
    tables = {**facts.tables, "t1": table.model_copy(update={"routes": routes})}
    proofs = {proof.number: proof for proof in prove(facts.model_copy(update={"tables": tables}))}
    assert {number for number, proof in proofs.items() if proof.verdict.verdict == "broken"} == {7, 14, 15}
    assert "n4321" in str(proofs[14].verdict)


def test_a_cluster_without_any_route_is_told_as_fast() -> None:
    facts = network(NODES[-1])
    tables = {name: table.model_copy(update={"routes": ()}) for name, table in facts.tables.items()}
    proofs = {proof.number: proof.verdict for proof in prove(facts.model_copy(update={"tables": tables}))}
    missing = proofs[6]
    assert isinstance(missing, Broken)
    assert missing.count == len(tables) * NODES[-1]
