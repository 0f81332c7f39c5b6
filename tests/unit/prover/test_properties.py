"""Each property in a network where it holds, and broken in one way at a time: by the right witness."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from ipaddress import ip_network

import pytest

from kubewire.prover.facts.cluster import Told
from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.firewall import (
    Acl,
    AclRow,
    AnyTraffic,
    Direction,
    GroupRule,
    PortSpan,
    WholeProtocol,
)
from kubewire.prover.facts.network import PrefixListDestination, Route, Subnet, Via, Vpc
from kubewire.prover.facts.services import HealthCheck, Service, ServicePort, ServiceType, Target, TargetGroup
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties import PROPERTIES
from kubewire.prover.prove import prove
from tests.unit.prover.nets import (
    PODS,
    broken,
    cluster,
    facts,
    group,
    interface,
    node,
    rule,
    table,
    to,
    unproven,
    verdict,
    within,
)

TCP, UDP = 6, 17


def nodes(**changed: Mapping[str, object]) -> Facts:
    """Change some nodes by name: `a={...}`."""
    made = tuple(node(name, **(changed.get(name) or {})) for name in PODS)
    return facts(clusters=(cluster(nodes=made),))


def second(*extra: Route, without: str = "") -> Facts:
    """Change the second table, which nodes b and c send by."""
    return facts(tables={"first": table("first"), "second": table("second", *extra, without=without)})


def walled(*rows: AclRow) -> Facts:
    """Put an ACL before the first subnet."""
    one = facts().subnets["one"].model_copy(update={"acl": "wall"})
    return facts(subnets={**facts().subnets, "one": one}, acls={"wall": Acl(name="wall", rows=rows)})


def row(number: int, direction: Direction, *, allows: bool = True, match: object = None) -> AclRow:
    """Write a row of that ACL for everybody."""
    return AclRow.model_validate(
        {
            "number": number,
            "direction": direction,
            "allows": allows,
            "match": match or AnyTraffic(),
            "range": ip_network("0.0.0.0/0"),
        }
    )


def world(first: int, last: int) -> GroupRule:
    """Open TCP ports to everybody."""
    return rule("anyone", Direction.INGRESS, within("0.0.0.0/0"), PortSpan(protocol=TCP, first=first, last=last))


def web(node_port: int | Unknown) -> Service:
    """Write a Service with a node port."""
    port = ServicePort(port=80, protocol=TCP, target_port=8080, node_port=node_port)
    return Service(namespace="shop", name="web", type=ServiceType.NODE_PORT, ports=(port,))


def target_group(name: str) -> TargetGroup:
    """Write a target group with one target."""
    check, targets = HealthCheck(protocol=TCP), (Target(name=name, port=80),)
    return TargetGroup(name="web", protocols=(TCP,), targets=targets, health_check=check, preserves_client=True)


def test_a_node_port_that_a_service_asks_for_is_no_accident() -> None:
    made = facts(groups={"nodes": group(world(30080, 30080))}, services=(web(30080),))
    assert verdict(made, 28).verdict == "holds"


IN, OUT = row(100, Direction.INGRESS), row(100, Direction.EGRESS)
NO_UDP = row(90, Direction.INGRESS, allows=False, match=WholeProtocol(protocol=UDP))
HIGH_ONLY = row(100, Direction.EGRESS, match=PortSpan(protocol=TCP, first=32768, last=65535))


@pytest.mark.parametrize("number", [item.number for item in PROPERTIES])
def test_holds_in_a_network_that_is_right(number: int) -> None:
    assert verdict(facts(), number).verdict == "holds"


WRONG: list[tuple[int, Callable[[], Facts], str]] = [
    (
        1,
        lambda: nodes(b={"pod_ranges": ("100.64.0.128/25",)}),
        "100.64.0.128/25 of b shares addresses with 100.64.0.0/24 of a",
    ),
    (
        2,
        lambda: facts(clusters=(cluster(service_ranges=("10.0.128.0/17",)),)),
        "10.0.128.0/17 of Services overlaps 10.0.0.0/16",
    ),
    (
        2,
        lambda: second(to("100.64.7.0/24", Via.PEERING_CONNECTION, "office")),
        "100.64.7.0/24 of peering connection office",
    ),
    (3, lambda: nodes(a={"pod_ranges": ("10.0.3.0/25",)}), "10.0.3.0/25 of a lies in the VPC and is no whole subnet"),
    (4, lambda: second(to("169.254.169.0/24", Via.INTERFACE, "a")), "169.254.169.0/24 in table second"),
    (5, lambda: nodes(a={"most_pods": 254}), "a runs up to 254 pods and has 253 IPv4 addresses"),
    (
        6,
        lambda: facts(tables={"first": table("first"), "second": table("second", without="a")}),
        "second has no route for 100.64.0.0/24 of a",
    ),
    (
        7,
        lambda: second(to(PODS["a"], Via.INTERFACE, "b"), without="a"),
        "100.64.0.0/24 belongs to a, but table second has 100.64.0.0/24 -> network interface b",
    ),
    (7, lambda: second(to(PODS["a"], Via.INTERFACE, "a", black_hole=True), without="a"), "black hole"),
    (
        8,
        lambda: second(to("100.64.0.64/26", Via.INTERFACE, "c")),
        "100.64.0.64/26 -> network interface c in table second shadows",
    ),
    (9, lambda: second(without="a"), "packets to 100.64.0.0/24 of a leave by NAT gateway nat, in table second"),
    (
        10,
        lambda: facts(interfaces={**facts().interfaces, "b": interface("b", checks=True)}),
        "interface b of b has its source/destination check on",
    ),
    (11, lambda: facts(routes_per_table=3), "table first has 4 IPv4 routes, and AWS takes 3"),
    (
        12,
        lambda: facts(tables={**facts().tables, "second": table("second").model_copy(update={"vpc": "other"})}),
        "subnet two of b is in net, and its table second in other",
    ),
    (13, lambda: facts(groups={"nodes": group(without="all from nodes")}), "no ingress rule admits it"),
    (13, lambda: walled(IN, OUT, NO_UDP), "row 90 denies 0.0.0.0/0"),
    (14, lambda: facts(groups={"nodes": group(without="all to pods")}), "no egress rule admits it"),
    (14, lambda: second(to("100.64.0.64/26", Via.INTERFACE, "c")), "to another interface"),
    (
        14,
        lambda: facts(interfaces={**facts().interfaces, "a": interface("a", checks=True)}),
        "source/destination check is on",
    ),
    (15, lambda: facts(groups={"nodes": group(without="all to nodes")}), "pod 100.64"),
    (15, lambda: facts(groups={"nodes": group(without="all from nodes")}), "node"),
    (16, lambda: second(without="a"), "NAT gateway nat rewrites the source of packets to 100.64.0.0/24 of a"),
    (
        16,
        lambda: facts(clusters=(cluster(unmasqueraded=("100.64.0.0/16",)),)),
        "nodes put their own address on pods' packets to 10.0.0.0/16",
    ),
    (
        17,
        lambda: facts(clusters=(cluster(unmasqueraded=("10.0.0.0/8", "100.64.0.0/16")),)),
        "keep addresses to which nothing outside can answer",
    ),
    (18, lambda: walled(IN, HIGH_ONLY), "answers of node a (10.0.0.10) to node b (10.0.1.10) are lost"),
    (
        19,
        lambda: facts(groups={"nodes": group(without="kubelets from the control plane")}),
        "the control plane can't reach tcp/10250 of node a",
    ),
    (19, lambda: walled(OUT), "no row matches, so it is denied"),
]

WRONG += [
    (20, lambda: second(to("10.96.4.0/24", Via.PEERING_CONNECTION, "office")), "which are Services' addresses"),
    (20, lambda: second(to("10.96.0.0/12", Via.INTERFACE, "a")), "10.96.0.0/12 -> network interface a"),
    (20, lambda: facts(target_groups={"web": target_group("10.96.0.7")}), "target group web sends to 10.96.0.7"),
    (
        28,
        lambda: facts(groups={"nodes": group(world(1024, 65535))}, services=(web(30080),)),
        'rule "anyone" of security group nodes opens tcp/30000-30079, tcp/30081-32767 to 0.0.0.0/0',
    ),
    (28, lambda: facts(groups={"nodes": group(world(30080, 30080))}), "opens tcp/30080 to 0.0.0.0/0"),
]


@pytest.mark.parametrize(("number", "make", "said"), WRONG, ids=[f"{at}-{one[0]}" for at, one in enumerate(WRONG)])
def test_broken_by_the_right_witness(number: int, make: Callable[[], Facts], said: str) -> None:
    assert said in broken(make(), number)


UNSURE: list[tuple[int, Callable[[], Facts], str]] = [
    (2, lambda: facts(clusters=(cluster(service_ranges=Unknown(comes_from="the flag")),)), "the flag"),
    (
        2,
        lambda: facts(vpcs={"net": Vpc(name="net", ranges=(Unknown(comes_from="the pool"),), main_table="m")}),
        "the pool",
    ),
    (5, lambda: nodes(a={"most_pods": Unknown(comes_from="the kubelet")}), "the kubelet"),
    (
        6,
        lambda: second(
            Route(destination=PrefixListDestination(prefix_list="pl-1"), via=Via.TRANSIT_GATEWAY, target="t")
        ),
        "the ranges of prefix list pl-1",
    ),
    (7, lambda: nodes(a={"told": Told.ROUTES}), "which node has 100.64.0.0/24: nothing but the routes say so"),
    (7, lambda: second(to(PODS["a"], Via.INTERFACE, Unknown(comes_from="an id")), without="a"), "an id"),
    (
        10,
        lambda: facts(interfaces={**facts().interfaces, "a": interface("a", checks=Unknown(comes_from="the check"))}),
        "the check",
    ),
    (
        11,
        lambda: facts(
            tables={
                **facts().tables,
                "more": table("more", *[to(f"10.{n // 250}.{n % 250}.0/24", Via.NAT_GATEWAY, "n") for n in range(600)]),
            }
        ),
        "the account's quota of routes per table",
    ),
    (12, lambda: nodes(a={"interface": Unknown(comes_from="the interface")}), "the interface"),
    (13, lambda: facts(groups={}), "the rules of security group nodes"),
    (
        13,
        lambda: facts(groups={"nodes": group(without="all from nodes").model_copy(update={"open_ends": ("others",)})}),
        "others",
    ),
    (
        14,
        lambda: facts(
            subnets={
                **facts().subnets,
                "one": Subnet(
                    name="one",
                    vpc="net",
                    zone="z",
                    ranges=(ip_network("10.0.0.0/24"),),
                    table="first",
                    acl=Unknown(comes_from="its ACL"),
                ),
            }
        ),
        "its ACL",
    ),
    (16, lambda: facts(clusters=(cluster(unmasqueraded=Unknown(comes_from="the CNI")),)), "the CNI"),
    (17, lambda: facts(clusters=(cluster(unmasqueraded=Unknown(comes_from="the CNI")),)), "the CNI"),
    (
        18,
        lambda: facts(subnets={**facts().subnets, "one": facts().subnets["one"].model_copy(update={"acl": "gone"})}),
        "the rows of network ACL gone",
    ),
    (19, lambda: facts(clusters=(cluster(control_plane=Unknown(comes_from="EKS")),)), "EKS"),
]

UNSURE += [
    (20, lambda: facts(clusters=(cluster(service_ranges=Unknown(comes_from="the flag")),)), "the flag"),
    (28, lambda: facts(clusters=(cluster(node_ports=Unknown(comes_from="the flag")),)), "the flag"),
    (
        28,
        lambda: facts(
            groups={"nodes": group(world(30080, 30080))}, services=(web(Unknown(comes_from="the server's choice")),)
        ),
        "the server's choice",
    ),
]


@pytest.mark.parametrize(("number", "make", "said"), UNSURE, ids=[f"{at}-{one[0]}" for at, one in enumerate(UNSURE)])
def test_not_proven_where_a_value_is_unknown(number: int, make: Callable[[], Facts], said: str) -> None:
    assert said in unproven(make(), number)


def test_what_is_broken_whatever_is_unknown_is_broken() -> None:
    unknown = interface("a", address=Unknown(comes_from="the address"))
    made = facts(interfaces={**facts().interfaces, "a": unknown}, groups={"nodes": group(without="all from nodes")})
    assert "node a ->" in broken(made, 13)


def test_an_address_that_only_the_apply_will_know_may_not_matter() -> None:
    unknown = interface("a", address=Unknown(comes_from="the address"))
    assert verdict(facts(interfaces={**facts().interfaces, "a": unknown}), 13).verdict == "holds"


def test_an_address_that_only_the_apply_will_know_matters_to_a_rule_for_a_part_of_the_subnet() -> None:
    unknown = interface("a", address=Unknown(comes_from="the address"))
    some, others = (rule(f"from {cidr}", Direction.INGRESS, within(cidr)) for cidr in ("10.0.0.0/25", "10.0.1.0/24"))
    made = facts(
        interfaces={**facts().interfaces, "a": unknown}, groups={"nodes": group(some, others, without="all from nodes")}
    )
    assert unproven(made, 13) == ("the address",)
    rest = rule("from the rest", Direction.INGRESS, within("10.0.0.128/25"))
    both = made.model_copy(update={"groups": {"nodes": group(some, rest, others, without="all from nodes")}})
    assert verdict(both, 13).verdict == "holds"


def test_nothing_holds_beside_what_the_prover_cannot_read() -> None:
    proofs = prove(facts(strangers=("aws:ec2/route:Route extra",)))
    assert {proof.verdict.verdict for proof in proofs} == {"not proven"}
    assert "aws:ec2/route:Route extra" in unproven(facts(strangers=("aws:ec2/route:Route extra",)), 6)


def test_a_node_in_another_vpc_is_outside_the_model() -> None:
    elsewhere = facts().subnets["two"].model_copy(update={"vpc": "other"})
    made = facts(subnets={**facts().subnets, "two": elsewhere})
    assert "how b in other reaches net: outside the model" in unproven(made, 14)


def test_a_witness_reads_like_a_traceroute() -> None:
    checked = facts(interfaces={**facts().interfaces, "a": interface("a", checks=True)})
    assert broken(checked, 14).splitlines()[-2:] == [
        "  pod 100.64.0.0/24 on a -> pod 100.64.1.0/24 on b, tcp/1",
        "   1 STOPS     interface a, sends as pod: source/destination check is on, and the address isn't its own",
    ]
    assert broken(facts(groups={"nodes": group(without="all from pods")}), 14).splitlines()[1:] == [
        "  pod 100.64.0.0/24 on a -> pod 100.64.1.0/24 on b, tcp/1",
        "   1 passes    interface a, sends as pod: source/destination check is off",
        '   2 passes    security group nodes, out of a: rule "all to pods"',
        "   3 passes    route table first: 100.64.1.0/24 -> network interface b",
        "   4 passes    default network ACL, out of one: passes everything",
        "   5 passes    default network ACL, into two: passes everything",
        "   6 STOPS     security group nodes, into b: no ingress rule admits it",
    ]


def test_a_witness_says_what_rewrites_the_source() -> None:
    assert broken(second(without="a"), 16).splitlines()[1:] == [
        "  pod 100.64.1.0/24 on b -> pod 100.64.0.0/24 on a, tcp/443",
        "   1 passes    interface b, sends as pod: source/destination check is off",
        '   2 passes    security group nodes, out of b: rule "all to pods"',
        (
            "   3 STOPS     route table second: 0.0.0.0/0 -> NAT gateway nat, so it leaves the VPC, "
            "with its source rewritten"
        ),
    ]


def test_nothing_holds_of_packets_in_a_vpc_that_is_not_known() -> None:
    made = facts(clusters=(cluster(vpc=Unknown(comes_from="the VPC's id")),))
    assert all(unproven(made, number) == ("the VPC's id",) for number in (2, 6, 13, 14, 15, 18, 19))
