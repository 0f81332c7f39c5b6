"""Thousands of clusters that are wrong in known ways: the prover says of every property what the judges say."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from kubewire.prover.facts.facts import Facts
from kubewire.prover.prove import prove
from tests.unit.prover.bruteforce import judge_balancers, judge_network, judge_services
from tests.unit.prover.bruteforce.blurred import ANY_POD, blurred
from tests.unit.prover.bruteforce.judge import World, verdict
from tests.unit.prover.bruteforce.mutations import MUTATIONS
from tests.unit.prover.bruteforce.towns import town
from tests.unit.prover.bruteforce.ways import Mutation

JUDGES = {**judge_network.JUDGES, **judge_services.JUDGES, **judge_balancers.JUDGES}
ROUNDS, EACH = 39, 200
OPEN_ROUNDS, OPEN_EACH = 11, 100
PACKETS = (6 + 5) * 100
"""Networks of test_agreement.py, which are tried packet by packet."""


def drawn(seed: int) -> tuple[Facts, list[str]]:
    """Draw a cluster, and make none, one or two things of it wrong."""
    random = Random(seed)  # noqa: S311 - repeatable on purpose
    facts, names = town(random), list[str]()
    for _ in range(random.choice([0, 1, 1, 2])):
        mutation = random.choice(MUTATIONS)
        changed = mutation.change(facts, random)
        if changed is not None:
            facts = changed
            names.append(mutation.name)
    return facts, names


def judged(facts: Facts) -> dict[int, str]:
    """Ask every judge."""
    world = World(facts)
    return {number: verdict(JUDGES[number](world)) for number in sorted(JUDGES)}


@pytest.mark.parametrize("part", range(ROUNDS))
def test_the_prover_says_what_the_judges_say(part: int) -> None:
    seen: Counter[str] = Counter()
    for seed in range(part * EACH, (part + 1) * EACH):
        facts, names = drawn(seed)
        said = {proof.number: proof.verdict.verdict for proof in prove(facts)}
        told = judged(facts)
        differ = {number: (said[number], told[number]) for number in said if said[number] != told[number]}
        assert not differ, f"seed {seed}, {names}: by number, the prover and the judge: {differ}"
        seen.update(f"{number} {one}" for number, one in said.items())
    # By chance a property may not be broken in one round of two hundred: nearly all are.
    assert len([number for number in JUDGES if seen[f"{number} broken"]]) >= len(JUDGES) - 4
    assert all(seen[f"{number} holds"] for number in JUDGES)


@pytest.mark.parametrize("part", range(OPEN_ROUNDS))
def test_nothing_left_open_makes_it_wrong(part: int) -> None:
    unsure = 0
    for seed in range(part * OPEN_EACH, (part + 1) * OPEN_EACH):
        facts, names = drawn(seed)
        hidden, any_pod = blurred(facts, Random(seed))  # noqa: S311 - repeatable on purpose
        truth = judged(facts)
        for proof in prove(hidden):
            said, really = proof.verdict.verdict, truth[proof.number]
            where = f"seed {seed}, {names}: {proof.number} {said}, and it is {really}"
            if not (any_pod and proof.number in ANY_POD):
                assert said in ("not proven", really), where
            unsure += said == "not proven"
    assert unsure


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda one: f"{one.number}-{one.name}")
def test_every_mutation_breaks_what_it_is_about(mutation: Mutation) -> None:
    """Of a hundred right clusters, one at least must be broken by it, and the judge says so as the prover does."""
    for seed in range(100):
        random = Random(seed)  # noqa: S311 - repeatable on purpose
        changed = mutation.change(town(random), random)
        if changed is not None and verdict(JUDGES[mutation.number](World(changed))) == "broken":
            said = {proof.number: proof.verdict.verdict for proof in prove(changed)}
            assert said[mutation.number] == "broken"
            return
    pytest.fail(f"{mutation.name} breaks nothing")


def test_there_are_ten_thousand_networks() -> None:
    assert ROUNDS * EACH + OPEN_ROUNDS * OPEN_EACH + PACKETS >= 10_000


def test_every_property_has_a_mutation_and_a_judge() -> None:
    assert {mutation.number for mutation in MUTATIONS} == set(JUDGES) == set(range(1, 40))
    assert len({mutation.name for mutation in MUTATIONS}) == len(MUTATIONS)


def test_a_right_cluster_is_right() -> None:
    for seed in range(50):
        facts = town(Random(seed))  # noqa: S311 - repeatable on purpose
        assert set(judged(facts).values()) == {"holds"}, seed
