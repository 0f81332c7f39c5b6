"""All pairs of 5,000 nodes and 150,000 pods: by counts, which no slow machine changes; the time is printed."""

from __future__ import annotations

import cProfile
import time
import tracemalloc

from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.firewall import Direction
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.prove import prove
from kubewire.prover.reach.network import Network
from kubewire.prover.verdict import Broken
from tests.unit.prover.nets import rule, within
from tests.unit.prover.scale import PODS_PER_NODE, network, with_services
from tests.unit.prover.scale_services import SERVICES_PER_NODE, served

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


def check_all_holds(facts: Facts, size: str) -> None:
    """Every property must hold, in little memory; the time is printed."""
    start = time.process_time()
    said = {proof.number: proof.verdict.verdict for proof in prove(facts)}
    seconds = time.process_time() - start
    tracemalloc.start()
    prove(facts)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(f"\n{size}: {seconds:.2f} s of CPU, {peak / 2**20:.0f} MB")  # noqa: T201 - the number is what is asked for
    assert set(said.values()) == {"holds"}
    assert peak < 500 * 2**20


def test_all_pairs_of_the_largest_cluster_are_proved() -> None:
    facts = network(NODES[-1])
    check_all_holds(facts, f"{NODES[-1]} nodes")


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


def test_ten_thousand_services_with_all_pods_behind_them_are_proved() -> None:
    facts = served(NODES[-1])
    assert len(facts.services) == NODES[-1] * SERVICES_PER_NODE
    check_all_holds(facts, f"{len(facts.services)} Services, all {NODES[-1] * PODS_PER_NODE} endpoints known")


def test_work_grows_no_faster_than_services_and_pods() -> None:
    calls = [_calls(served(nodes)) for nodes in (NODES[1], 4 * NODES[1])]
    assert calls[1] < 5 * calls[0]


def test_an_endpoint_that_is_known_costs_few_calls() -> None:
    nodes = 4 * NODES[1]
    more = _calls(served(nodes)) - _calls(with_services(network(nodes), nodes * SERVICES_PER_NODE))
    assert more < 60 * nodes * PODS_PER_NODE, more / (nodes * PODS_PER_NODE)


def test_nor_where_any_pod_may_be_behind_a_service() -> None:
    calls = [_calls(with_services(network(nodes), 2 * nodes)) for nodes in (NODES[1], 4 * NODES[1])]
    assert calls[1] < 5 * calls[0]


def _calls(facts: Facts) -> int:
    """Count the calls of functions: no slow machine changes that."""
    profile = cProfile.Profile()
    profile.runcall(prove, facts)
    return sum(entry.callcount for entry in profile.getstats())


def test_one_stale_endpoint_among_all_pods_is_found() -> None:
    facts = served(NODES[1])
    one = facts.services[77]
    first, *rest = one.endpoints
    stale = one.model_copy(update={"endpoints": (first.model_copy(update={"node": "gone"}), *rest)})  # type: ignore[union-attr]  # an endpoint
    services = (*facts.services[:77], stale, *facts.services[78:])
    proofs = {proof.number: proof for proof in prove(facts.model_copy(update={"services": services}))}
    assert {number for number, proof in proofs.items() if proof.verdict.verdict == "broken"} == {21}
    assert "shop/s77 has the endpoint" in str(proofs[21].verdict)
