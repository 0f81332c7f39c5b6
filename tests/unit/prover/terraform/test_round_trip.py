"""Facts that are written as Terraform has them, in any of the provider's styles, are read as the same facts."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kubewire.net.kinds import LAST_PORT, PORTED
from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.firewall import (
    AnyTraffic,
    Direction,
    GroupPeer,
    GroupRule,
    IcmpType,
    Match,
    PortSpan,
    PrefixListPeer,
    RangePeer,
    WholeProtocol,
)
from kubewire.prover.facts.network import PrefixListDestination, RangeDestination, Route, Via
from kubewire.prover.from_terraform.read import from_terraform
from kubewire.prover.prove import prove
from tests.unit.prover.bruteforce.networks import Draw
from tests.unit.prover.terraform.writer import To, Writer

VPC = To("aws_vpc.net")
TARGETS = {
    Via.INTERFACE: ("network_interface_id", ""),
    Via.NAT_GATEWAY: ("nat_gateway_id", "nat-"),
    Via.INTERNET_GATEWAY: ("gateway_id", "igw-"),
    Via.TRANSIT_GATEWAY: ("transit_gateway_id", "tgw-"),
}
NAMES = {6: "tcp", 17: "udp", 1: "icmp"}


class Written:
    """Facts as a state, each object in a style that is drawn."""

    def __init__(self, facts: Facts, seed: int) -> None:
        self._facts = facts
        self._draw = Random(seed)  # noqa: S311 - repeatable on purpose
        self.tf = Writer()
        (vpc,) = facts.vpcs.values()
        self.tf.add("aws_vpc.net", cidr_block=str(vpc.ranges[0]))
        self.tf.add("aws_main_route_table_association.net", vpc_id=VPC, route_table_id=table(str(vpc.main_table)))
        for name, ranges in facts.prefix_lists.items():
            self._list(name, [str(item) for item in ranges])
        for name in facts.subnets:
            self._subnet(name)
        for name, interface in facts.interfaces.items():
            self.tf.add(
                f"aws_network_interface.{name}",
                subnet_id=To(f"aws_subnet.{interface.subnet}"),
                private_ip=str(interface.address),
                private_ips=[str(interface.address)],
                ipv4_prefixes=[str(item) for item in interface.prefixes],
                security_groups=[To(f"aws_security_group.{group}") for group in interface.groups],
                source_dest_check=interface.checks,
            )
        for name in facts.tables:
            self._table(name)
        for name in facts.groups:
            self._group(name)
        for name in facts.acls:
            self._acl(name)

    def _one_of(self, *styles: str) -> str:
        return self._draw.choice(styles)

    def _list(self, name: str, ranges: list[str]) -> None:
        apart = self._one_of("apart", "inline") == "apart"
        address = f"aws_ec2_managed_prefix_list.{name.replace('-', '_')}"
        self.tf.add(address, name=name, entry=[] if apart else [{"cidr": item, "description": ""} for item in ranges])
        for at, item in enumerate(ranges if apart else []):
            entry = f"aws_ec2_managed_prefix_list_entry.{name.replace('-', '_')}_{at}"
            self.tf.add(entry, prefix_list_id=To(address), cidr=item)

    def _subnet(self, name: str) -> None:
        subnet, address = self._facts.subnets[name], f"aws_subnet.{name}"
        self.tf.add(address, vpc_id=VPC, cidr_block=str(subnet.ranges[0]), availability_zone=subnet.zone)
        link = {"subnet_id": To(address), "route_table_id": table(str(subnet.table))}
        if subnet.table != self._facts.vpcs["net"].main_table or self._one_of("named", "main") == "named":
            self.tf.add(f"aws_route_table_association.{name}", **link)

    def _table(self, name: str) -> None:
        rows = [self._route(route) for route in self._facts.tables[name].routes]
        address, apart = f"aws_route_table.{name}", self._one_of("apart", "inline") == "apart"
        inline = [{key.removeprefix("destination_") if "cidr" in key else key: value for key, value in row.items()}
                  for row in rows]  # fmt: skip
        # The provider says of no inline row that it leads nowhere.
        apart = apart or any(route.black_hole for route in self._facts.tables[name].routes)
        self.tf.add(address, vpc_id=VPC, route=[] if apart else inline)
        for at, row in enumerate(rows if apart else []):
            self.tf.add(f"aws_route.{name}_{at}", route_table_id=To(address), **row)

    def _route(self, route: Route) -> dict[str, Any]:
        attribute, prefix = TARGETS[route.via]
        to: Any = f"{prefix}{route.target}" if prefix else To(f"aws_network_interface.{route.target}")
        row = {attribute: to, "state": "blackhole" if route.black_hole else "active", "instance_id": ""}
        match route.destination:
            case RangeDestination(range=item):
                return {"destination_cidr_block": str(item), **row}
            case PrefixListDestination(prefix_list=name):
                return {"destination_prefix_list_id": listed(name), **row}

    def _group(self, name: str) -> None:
        style = self._one_of("inline", "rule", "one-peer")
        address, rules = f"aws_security_group.{name}", self._facts.groups[name].rules
        inline: dict[str, list[Any]] = {way: [] for way in Direction}
        for at, rule in enumerate(rules):
            where = f"{name}_{at}"
            match style:
                case "inline":
                    inline[rule.direction].append({**many(rule, name, "security_groups"), "description": rule.name})
                case "rule":
                    ways = {"type": rule.direction.value, "security_group_id": To(address), "description": rule.name}
                    self.tf.add(
                        f"aws_security_group_rule.{where}", **ways, **many(rule, name, "source_security_group_id")
                    )
                case _:
                    kind = f"aws_vpc_security_group_{rule.direction}_rule"
                    own = {"security_group_id": To(address), "description": rule.name}
                    self.tf.add(f"{kind}.{where}", **own, **single(rule))
        self.tf.add(address, vpc_id=VPC, **inline)

    def _acl(self, name: str) -> None:
        rows, apart = self._facts.acls[name].rows, self._one_of("apart", "inline") == "apart"
        guarded = [To(f"aws_subnet.{key}") for key, subnet in self._facts.subnets.items() if subnet.acl == name]
        linked = self._one_of("listed", "linked") == "linked"
        address, inline = f"aws_network_acl.{name}", {way: list[Any]() for way in Direction}
        for at, row in enumerate(rows):
            ports = numbers(row.match, acl=True)
            common = {"cidr_block": str(row.range), **ports}
            if apart:
                own = {
                    "rule_number": row.number,
                    "rule_action": action(allows=row.allows),
                    "egress": row.direction == "egress",
                }
                self.tf.add(f"aws_network_acl_rule.{name}_{at}", network_acl_id=To(address), **own, **common)
            else:
                inline[row.direction].append({"rule_no": row.number, "action": action(allows=row.allows), **common})
        self.tf.add(address, vpc_id=VPC, subnet_ids=[] if linked else guarded, **inline)
        for at, subnet in enumerate(guarded if linked else []):
            self.tf.add(f"aws_network_acl_association.{name}_{at}", network_acl_id=To(address), subnet_id=subnet)


def table(name: str) -> To:
    return To(f"aws_route_table.{name}")


def listed(name: str) -> To:
    return To(f"aws_ec2_managed_prefix_list.{name.replace('-', '_')}")


def action(*, allows: bool) -> str:
    return "allow" if allows else "deny"


def numbers(match: Match, *, acl: bool = False) -> dict[str, Any]:
    """Write traffic as the provider does: ACLs have attributes of their own for ICMP."""
    match match:
        case AnyTraffic():
            return {"protocol": "-1", "from_port": 0, "to_port": 0}
        case PortSpan(protocol=protocol, first=first, last=last):
            return {"protocol": NAMES[protocol], "from_port": first, "to_port": last}
        case IcmpType(protocol=protocol, type=kind, code=code):
            first, last = kind, -1 if code is None else code
        case WholeProtocol(protocol=protocol) if protocol in PORTED:
            return {"protocol": NAMES.get(protocol, str(protocol)), "from_port": 0, "to_port": LAST_PORT}
        case WholeProtocol(protocol=protocol):
            first = last = -1 if protocol == 1 else 0
    if acl and protocol == 1:
        return {"protocol": "1", "icmp_type": first, "icmp_code": last, "from_port": 0, "to_port": 0}
    return {"protocol": NAMES.get(protocol, str(protocol)), "from_port": first, "to_port": last}


def many(rule: GroupRule, own: str, groups: str) -> dict[str, Any]:
    """Write a rule whose peers are lists."""
    ports = numbers(rule.match)
    match rule.peer:
        case RangePeer(range=item):
            return {**ports, "cidr_blocks": [str(item)]}
        case PrefixListPeer(prefix_list=name):
            return {**ports, "prefix_list_ids": [listed(name)]}
        case GroupPeer(group=name):
            to = To(f"aws_security_group.{name}")
            if name == own:
                return {**ports, "self": True}
            return {**ports, groups: to if groups == "source_security_group_id" else [to]}


def single(rule: GroupRule) -> dict[str, Any]:
    """Write a rule with one peer."""
    ports = numbers(rule.match)
    whole = {"ip_protocol": ports.pop("protocol"), **ports}
    if isinstance(rule.match, AnyTraffic):
        whole = {"ip_protocol": "-1"}
    match rule.peer:
        case RangePeer(range=item):
            return {**whole, "cidr_ipv4": str(item)}
        case PrefixListPeer(prefix_list=name):
            return {**whole, "prefix_list_id": listed(name)}
        case GroupPeer(group=name):
            return {**whole, "referenced_security_group_id": To(f"aws_security_group.{name}")}


def renamed(facts: Facts) -> Facts:
    """Call everything as the drawn facts do."""
    written = facts.model_dump_json()
    for prefix in ("aws_vpc.", "aws_subnet.", "aws_route_table.", "aws_network_interface.", "aws_security_group.",
                   "aws_network_acl.", "aws_ec2_managed_prefix_list.", '"nat-', '"igw-', '"tgw-'):  # fmt: skip
        written = written.replace(prefix, '"' if prefix[0] == '"' else "")
    return Facts.model_validate_json(written.replace("pl_pods", "pl-pods").replace("pl_mixed", "pl-mixed"))


def comparable(facts: Facts) -> dict[str, Any]:
    """Give what is said, in no order; a protocol with ports is one with all ports."""

    def ports(match: Match) -> Match:
        if isinstance(match, WholeProtocol) and match.protocol in PORTED:
            return PortSpan(protocol=match.protocol, first=0, last=LAST_PORT)
        return match

    return {
        "vpcs": facts.vpcs,
        "subnets": facts.subnets,
        "tables": {key: {str(route) for route in one.routes} for key, one in facts.tables.items() if "main" not in key},
        "interfaces": facts.interfaces,
        "groups": {
            key: {(rule.name, rule.direction, ports(rule.match), rule.peer) for rule in one.rules}
            for key, one in facts.groups.items()
            if "default" not in key
        },
        "acls": {
            key: {(row.number, row.direction, row.allows, ports(row.match), row.range) for row in one.rows}
            for key, one in facts.acls.items()
        },
        "prefix_lists": facts.prefix_lists,
        "open": [
            one.open_ends for sort in (facts.tables, facts.groups, facts.acls) for one in sort.values() if one.open_ends
        ],
        "strangers": facts.strangers,
    }


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_state_says_the_facts_that_it_was_written_from(network: int, style: int) -> None:
    drawn = Draw(network).facts
    read = renamed(from_terraform(Written(drawn, style).tf.state()).facts)
    assert comparable(read) == comparable(drawn)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_plan_of_new_resources_never_contradicts_the_state_after_it(network: int, style: int) -> None:
    """What the plan proves, or breaks, is so in the state that it leads to."""
    drawn = Draw(network).facts
    tf = Written(drawn, style).tf
    by_form = []
    for content in (tf.plan(), tf.state()):
        facts = renamed(from_terraform(content).facts).model_copy(update={"clusters": drawn.clusters})
        by_form.append({proof.number: proof.verdict.verdict for proof in prove(facts)})
    planned, there = by_form
    assert {
        number: (one, there[number]) for number, one in planned.items() if one not in ("not proven", there[number])
    } == {}
