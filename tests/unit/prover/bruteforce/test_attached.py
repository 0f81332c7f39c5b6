"""Property 30 of machines that join later, against what comes of it: one joins, and whoever registers it does so."""

from __future__ import annotations

from collections import Counter
from ipaddress import IPv4Address
from random import Random

from kubewire.prover.facts.cluster import Node
from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.network import Interface
from kubewire.prover.facts.services import Target, TargetGroup, TargetType
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties.right_node_ports import PROPERTY
from kubewire.prover.prove import prove
from tests.unit.prover.bruteforce.judge import World, verdict
from tests.unit.prover.bruteforce.judge_balancers import p30
from tests.unit.prover.bruteforce.test_mutations import drawn
from tests.unit.prover.nets import MOST_PODS

SEEDS = 400
OURS, NEW = "workers", "a machine to come"
REGISTERING = ((OURS,), (OURS,), ("others", OURS), ("others",), ())


def with_node(facts: Facts, interface: Interface, *, expected: bool) -> Facts:
    (cluster,) = facts.clusters
    node = Node(name=NEW, interface=NEW, expected=expected, most_pods=MOST_PODS)
    changed = cluster.model_copy(update={"nodes": (*cluster.nodes, node), "group": OURS})
    return facts.model_copy(
        update={"clusters": (changed,), "interfaces": {**facts.interfaces, NEW: interface}},
    )


def joined(group: TargetGroup) -> TargetGroup:
    """What becomes of a target group when the machine is there."""
    if OURS not in group.registering or group.port is None:
        return group
    return group.model_copy(update={"targets": (*group.targets, Target(name=NEW, port=group.port))})


def attached(facts: Facts, random: Random) -> Facts:
    """Let Auto Scaling groups register machines in some target groups, at ports that are right or wrong."""
    groups = {}
    for key, group in facts.target_groups.items():
        ports = [target.port for target in group.targets]
        told = {"registering": random.choice(REGISTERING), "port": random.choice([*ports, *ports, *ports, 31999])}
        groups[key] = group.model_copy(update=told) if group.type is TargetType.INSTANCE and ports else group
    return facts.model_copy(update={"target_groups": groups})


def test_what_is_said_before_holds_when_a_machine_has_joined() -> None:
    seen: Counter[tuple[str, str]] = Counter()
    for seed in range(SEEDS):
        random = Random(seed)  # noqa: S311 - repeatable on purpose
        facts, names = drawn(seed)
        facts = attached(facts, random)
        like = next(iter(facts.interfaces.values()))
        there = like.model_copy(update={"name": NEW, "machine": NEW, "address": IPv4Address("10.0.0.14")})
        nowhere = there.model_copy(update={"machine": None, "address": Unknown(comes_from="its address")})
        later = with_node(facts, there, expected=False)
        groups = {key: joined(group) for key, group in facts.target_groups.items()}
        later = later.model_copy(update={"target_groups": groups})
        truth = {verdict(p30(World(one))) for one in (facts, later)}
        (proof,) = prove(with_node(facts, nowhere, expected=True), [PROPERTY])
        said = proof.verdict.verdict
        seen[said, "broken" if "broken" in truth else "holds"] += 1
        assert said != "holds" or truth == {"holds"}, (seed, names)
        assert said != "broken" or "broken" in truth, (seed, names)
        if all(OURS in one.registering for one in facts.target_groups.values() if one.type is TargetType.INSTANCE):
            # Its own Auto Scaling group registers it everywhere: nothing is left open.
            assert said == ("broken" if "broken" in truth else "holds"), (seed, names, said)
    assert min(seen["holds", "holds"], seen["broken", "broken"], seen["not proven", "broken"]) > 10, seen
