"""Random small networks, mostly right and wrong in known ways: ties, shadows, order, references, unknown values."""

from __future__ import annotations

from ipaddress import IPv4Address, ip_network
from random import Random

from kubewire.prover.facts.cluster import Cluster, Node
from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.firewall import (
    Acl,
    AclRow,
    AnyTraffic,
    Direction,
    GroupPeer,
    GroupRule,
    IcmpType,
    Match,
    Peer,
    PortSpan,
    PrefixListPeer,
    RangePeer,
    SecurityGroup,
    WholeProtocol,
)
from kubewire.prover.facts.network import (
    Interface,
    PrefixListDestination,
    RangeDestination,
    Route,
    RouteTable,
    Subnet,
    Via,
    Vpc,
)
from kubewire.prover.facts.unknown import Known, Unknown
from tests.unit.prover.bruteforce.packets import ESP, ICMP, SCTP, TCP, UDP

BOTH = (True, False)
NODES = ("a", "b", "c")
GROUPS = ("red", "blue")
TABLES = ("first", "second")
SUBNETS = {"one": "10.0.0.0/28", "two": "10.0.0.16/28"}
LISTS = {"pl-pods": ("100.64.0.0/29",), "pl-mixed": ("100.64.0.4/31", "10.0.0.0/29")}
PODS = {"a": "100.64.0.0/30", "b": "100.64.0.4/31", "c": "100.64.0.8/31"}
PEERS = (
    "0.0.0.0/0",
    "100.64.0.0/16",
    "100.64.0.0/29",
    "100.64.0.4/31",
    "100.64.0.9/32",
    "10.0.0.0/27",
    "10.0.0.0/28",
    "10.0.0.16/28",
    "10.0.0.0/30",
    "10.0.0.18/31",
)
DESTINATIONS = ("0.0.0.0/0", "100.64.0.0/28", "100.64.0.0/29", "100.64.0.4/31", "100.64.0.5/32", "100.64.0.8/30")
MATCHES: tuple[Match, ...] = (
    AnyTraffic(),
    AnyTraffic(),
    AnyTraffic(),
    WholeProtocol(protocol=TCP),
    WholeProtocol(protocol=ESP),
    PortSpan(protocol=TCP, first=80, last=80),
    PortSpan(protocol=TCP, first=80, last=81),
    PortSpan(protocol=TCP, first=1024, last=65535),
    PortSpan(protocol=TCP, first=1024, last=40000),
    PortSpan(protocol=UDP, first=0, last=65535),
    PortSpan(protocol=UDP, first=32768, last=65535),
    WholeProtocol(protocol=SCTP),
    IcmpType(protocol=ICMP, type=8),
    IcmpType(protocol=ICMP, type=0, code=0),
    IcmpType(protocol=ICMP, type=3, code=4),
    WholeProtocol(protocol=ICMP),
)


