"""What AWS takes of a set of rules on one security group."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from ipaddress import IPv4Network, IPv6Network

from kubewire.deferred import is_deferred
from kubewire.errors import InvalidInputError
from kubewire.resources.traffic import CidrPeer, Direction, Identity, Peer, PrefixListPeer, Rule

MOST_RULES = 1000
"""Of one address family, in one direction. It's what an interface takes in all, so no quota of a group is higher.
https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html"""


def check_no_twins(rules: Mapping[str, Rule]) -> None:
    """Refuse two rules that EC2 doesn't tell apart. Raises InvalidInputError."""
    seen: dict[Identity, str] = {}
    for name, rule in rules.items():
        identity = rule.identity()
        if any(is_deferred(part) for part in identity):
            continue
        if identity in seen:
            detail = "EC2 keeps one of each: remove one of the two."
            message = f"{name!r} and {seen[identity]!r} are the same rule"
            raise InvalidInputError(message, detail=detail, path=f'rules["{name}"]')
        seen[identity] = name


def check_number(rules: Collection[Rule]) -> None:
    """Refuse more rules than any group holds. Raises InvalidInputError."""
    for direction in Direction:
        peers = [rule.peer for rule in rules if rule.direction is direction]
        number = max(_weight(peers, IPv4Network), _weight(peers, IPv6Network))
        if number > MOST_RULES:
            detail = f"AWS takes {MOST_RULES} at most. Put neighbouring ranges into one."
            raise InvalidInputError(f"{number} rules of {direction}", detail=detail, path="rules")


def _weight(peers: Collection[Peer], family: type[IPv4Network | IPv6Network]) -> int:
    """Give how many rules of an address family these count as; groups and prefix lists count in both.

    https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html
    """
    weight = 0
    for peer in peers:
        match peer:
            case CidrPeer(cidr=cidr):
                weight += 1 if isinstance(cidr, family) else 0
            case PrefixListPeer(max_entries=entries):
                weight += entries
            case _:
                weight += 1
    return weight
