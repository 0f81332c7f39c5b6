"""The file that says what a cluster is: mistakes in it are named with their place, and nothing is guessed."""

from __future__ import annotations

import pytest

from kubewire.errors import InvalidInputError
from kubewire.prover.declared.cluster_file import read_cluster_file
from kubewire.prover.declared.clusters import with_clusters
from kubewire.prover.declared.found import Found
from kubewire.prover.facts.cluster import Told
from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.network import Vpc
from kubewire.prover.facts.unknown import Unknown
from tests.unit.prover import nets


def found(**more: object) -> Found:
    """The network of other tests, in which somebody else says what its cluster is."""
    facts = nets.facts().model_copy(update={"clusters": ()})
    return Found(facts=facts, ids={"eni-1": "a", "i-1": "a"}, tags={"a": {"team": "web"}, "b": {}}, **more)  # type: ignore[arg-type]  # of a test


def told(text: str, of: Found | None = None) -> Facts:
    return with_clusters(of or found(), read_cluster_file(text, "cluster.yaml"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: [", "cluster.yaml is no YAML"),
        ("- a", "cluster.yaml says nothing of a cluster"),
        ("", "cluster.yaml says nothing of a cluster"),
        ("podranges: []", "podranges: unknown key"),
        ("podRanges: [100.64.0.1/16]", "podRanges[0]: 100.64.0.1/16 has host bits set"),
        ("nodes: {machines: []}", "Write listed or tagged"),
        ("nodes: {kind: listed, machines: [{name: a}]}", "nodes.machines[0].interface: required"),
        ("controlPlane: {kind: here}", "Write nodes, ranges or group"),
        ("maxPods: many", "maxPods: "),
        ("nodes: {kind: listed, machines: [{name: a, interface: z}]}", "there is no network interface or instance z"),
        ("controlPlane: {kind: group, group: z}", "there is no security group z"),
        ("vpc: z", "there is no VPC z"),
    ],
)
def test_a_mistake_is_named_with_its_place(text: str, words: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        told(text)
    assert words in str(caught.value)


def test_what_it_says_is_taken_and_what_it_leaves_out_is_open() -> None:
    (cluster,) = told(
        "serviceRanges: [10.96.0.0/16]\nmaxPods: 30\nhairpin: false\n"
        "nodes: {kind: listed, machines: [{name: one, interface: i-1}]}"
    ).clusters
    (node,) = cluster.nodes
    assert (cluster.name, cluster.vpc) == ("net", "net")
    assert [str(item) for item in cluster.service_ranges] == ["10.96.0.0/16"]
    assert (node.interface, node.most_pods, node.told) == ("a", 30, Told.ROUTES)
    assert [str(item) for item in node.pod_ranges] == [nets.PODS["a"]], "as routes say"
    assert (cluster.open_ends, cluster.hairpin) == ((), False)
    assert {isinstance(one, Unknown) for one in (cluster.node_ports, cluster.unmasqueraded, cluster.control_plane)} == {
        True
    }


def test_of_several_vpcs_it_must_say_which() -> None:
    more = found().facts
    facts = more.model_copy(update={"vpcs": {**more.vpcs, "other": Vpc(name="other", ranges=(), main_table="x")}})
    with pytest.raises(InvalidInputError, match="it isn't clear which VPC") as caught:
        told("name: shop", Found(facts=facts))
    assert "net, other" in caught.value.detail
    assert [one.name for one in with_clusters(Found(facts=facts), None).clusters] == ["net", "other"]


def test_without_a_vpc_there_is_nothing_to_prove() -> None:
    with pytest.raises(InvalidInputError, match="there is no VPC in it"):
        told("name: shop", Found(facts=Facts()))


def test_listed_nodes_are_all_and_tagged_ones_may_be_more() -> None:
    beside = found(beside=("the machines of a group",))
    listed = "nodes: {kind: listed, machines: [{name: one, interface: eni-1}]}"
    assert told(listed, beside).clusters[0].open_ends == ()
    tagged = told("nodes: {kind: tagged, tags: {team: web}}", beside).clusters[0]
    assert [node.name for node in tagged.nodes] == ["a"]
    assert tagged.open_ends == ("the machines of a group",)
    nobody = told("nodes: {kind: tagged, tags: {team: none}}", found()).clusters[0]
    assert nobody.open_ends == ("the nodes of net, of which none is named",)


def test_a_tag_that_isnt_known_leaves_open_whether_it_is_a_node() -> None:
    unsure = Found(facts=found().facts, tags={"a": {"team": Unknown(comes_from="team of a")}, "b": {"team": "web"}})
    cluster = told("nodes: {kind: tagged, tags: {team: web}}", unsure).clusters[0]
    assert [node.name for node in cluster.nodes] == ["b"]
    assert cluster.open_ends == ("whether a is a node: team of a",)
