"""A VPC whose IPv6 range Amazon will choose is proved for every one that it may be."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv6Network, ip_network

import pytest

from kubewire.net.addresses import Range
from kubewire.prover.facts.cluster import Cluster, NodePorts, OnNodes
from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.network import Interface, RangeDestination, Route, RouteTable, Subnet, Via, Vpc
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.placed import placed
from kubewire.prover.properties.property import Property
from kubewire.prover.prove import prove
from kubewire.prover.reach.network import Network
from kubewire.prover.verdict import Broken, Finding, Holds, NotProven
from kubewire.prover.witness import Witness

OPEN = Unknown(comes_from="ipv6Cidr of VpcCidrBlocks shop")


def facts(*written: str, spares: bool = True) -> Facts:
    """A dual-stack VPC whose table has routes to IPv6 ranges."""
    routes = tuple(
        Route(
            destination=RangeDestination.model_validate({"range": item}),
            via=Via.EGRESS_ONLY_GATEWAY,
            target="out",
        )
        for item in written
    )
    ranges = (ip_network("10.0.0.0/24"), Unknown(comes_from="ipv6Cidr of Subnet a"))
    subnets = {name: Subnet(name=name, vpc="shop", zone="a", ranges=ranges, table="table") for name in ("a", "b")}
    cluster = Cluster(
        name="shop",
        vpc="shop",
        service_ranges=(),
        node_ports=NodePorts(first=30000, last=32767),
        control_plane=OnNodes(),
        unmasqueraded=(),
        spares_vpc=spares,
    )
    interface = Interface(name="i", subnet="a", address=None, groups=(), checks=False)
    vpc = Vpc(name="shop", ranges=(ip_network("10.0.0.0/16"), OPEN), main_table="table", ipv6_from_amazon=OPEN)
    return Facts(
        vpcs={"shop": vpc},
        subnets=subnets,
        tables={"table": RouteTable(name="table", vpc="shop", routes=routes)},
        interfaces={"i": interface},
        clusters=(cluster,),
    )


def chosen(case: Facts) -> Range | Unknown:
    return case.vpcs["shop"].ranges[1]


def test_one_choice_is_enough_where_nothing_tells_them_apart() -> None:
    (case,) = placed(facts("::/0", "fd00::/8", "2000::/3"))
    whole = chosen(case)
    assert isinstance(whole, IPv6Network)
    assert (whole.prefixlen, IPv6Network("2000::/3").supernet_of(whole)) == (56, True)
    parts = [case.subnets[name].ranges[1] for name in ("a", "b")]
    assert len(set(parts)) == 2
    assert all(isinstance(part, IPv6Network) and whole.supernet_of(part) for part in parts)
    assert case.clusters[0].unmasqueraded == (ip_network("10.0.0.0/16"), whole)


def test_every_range_that_is_written_may_hold_it_or_not() -> None:
    outer, inner = IPv6Network("2600:1f18::/32"), IPv6Network("2600:1f18:4000::/36")
    found = [chosen(case) for case in placed(facts("::/0", str(outer), str(inner)))]
    inside = [(outer.supernet_of(one), inner.supernet_of(one)) for one in found if isinstance(one, IPv6Network)]
    assert inside == [(False, False), (True, False), (True, True)]


@pytest.mark.parametrize("narrow", ["2600:1f18:1234:5600::/64", "2600:1f18::1/128"])
def test_what_would_tell_subnets_apart_leaves_it_open(narrow: str) -> None:
    given = facts(narrow)
    assert placed(given) == [given]


def test_two_of_them_are_left_open() -> None:
    given = facts()
    twice = given.model_copy(update={"vpcs": {**given.vpcs, "other": given.vpcs["shop"]}})
    assert placed(twice) == [twice]


def test_what_is_known_is_left_as_it_is() -> None:
    given = facts(spares=False)
    vpc = given.vpcs["shop"].model_copy(update={"ipv6_from_amazon": None})
    known = given.model_copy(update={"vpcs": {"shop": vpc}})
    assert placed(known) == [known]


@pytest.mark.parametrize(("wrong_in", "kind"), [("::/0", Broken), ("2600:1f18::/32", NotProven), ("fd00::/8", Holds)])
def test_a_verdict_must_be_the_same_for_all(wrong_in: str, kind: type[object]) -> None:
    """Written is 2600:1f18::/32, so there are two sorts: inside of it, and outside."""

    def check(network: Network) -> Iterator[Finding]:
        whole = network.facts.vpcs["shop"].ranges[1]
        wrong = isinstance(whole, IPv6Network) and IPv6Network(wrong_in).supernet_of(whole)
        yield from [Witness(summary="wrong there")] if wrong else []

    (proof,) = prove(facts("2600:1f18::/32"), [Property(1, "it isn't there", "it is", check)])
    assert isinstance(proof.verdict, kind)
    if isinstance(proof.verdict, NotProven):
        assert proof.verdict.unknowns == ("the IPv6 range that Amazon gives the VPC",)