class Draw:
    """Draws one network.

    Attributes:
        facts: the network.
        unknowns: what each unknown value in it may be, by what it comes from.
    """

    def __init__(self, seed: int, *, unknown: float = 0.0) -> None:
        self._random = Random(seed)  # noqa: S311 - repeatable on purpose
        self._unknown = unknown
        self.unknowns: dict[str, tuple[object, ...]] = {}
        self.facts = self._facts()

    def _facts(self) -> Facts:
        acls = {name: Acl(name=name, rows=self._rows()) for name in ("wall", "fence")}
        return Facts(
            vpcs={"net": Vpc(name="net", ranges=(ip_network("10.0.0.0/24"),), main_table="first")},
            subnets={name: self._subnet(name, cidr) for name, cidr in SUBNETS.items()},
            tables={name: self._table(name) for name in TABLES},
            interfaces={name: self._interface(place, name) for place, name in enumerate(NODES)},
            groups={name: SecurityGroup(name=name, vpc="net", rules=self._rules()) for name in GROUPS},
            acls=acls,
            prefix_lists={name: tuple(ip_network(cidr) for cidr in cidrs) for name, cidrs in LISTS.items()},
            clusters=(self._cluster(),),
        )

    def _maybe(self, name: str, value: object, *others: object) -> object:
        """Leave a value open, once in a while: it may be this or one of the others."""
        if self._random.random() >= self._unknown:
            return value
        self.unknowns[name] = (value, *others)
        return Unknown(comes_from=name)

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _subnet(self, name: str, cidr: str) -> Subnet:
        acl: Known[str] | None = self._random.choice(["wall", "fence"]) if self._chance(0.3) else None
        table = self._maybe(f"table of {name}", self._random.choice(TABLES), *TABLES)
        return Subnet.model_validate(
            {"name": name, "vpc": "net", "zone": name, "ranges": (cidr,), "table": table, "acl": acl}
        )

    def _interface(self, place: int, name: str) -> Interface:
        subnet = self._random.choice(list(SUBNETS))
        first = int(ip_network(SUBNETS[subnet]).network_address)
        others = [IPv4Address(first + at) for at in (1, 3, 4, 7, 8, 15)]
        groups = tuple(self._random.sample(GROUPS, self._random.choice([1, 1, 2])))
        return Interface.model_validate(
            {
                "name": name,
                "subnet": subnet,
                "address": self._maybe(f"address of {name}", IPv4Address(first + 2 + place), *others),
                "prefixes": (PODS[name],) if self._chance(0.1) else (),
                "groups": (self._maybe(f"first group of {name}", groups[0], *GROUPS), *groups[1:]),
                "checks": self._maybe(f"check of {name}", self._chance(0.1), *BOTH),
            }
        )

    def _table(self, name: str) -> RouteTable:
        routes = [self._route(name, PODS[node], node) for node in NODES if not self._chance(0.05)]
        wanted = self._random.sample(DESTINATIONS, self._random.choice([0, 0, 1, 2]))
        taken = set(PODS.values())
        routes += [self._route(name, cidr, self._random.choice(NODES)) for cidr in wanted if cidr not in taken]
        if self._chance(0.2):
            there = PrefixListDestination(prefix_list=self._random.choice(list(LISTS)))
            routes.append(Route(destination=there, via=Via.INTERFACE, target=self._random.choice(NODES)))
        return RouteTable(name=name, vpc="net", routes=tuple(routes))

    def _route(self, table: str, cidr: str, node: str) -> Route:
        leaving = self._chance(0.1) or cidr == "0.0.0.0/0"
        via = (
            self._random.choice([Via.NAT_GATEWAY, Via.INTERNET_GATEWAY, Via.TRANSIT_GATEWAY])
            if leaving
            else Via.INTERFACE
        )
        target = node if not self._chance(0.05) else self._random.choice(NODES)
        given = {
            "destination": RangeDestination(range=ip_network(cidr)),
            "via": via,
            "target": target if leaving else self._maybe(f"target of {cidr} in {table}", target, *NODES),
            "black_hole": self._chance(0.03),
        }
        return Route.model_validate(given)

    def _rules(self) -> tuple[GroupRule, ...]:
        open_rules = [
            GroupRule(
                name=f"all {way}", direction=way, match=AnyTraffic(), peer=RangePeer(range=ip_network("0.0.0.0/0"))
            )
            for way in Direction
            if self._chance(0.6)
        ]
        drawn = [self._rule(number) for number in range(self._random.choice([0, 1, 2, 4]))]
        return (*open_rules, *drawn)

    def _rule(self, number: int) -> GroupRule:
        match = self._random.choice(MATCHES)
        if isinstance(match, PortSpan) and self._chance(self._unknown):
            name = f"port {number} {self._random.random()}"
            self.unknowns[name] = (80, 81, 40000)
            match = PortSpan(protocol=match.protocol, first=Unknown(comes_from=name), last=Unknown(comes_from=name))
        return GroupRule(
            name=f"rule {number}", direction=self._random.choice(list(Direction)), match=match, peer=self._peer()
        )

    def _peer(self) -> Peer:
        match self._random.choice(["range", "range", "group", "list"]):
            case "group":
                return GroupPeer(group=self._random.choice(GROUPS))
            case "list":
                return PrefixListPeer(prefix_list=self._random.choice(list(LISTS)))
            case _:
                return RangePeer(range=ip_network(self._random.choice(PEERS)))

    def _rows(self) -> tuple[AclRow, ...]:
        numbers = self._random.sample(range(1, 200), self._random.choice([1, 2, 4, 6]))
        rows = [self._row(number) for number in numbers]
        last = [
            AclRow(number=1000, direction=way, allows=True, match=AnyTraffic(), range=ip_network("0.0.0.0/0"))
            for way in Direction
            if self._chance(0.7)
        ]
        return (*rows, *last)

    def _row(self, number: int) -> AclRow:
        return AclRow(
            number=number,
            direction=self._random.choice(list(Direction)),
            allows=self._chance(0.6),
            match=self._random.choice(MATCHES),
            range=ip_network(self._random.choice(PEERS)),
        )

    def _cluster(self) -> Cluster:
        open_end = Unknown(comes_from="not asked")
        nodes = tuple(
            Node(name=name, interface=name, pod_ranges=(ip_network(PODS[name]),), most_pods=1) for name in NODES
        )
        return Cluster(
            name="net",
            vpc="net",
            pod_ranges=(ip_network("100.64.0.0/28"),),
            service_ranges=(),
            node_ports=open_end,
            nodes=nodes,
            control_plane=open_end,
            unmasqueraded=open_end,
        )
