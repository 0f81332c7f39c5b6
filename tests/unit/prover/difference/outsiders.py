"""What others send to nodes and pods, one packet at a time, by the letter of AWS's documentation."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address, ip_network
from random import Random

from kubewire.net.addresses import point
from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.firewall import Direction, GroupPeer, PrefixListPeer
from kubewire.prover.facts.network import Via
from tests.unit.prover.bruteforce import packets
from tests.unit.prover.bruteforce.packets import Address, Host, Kind, hosts, owns, winning

OUTSIDERS = ("203.0.113.9", "9.9.9.9", "192.168.7.7", "172.20.1.1", "10.9.9.9", "10.0.0.9", "10.0.0.20", "10.0.0.200")
"""Of the internet, of other networks, of the VPC's other machines: in both subnets and in none."""
INTERNET = ("203.0.113.9", "9.9.9.9")
PUBLIC = "198.51.100.7"

Answers = dict[Kind, bool | None]
"""Whether each kind arrives; None where it isn't known."""


def public_ones(facts: Facts, seed: int) -> Facts:
    """Give some nodes public addresses."""
    random = Random(seed)  # noqa: S311 - repeatable on purpose
    found = {
        name: one.model_copy(update={"public": PUBLIC if random.random() < 0.5 else None})
        for name, one in sorted(facts.interfaces.items())
    }
    return facts.model_copy(update={"interfaces": found})


def received(facts: Facts, kinds: Iterable[Kind]) -> dict[tuple[str, tuple[str, bool, int]], Answers]:
    """Say what arrives of everything that others send to every host."""
    return {
        (source, (host.node, host.is_pod, point(host.address) if host.is_pod else 0)): {
            kind: _arrives(facts, ip_address(source), host, kind) for kind in kinds
        }
        for host in hosts(facts, facts.clusters[0])
        for source in OUTSIDERS
    }


def _arrives(facts: Facts, source: Address, host: Host, kind: Kind) -> bool | None:
    subnet = facts.subnets[str(host.interface.subnet)]
    near = any(source in cidr for cidr in subnet.ranges)
    passes = _admitted(facts, host, source, kind) and (owns(host) or host.interface.checks is False)
    if not near:
        passes = passes and _filtered(facts, host, source, kind)
    return passes and _comes_in(facts, source, host)


def _comes_in(facts: Facts, source: Address, host: Host) -> bool | None:
    """Whether connections come by the route that leads back."""
    if source in ip_network("10.0.0.0/24"):
        return True
    row = winning(facts, str(facts.subnets[str(host.interface.subnet)].table), source)
    if row is None or isinstance(row[1], str):
        return row is not None
    route = row[1]
    if route.black_hole or route.via is Via.NAT_GATEWAY:
        return False
    if route.via is Via.INTERNET_GATEWAY:
        return str(source) in INTERNET and not host.is_pod and host.interface.public is not None
    return None


def _admitted(facts: Facts, host: Host, source: Address, kind: Kind) -> bool:
    for name in host.interface.groups:
        for rule in facts.groups[str(name)].rules:
            if rule.direction is not Direction.INGRESS or not packets.matches(rule.match, kind):
                continue
            if isinstance(rule.peer, GroupPeer):
                continue
            lists = facts.prefix_lists
            ranges = lists[rule.peer.prefix_list] if isinstance(rule.peer, PrefixListPeer) else (rule.peer.range,)
            if any(source in cidr for cidr in ranges):
                return True
    return False


def _filtered(facts: Facts, host: Host, source: Address, kind: Kind) -> bool:
    subnet = str(host.interface.subnet)
    other = Host("", is_pod=False, interface=host.interface, address=source)
    if not packets._acl(facts, subnet, Direction.INGRESS, other, kind):  # noqa: SLF001 - one checker
        return False
    acl = facts.subnets[subnet].acl
    rows = [row for row in facts.acls[str(acl)].rows if row.direction is Direction.EGRESS] if acl else []
    awaited = list(packets.chosen(kind, rows))
    return not awaited or any(
        packets._acl(facts, subnet, Direction.EGRESS, other, answer)  # noqa: SLF001 - as above
        for answer in awaited
    )
