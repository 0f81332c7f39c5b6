"""A small network, from a state and from a plan without a single id: the same verdicts, and the right ones."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kubewire.prover.facts.facts import Facts
from kubewire.prover.prove import Proof, prove
from kubewire.prover.queries.exposed import exposed
from kubewire.prover.verdict import Broken, NotProven
from tests.unit.prover.terraform.small import ALL, CLUSTER, network, read
from tests.unit.prover.terraform.writer import To, Writer

FORMS = pytest.mark.parametrize("form", [Writer.state, Writer.plan], ids=["state", "plan"])
Form = Callable[[Writer], str]


def said(facts: Facts) -> dict[int, Proof]:
    return {proof.number: proof for proof in prove(facts)}


def broken(facts: Facts) -> dict[int, str]:
    verdicts = {number: proof.verdict for number, proof in said(facts).items()}
    return {number: str(one.witnesses[0]) for number, one in verdicts.items() if isinstance(one, Broken)}


def is_right(facts: Facts) -> bool:
    """Whether all holds that Terraform can know."""
    verdicts = [proof.verdict for proof in prove(facts)]
    left_open = {unknown for one in verdicts if isinstance(one, NotProven) for unknown in one.unknowns}
    return left_open == set(facts.unseen_services) and not any(isinstance(one, Broken) for one in verdicts)


@FORMS
def test_a_network_that_is_right_is_proved(form: Form) -> None:
    facts = read(form(network()))
    assert is_right(facts)
    assert not [one for one in exposed(facts).found if one.answer == "yes"]


def unrouted(tf: Writer) -> None:
    del tf.resources["aws_route.b"]


def checked(tf: Writer) -> None:
    tf.resources["aws_instance.a"].values["source_dest_check"] = True


def shut(tf: Writer) -> None:
    tf.resources["aws_security_group.nodes"].values["ingress"] = [{**ALL, "self": True, "description": "nodes"}]


def swapped(tf: Writer) -> None:
    there = To("aws_instance.b", "primary_network_interface_id")
    tf.resources["aws_route.a"].values["network_interface_id"] = there


def opened(tf: Writer) -> None:
    tf.add(
        "aws_vpc_security_group_ingress_rule.world",
        security_group_id=To("aws_security_group.nodes"),
        cidr_ipv4="0.0.0.0/0",
        ip_protocol="tcp",
        from_port=1024,
        to_port=65535,
    )


@FORMS
@pytest.mark.parametrize(
    ("change", "number", "words"),
    [
        (unrouted, 6, "has no route for 100.64.1.0/24 of node-b"),
        (checked, 10, "interface aws_instance.a of node-a has its source/destination check on"),
        (shut, 14, "no ingress rule admits it"),
        (swapped, 7, "100.64.0.0/24"),
        (opened, 28, 'rule "aws_vpc_security_group_ingress_rule.world"'),
    ],
    ids=lambda one: one.__name__ if callable(one) else "",
)
def test_what_is_wrong_is_found_by_the_right_property(
    form: Form, change: Callable[[Writer], None], number: int, words: str
) -> None:
    tf = network()
    change(tf)
    assert words in broken(read(form(tf)))[number]


def test_without_a_cluster_what_is_about_tables_is_proved_and_the_rest_is_named() -> None:
    verdicts = {number: proof.verdict for number, proof in said(read(network().state(), None)).items()}
    assert {number for number, one in verdicts.items() if one.verdict == "holds"} == {4, 11}
    for one in verdicts.values():
        assert one.verdict == "holds" or isinstance(one, NotProven)
    assert "the nodes of aws_vpc.main, of which none is named" in str(verdicts[6])


def test_a_route_that_goes_away_is_not_believed_where_the_provider_still_shows_it() -> None:
    """`route` of a table is computed: a refresh fills it with every route, those of `aws_route` resources too."""
    before = network()
    table = before.resources["aws_route_table.nodes"].computed
    table["route"] = [
        {"cidr_block": "0.0.0.0/0", "gateway_id": before.id("aws_internet_gateway.way"), "network_interface_id": ""},
        {"cidr_block": "100.64.0.0/24", "gateway_id": "", "network_interface_id": "eni-a", "instance_id": ""},
        {"cidr_block": "100.64.1.0/24", "gateway_id": "", "network_interface_id": "eni-b", "instance_id": ""},
    ]
    after = network()
    del after.resources["aws_route.b"]
    assert is_right(read(before.state()))
    assert is_right(read(before.plan(before)))
    assert "100.64.1.0/24" in broken(read(after.plan(before)))[6]


def test_a_rule_that_goes_away_is_not_believed_where_the_provider_still_shows_it() -> None:
    own = {"security_group_id": To("aws_security_group.nodes"), "type": "ingress", **ALL}

    def described(*, pods: bool) -> Writer:
        tf = network()
        group = tf.resources["aws_security_group.nodes"]
        del group.values["ingress"]
        group.computed["ingress"] = [
            {**ALL, "cidr_blocks": ["100.64.0.0/16"], "self": False, "description": ""},
            {**ALL, "cidr_blocks": [], "self": True, "description": ""},
        ]
        tf.add("aws_security_group_rule.nodes", **own, self=True)
        if pods:
            tf.add("aws_security_group_rule.pods", **own, cidr_blocks=["100.64.0.0/16"])
        return tf

    before = described(pods=True)
    assert is_right(read(before.plan(before)))
    assert "no ingress rule admits it" in broken(read(described(pods=False).plan(before)))[14]


def test_references_that_may_be_to_several_leave_it_open() -> None:
    """Of `aws_subnet.many[count.index]` the configuration says `aws_subnet.many`, as of `[count.index + 1]`."""
    tf = network()
    for name in "ab":
        link = tf.resources[f"aws_route_table_association.{name}"].values
        link["subnet_id"] = To(f"aws_subnet.{name}", written=("aws_subnet.a", "aws_subnet.b", "count.index"))
    facts = read(tf.plan())
    assert str(facts.subnets["aws_subnet.a"].table) == "subnet_id of aws_route_table_association.a"
    assert not isinstance(said(facts)[6].verdict, Broken)
    assert said(facts)[6].verdict.verdict == "not proven"


def test_nodes_by_tag_get_their_pods_from_routes_by_which_no_route_is_proved() -> None:
    tagged = {"kind": "tagged", "tags": {"cluster": "shop"}}
    file = CLUSTER.model_validate({**CLUSTER.model_dump(mode="json", exclude_none=True), "nodes": tagged})
    facts = read(network().state(), file)
    (cluster,) = facts.clusters
    assert [(node.name, [str(item) for item in node.pod_ranges]) for node in cluster.nodes] == [
        ("aws_instance.a", ["100.64.0.0/24"]),
        ("aws_instance.b", ["100.64.1.0/24"]),
    ]
    assert said(facts)[14].verdict.verdict == "holds"
    assert said(facts)[7].verdict.verdict == "not proven"
