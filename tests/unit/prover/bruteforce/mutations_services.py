"""Ways to make Services, load balancers and names wrong."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, ip_network
from random import Random
from typing import Any

from kubewire.prover.facts.cluster import Proxy
from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.firewall import (
    GroupPeer,
    PortSpan,
    PrefixListPeer,
    SecurityGroup,
)
from kubewire.prover.facts.services import HealthCheck, Record
from tests.unit.prover.bruteforce.packets import ICMP, TCP, UDP
from tests.unit.prover.bruteforce.towns import IN, OUT, replaced
from tests.unit.prover.bruteforce.ways import (
    about,
    balanced,
    beside,
    having,
    of_cluster,
    of_interface,
    recorded,
    row,
    service,
    targeted,
    walled,
    without,
)
from tests.unit.prover.nets import interface, rule, within
from tests.unit.prover.served import DNS_NAME, opened


def _endpoints(made: Facts, random: Random, **changes: Any) -> Facts | None:
    able = [one for one in made.services if isinstance(one.endpoints, tuple) and one.endpoints]
    if not able:
        return None
    one = random.choice(able)
    assert isinstance(one.endpoints, tuple)
    first, *rest = one.endpoints
    return replaced(made, one.name, endpoints=(first.model_copy(update=changes), *rest))


@about(21)
def stale_endpoint(made: Facts, random: Random) -> Facts | None:
    wrong: list[dict[str, Any]] = [
        {"exists": False},
        {"address": IPv4Address("100.64.9.9")},
        {"node": "gone"},
        {"ports": {}},
    ]
    return _endpoints(made, random, **random.choice(wrong))


@about(21)
def another_target_port(made: Facts, random: Random) -> Facts | None:
    return _endpoints(made, random, ports={"": 7777, "tcp": 7777, "udp": 7777})


@about(21)
def nobody_ready(made: Facts, _random: Random) -> Facts | None:
    return having("cart", made, endpoints=())


@about(21)
def twin_address(made: Facts, _random: Random) -> Facts | None:
    return having("cart", made, cluster_ip="10.96.0.8" if service(made, "resolver") else "10.97.0.1")


@about(22)
def only_some_nodes(made: Facts, random: Random) -> Facts | None:
    own = service(made, "cart")
    some = own.endpoints[: random.choice([1, 2])] if own else ()  # type: ignore[index]  # known
    return having("cart", made, internal_local=True, endpoints=some)


@about(22)
def refusals_lost(made: Facts, _random: Random) -> Facts:
    return walled(made, row(10, OUT, "10.8.0.0/16", ICMP), row(11, OUT, "203.0.113.0/24", ICMP))


@about(23)
def mixed_protocols(made: Facts, random: Random) -> Facts | None:
    own = service(made, "resolver")
    if own is None:
        return None
    first, second = own.ports
    change: dict[str, Any] = random.choice([{"protocol": TCP}, {"name": "tcp"}])
    return replaced(made, "resolver", ports=(first, second.model_copy(update=change)))


@about(23)
def two_listeners(made: Facts, _random: Random) -> Facts | None:
    if not made.load_balancers:
        return None
    one = made.load_balancers[0].listeners[0]
    return balanced(made, listeners=(one, one.model_copy(update={"name": "again"})))


@about(24)
def no_hairpin_mode(made: Facts, _random: Random) -> Facts:
    return of_cluster(made, hairpin=False)


@about(25)
def proxy_masquerades(made: Facts, random: Random) -> Facts:
    proxies = [Proxy(masquerades_all=True), Proxy(pod_ranges=(ip_network("100.64.0.0/23"),))]
    return of_cluster(made, proxy=random.choice(proxies))


@about(26)
def admin_shut(made: Facts, _random: Random) -> Facts:
    return without(made, "nodes", "admin from the office")


@about(26)
def part_of_the_office_shut(made: Facts, random: Random) -> Facts:
    return walled(made, row(10, IN, random.choice(["10.8.4.128/25", "203.0.113.64/26"]), TCP))


@about(26)
def admin_on_few_nodes(made: Facts, _random: Random) -> Facts | None:
    own = service(made, "admin")
    return having("admin", made, local=True, endpoints=own.endpoints[:1] if own else ())  # type: ignore[index]  # known


@about(27)
def lab_in_the_vpc(made: Facts, random: Random) -> Facts:
    return beside(made, "nodes", rule("lab", IN, within("10.0.40.0/24"), opened(random.choice([30081, 30443]))))


@about(27)
def wider_list(made: Facts, _random: Random) -> Facts:
    lists = {"pl-office": (ip_network("10.0.60.0/24"),), "pl-lab": (ip_network("10.0.50.0/24"),)}
    changed = made.model_copy(update={"prefix_lists": {**lists, "pl-office": made.prefix_lists["pl-office"]}})
    return beside(changed, "nodes", rule("list", IN, PrefixListPeer(prefix_list="pl-lab"), opened(30081)))


@about(27)
def bastion(made: Facts, _random: Random) -> Facts:
    own = {"address": IPv4Address("10.0.0.77"), "groups": ("bastion",), "machine": "jump"}
    jump = interface("a", **own).model_copy(update={"name": "jump"})
    changed = beside(made, "nodes", rule("bastion", IN, GroupPeer(group="bastion")))
    groups = {**changed.groups, "bastion": SecurityGroup(name="bastion", vpc="net")}
    return changed.model_copy(update={"groups": groups, "interfaces": {**changed.interfaces, "jump": jump}})


@about(27)
def public_nodes(made: Facts, _random: Random) -> Facts:
    subnets = {name: one.model_copy(update={"table": "front"}) for name, one in made.subnets.items()}
    changed = made.model_copy(update={"subnets": subnets})
    changed = of_interface(changed, "a", public="198.51.100.7")
    return beside(changed, "nodes", rule("shop", IN, within("198.18.0.0/15"), opened(30081)))


@about(28)
def world_open(made: Facts, random: Random) -> Facts:
    first, last = random.choice([(1024, 65535), (30500, 30500), (30050, 30443)])
    match = PortSpan(protocol=TCP, first=first, last=last)
    return beside(made, "nodes", rule("anyone", IN, within("0.0.0.0/0"), match))


def _numbered(made: Facts, number: int) -> Facts | None:
    own = service(made, "web")
    ports = tuple(one.model_copy(update={"node_port": number}) for one in own.ports) if own else ()
    return having("web", made, ports=ports)


@about(29)
def twin_node_ports(made: Facts, _random: Random) -> Facts | None:
    return _numbered(made, 30081) if service(made, "admin") else None


@about(29)
def node_port_out_of_range(made: Facts, _random: Random) -> Facts | None:
    return _numbered(made, 8443)


@about(29)
def another_protocol(made: Facts, _random: Random) -> Facts | None:
    own = next((one for one in made.groups["nodes"].rules if one.name == "admin from the office"), None)
    if own is None:
        return None
    return beside(without(made, "nodes", own.name), "nodes", own.model_copy(update={"match": opened(30081, UDP)}))


@about(30)
def wrong_node_port(made: Facts, random: Random) -> Facts | None:
    if "web" not in made.target_groups:
        return None
    first, *rest = made.target_groups["web"].targets
    return targeted(made, targets=random.choice([(first.model_copy(update={"port": 30081}), *rest), tuple(rest)]))


@about(30)
def wrong_listener(made: Facts, _random: Random) -> Facts | None:
    if not made.load_balancers:
        return None
    return balanced(made, listeners=(made.load_balancers[0].listeners[0].model_copy(update={"port": 80}),))


@about(31)
def nodes_shut_to_balancers(made: Facts, random: Random) -> Facts | None:
    rule_name = random.choice(["web from lb", "web from lb to pods", "web to nodes"])
    return without(made, "lb" if rule_name == "web to nodes" else "nodes", rule_name) if made.load_balancers else None


@about(31)
def balancers_by_range(made: Facts, _random: Random) -> Facts | None:
    if not made.load_balancers:
        return None
    subnets = [rule("from its subnets", IN, within("10.0.8.0/23"), opened(30443))]
    return beside(without(made, "nodes", "web from lb"), "nodes", *subnets)


@about(32)
def wrong_check(made: Facts, random: Random) -> Facts | None:
    return targeted(made, health_check=HealthCheck(protocol=TCP, http=random.random() < 0.5, port=10256))


@about(33)
def check_says_nothing(made: Facts, random: Random) -> Facts | None:
    changed = targeted(made, health_check=HealthCheck(protocol=TCP, http=random.random() < 0.5, port=10256))
    changed = having("web", changed, local=True, health_check_node_port=30999) if changed else None
    to_lb = rule("checks", IN, GroupPeer(group="lb"), opened(10256))
    out = rule("checks to nodes", OUT, GroupPeer(group="nodes"), opened(10256))
    return beside(beside(changed, "nodes", to_lb), "lb", out) if changed else None


@about(34)
def clients_inside(made: Facts, _random: Random) -> Facts | None:
    changed = balanced(made, internet_facing=False)
    changed = having("web", changed, sources=(within("10.0.0.0/16"), within("100.64.0.0/16"))) if changed else None
    group = [rule(f"web from {cidr}", IN, within(cidr), opened(443)) for cidr in ("10.0.0.0/16", "100.64.0.0/16")]
    return beside(without(changed, "lb", "web from its sources"), "lb", *group) if changed else None


@about(35)
def idle_zone(made: Facts, _random: Random) -> Facts | None:
    return balanced(made, cross_zone=False, subnets=("front-one",))


@about(36)
def undeclared_clients(made: Facts, random: Random) -> Facts | None:
    return having("web", made, sources=(within(random.choice(["203.0.113.0/25", "10.8.0.0/24"])),))


@about(36)
def no_groups(made: Facts, random: Random) -> Facts | None:
    changed = balanced(made, groups=())
    changed = having("web", changed, sources=(within("203.0.113.0/24"),)) if changed else None
    who = random.choice(["0.0.0.0/0", "203.0.113.0/24", "198.51.100.0/24"])
    return beside(changed, "nodes", rule("web", IN, within(who), opened(30443))) if changed else None


@about(37)
def beyond_quotas(made: Facts, random: Random) -> Facts:
    name, number = random.choice(
        [("rules_per_group", 4), ("targets_per_zone", 1), ("targets_per_balancer", 2), ("targets_per_group", 2),
         ("listeners_per_balancer", 0), ("groups_per_interface", 0), ("balancers", 0)]
    )  # fmt: skip
    return made.model_copy(update={"quotas": made.quotas.model_copy(update={name: number})})


@about(38)
def more_than_a_name(made: Facts, random: Random) -> Facts | None:
    wrong: list[dict[str, Any]] = [
        {"external_name": "10.0.0.7"},
        {"external_name": "10.0.0.256"},
        {"external_name": None},
    ]
    wrong += [{"external_name": "a_b.example.com"}, {"cluster_ip": "10.96.0.99"}]
    return having("bank", made, **random.choice(wrong))


@about(39)
def wrong_names(made: Facts, random: Random) -> Facts:
    return random.choice(list(_names(made)))


def _names(made: Facts) -> Iterator[Facts]:
    def cname(name: str, *values: str, **more: Any) -> Record:
        return Record.model_validate({"name": f"{name}shop.internal", "type": "CNAME", "values": values, **more})

    yield recorded(made, cname("", "db.shop.internal"))
    yield recorded(
        made, cname("x.", "db.shop.internal"), Record(name="X.shop.internal", type="A", values=("10.0.0.9",))
    )
    yield recorded(made, cname("x.", "gone.shop.internal"))
    yield recorded(made, cname("x.", "y.shop.internal"), cname("y.", "x.shop.internal"))
    yield recorded(made, cname("x.", "db.shop.internal", DNS_NAME))
    yield recorded(made, cname("x.", "elsewhere.example.com"))
    yield recorded(made, cname("bank.", "web.shop.internal", service="shop/bank"), gone="bank.shop.internal")
    yield recorded(made, gone="db.shop.internal")
