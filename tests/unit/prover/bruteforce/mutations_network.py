"""Ways to make addresses, routes, nodes and pods wrong."""

from __future__ import annotations

from ipaddress import IPv4Address, ip_network
from random import Random

from kubewire.prover.facts.cluster import Apart
from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.firewall import (
    AclRow,
    PortSpan,
)
from kubewire.prover.facts.network import Via, Vpc
from kubewire.prover.facts.services import Target, TargetType
from tests.unit.prover.bruteforce.packets import TCP, UDP
from tests.unit.prover.bruteforce.towns import IN, OUT
from tests.unit.prover.bruteforce.ways import (
    about,
    of_cluster,
    of_interface,
    of_node,
    of_table,
    row,
    targeted,
    walled,
    without,
)
from tests.unit.prover.nets import PODS, to, within


@about(1)
def twin_pods(made: Facts, _random: Random) -> Facts:
    return of_node(made, "b", pod_ranges=(ip_network("100.64.0.128/25"),))


@about(2)
def services_in_the_vpc(made: Facts, _random: Random) -> Facts:
    return of_cluster(made, service_ranges=(ip_network("10.0.128.0/17"),))


@about(2)
def peer_in_pods(made: Facts, _random: Random) -> Facts:
    return of_table(made, "second", to("100.64.7.0/24", Via.PEERING_CONNECTION, "office"))


@about(3)
def pods_in_the_vpc(made: Facts, _random: Random) -> Facts:
    return of_node(made, "a", pod_ranges=(ip_network("10.0.3.0/25"),))


@about(4)
def reserved_route(made: Facts, _random: Random) -> Facts:
    return of_table(made, "second", to("169.254.169.0/24", Via.INTERFACE, "a"))


@about(5)
def too_many_pods(made: Facts, random: Random) -> Facts:
    return of_node(made, random.choice("abc"), most_pods=254)


@about(6)
def no_route(made: Facts, random: Random) -> Facts:
    table, node = random.choice([("first", "b"), ("first", "c"), ("second", "a"), ("second", "b")])
    return of_table(made, table, without=PODS[node])


@about(7)
def wrong_node(made: Facts, random: Random) -> Facts:
    gone = random.random() < 0.3
    return of_table(
        made, "second", to(PODS["a"], Via.INTERFACE, "a" if gone else "b", black_hole=gone), without=PODS["a"]
    )


@about(8)
def shadow(made: Facts, random: Random) -> Facts:
    cidr = random.choice(["100.64.0.64/26", "100.64.0.7/32", "100.64.0.128/25"])
    return of_table(made, "second", to(cidr, Via.INTERFACE, random.choice("bc")))


@about(9)
def by_a_gateway(made: Facts, random: Random) -> Facts:
    via = random.choice([Via.TRANSIT_GATEWAY, Via.NAT_GATEWAY, Via.INTERNET_GATEWAY])
    return of_table(made, "first", to(PODS["c"], via, "out"), without=PODS["c"])


@about(10)
def checked(made: Facts, random: Random) -> Facts:
    return of_interface(made, random.choice("abc"), checks=True)


@about(11)
def few_routes(made: Facts, _random: Random) -> Facts:
    return made.model_copy(update={"routes_per_table": 3})


@about(12)
def table_of_others(made: Facts, _random: Random) -> Facts:
    other = Vpc(name="other", ranges=(ip_network("10.200.0.0/16"),), main_table="second")
    table = made.tables["second"].model_copy(update={"vpc": "other"})
    return made.model_copy(update={"vpcs": {**made.vpcs, "other": other}, "tables": {**made.tables, "second": table}})


@about(13)
def nodes_shut(made: Facts, random: Random) -> Facts:
    return without(made, "nodes", random.choice(["all from nodes", "all to nodes"]))


@about(13)
def no_udp_in(made: Facts, _random: Random) -> Facts:
    return walled(made, row(10, IN, "0.0.0.0/0", UDP))


@about(14)
def pods_shut(made: Facts, random: Random) -> Facts:
    return without(made, "nodes", random.choice(["all from pods", "all to pods"]))


@about(15)
def some_pods_shut(made: Facts, _random: Random) -> Facts:
    return walled(made, row(10, IN, "100.64.1.0/25", TCP))


@about(16)
def vpc_masqueraded(made: Facts, _random: Random) -> Facts:
    return of_cluster(made, unmasqueraded=(ip_network("100.64.0.0/16"),))


@about(17)
def spares_too_much(made: Facts, _random: Random) -> Facts:
    return of_cluster(made, unmasqueraded=(ip_network("10.0.0.0/8"), ip_network("100.64.0.0/16")))


@about(18)
def answers_lost(made: Facts, _random: Random) -> Facts:
    low = AclRow(
        number=5,
        direction=OUT,
        allows=False,
        match=PortSpan(protocol=TCP, first=1024, last=32767),
        range=ip_network("0.0.0.0/0"),
    )
    return walled(made, low)


@about(19)
def kubelets_shut(made: Facts, _random: Random) -> Facts:
    return without(made, "nodes", "kubelets from the control plane")


@about(19)
def plane_elsewhere(made: Facts, _random: Random) -> Facts:
    return of_cluster(made, control_plane=Apart(peers=(within("10.9.0.0/27"),), webhook_ports=(9443,)))


@about(20)
def services_routed(made: Facts, random: Random) -> Facts:
    route = random.choice([("10.96.4.0/24", Via.PEERING_CONNECTION), ("10.96.0.0/12", Via.INTERFACE)])
    return of_table(made, "second", to(*route, "a"))


@about(20)
def service_targeted(made: Facts, _random: Random) -> Facts | None:
    address = Target(name="cart", port=80, address=IPv4Address("10.96.0.4"))
    return targeted(made, type=TargetType.IP, targets=(address,))
