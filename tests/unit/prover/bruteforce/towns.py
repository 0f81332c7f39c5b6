"""Random small clusters with Services of every type, in which everything is right."""

from __future__ import annotations

from functools import cache
from ipaddress import IPv4Address, ip_network
from random import Random

from kubewire.prover.facts.cluster import Proxy
from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.firewall import Acl, AclRow, AnyTraffic, Direction, GroupPeer, GroupRule, PrefixListPeer
from kubewire.prover.facts.quotas import Quotas
from kubewire.prover.facts.services import HealthCheck, Record, Service, ServicePort, Target, TargetType
from tests.unit.prover.nets import PODS, cluster, rule, within
from tests.unit.prover.served import (
    OFFICE,
    PODS_OF,
    SERVICES,
    TCP,
    UDP,
    balancer,
    balancer_group,
    endpoint,
    listener,
    opened,
    port,
    served,
    target_group,
    web,
)

OFFICES = (OFFICE, "10.8.4.0/24", "203.0.113.0/24")
LISTED = {"pl-office": (ip_network("10.8.0.0/17"), ip_network("10.8.128.0/17"))}
QUOTAS = Quotas(**dict.fromkeys(Quotas.model_fields, 40))
HEALTH_PORT = 30999
IN, OUT = Direction.INGRESS, Direction.EGRESS


def town(random: Random) -> Facts:
    """Draw one."""
    names = [name for name in SERVICES if random.random() < SHARE]
    whole, chosen = _whole(), {name: _whole_service(name) for name in names}
    zone = whole.zones[0].model_copy(update={"records": _records(names)})
    made = whole.model_copy(update={"services": tuple(chosen.values()), "zones": (zone,)})
    if "web" not in chosen:
        made = made.model_copy(update={"load_balancers": (), "target_groups": {}})
    made = _walled(random, made) if random.random() < SELDOM else made
    made = _for_office(random, made) if "admin" in chosen else made
    made = _proxied(random, made)
    return _balanced(random, made) if "web" in chosen else made


SHARE, SELDOM, HALF = 0.45, 0.3, 0.5


@cache
def _whole() -> Facts:
    return served(prefix_lists=LISTED, routes_per_table=20, quotas=QUOTAS)


@cache
def _whole_service(name: str) -> Service:
    return SERVICES[name]()


def _records(names: list[str]) -> tuple[Record, ...]:
    found = _whole().zones[0].records
    return tuple(one for one in found if one.service is None or one.service.removeprefix("shop/") in names)


def _walled(random: Random, made: Facts) -> Facts:
    """Put an ACL before the first nodes' subnet that passes everything, in rows of any order."""
    halves = [ip_network("0.0.0.0/1"), ip_network("128.0.0.0/1"), ip_network("0.0.0.0/0")]
    rows = [
        AclRow(number=number, direction=way, allows=True, match=AnyTraffic(), range=item)
        for way in Direction
        for number, item in zip(random.sample(range(1, 90), len(halves)), halves, strict=True)
    ]
    random.shuffle(rows)
    one = made.subnets["one"].model_copy(update={"acl": "wall"})
    return made.model_copy(
        update={"subnets": {**made.subnets, "one": one}, "acls": {"wall": Acl(name="wall", rows=tuple(rows))}}
    )


def _for_office(random: Random, made: Facts) -> Facts:
    """Let somebody else administrate: a range, or a prefix list."""
    where = random.choice(OFFICES)
    peer = PrefixListPeer(prefix_list="pl-office") if random.random() < SELDOM else within(where)
    changed = replaced(made, "admin", sources=(peer,))
    rules = [
        one.model_copy(update={"peer": peer}) if one.name == "admin from the office" else one
        for one in made.groups["nodes"].rules
    ]
    return with_rules(changed, "nodes", rules)


def _proxied(random: Random, made: Facts) -> Facts:
    proxy = Proxy(pod_ranges=(ip_network("100.64.0.0/16"),)) if random.random() < HALF else None
    return made.model_copy(update={"clusters": (cluster(hairpin=True, proxy=proxy),)})


def _balanced(random: Random, made: Facts) -> Facts:
    """Vary the load balancer: who may use it, what it tells its targets, and what those are."""
    facing = random.random() < HALF
    # An internal one that keeps its clients' addresses must not have any on its own nodes.
    source = random.choice(["203.0.113.0/24", "10.8.0.0/16", *(["0.0.0.0/0"] if facing else [])])
    extra: list[GroupRule] = []
    inner: list[GroupRule] = []
    group = target_group(preserves_client=random.random() < HALF)
    ports: tuple[ServicePort, ...] = (port(443, node_port=30443),)
    listens = listener()
    if random.random() < SELDOM:
        ports = (port(443, name="tcp", node_port=30443), port(443, UDP, name="udp", node_port=30443))
        group, listens = target_group(protocols=(TCP, UDP)), listener(protocols=(TCP, UDP))
        inner += [rule("web from lb by udp", IN, GroupPeer(group="lb"), opened(30443, UDP))]
        extra += [
            rule("web by udp", IN, within(source), opened(443, UDP)),
            rule("web to nodes by udp", OUT, GroupPeer(group="nodes"), opened(30443, UDP)),
        ]
    service = web(sources=(within(source),), ports=ports, endpoints=tuple(endpoint(node, *ports) for node in PODS))
    if random.random() < SELDOM:
        pods = tuple(Target(name=node, port=8443, address=IPv4Address(one)) for node, one in PODS_OF.items())
        group = group.model_copy(update={"type": TargetType.IP, "targets": pods})
        for protocol in group.protocols:
            inner.append(rule("web from lb to pods", IN, GroupPeer(group="lb"), opened(8443, protocol)))
            extra.append(rule("web to pods", OUT, within("100.64.0.0/16"), opened(8443, protocol)))
    elif random.random() < SELDOM:
        service = service.model_copy(update={"local": True, "health_check_node_port": HEALTH_PORT})
        group = group.model_copy(update={"health_check": HealthCheck(protocol=TCP, http=True, port=HEALTH_PORT)})
        inner.append(rule("checks", IN, GroupPeer(group="lb"), opened(HEALTH_PORT)))
        extra.append(rule("checks to nodes", OUT, GroupPeer(group="nodes"), opened(HEALTH_PORT)))
    lb = balancer(internet_facing=facing, cross_zone=random.random() < HALF, listeners=(listens,))
    changed = made.model_copy(update={"load_balancers": (lb,), "target_groups": {"web": group}})
    changed = with_service(changed, service)
    changed = with_rules(changed, "nodes", [*made.groups["nodes"].rules, *inner])
    return with_rules(changed, "lb", balancer_group(*extra, source=source).rules)


def with_rules(made: Facts, name: str, rules: object) -> Facts:
    """Give a group other rules."""
    group = made.groups[name].model_copy(update={"rules": tuple(rules)})  # type: ignore[arg-type]  # any series
    return made.model_copy(update={"groups": {**made.groups, name: group}})


def with_service(made: Facts, service: Service) -> Facts:
    """Put a Service in place of the one of its name."""
    others = [one for one in made.services if one.name != service.name]
    return made.model_copy(update={"services": (*others, service)})


def replaced(made: Facts, name: str, **changes: object) -> Facts:
    """Change one Service."""
    (own,) = [one for one in made.services if one.name == name]
    return with_service(made, own.model_copy(update=changes))
