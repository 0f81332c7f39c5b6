"""VPCs whose IPv6 range Amazon will choose: what is proved must be so for each that it may be.

Which one is known after the apply alone. But rules, rows and routes tell addresses apart only where a range of theirs
begins or ends: two choices are alike if the same ranges of all that is written hold both. So it is enough to prove one
choice of each sort.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from ipaddress import IPv6Address, IPv6Network, ip_network
from itertools import islice

from pydantic import BaseModel

from kubewire.net.addresses import Range
from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.network import Subnet, Vpc
from kubewire.prover.facts.unknown import Unknown

POOL = IPv6Network("2000::/3")
"""Global unicast addresses, which Amazon's are:
https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html#vpc-ipv6-addresses."""
OF_VPC, OF_SUBNET = 56, 64
"""What a VPC gets of them, and a subnet of that: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html."""
MOST_SORTS = 16
"""Choices that are looked at; with more, nothing is claimed."""
MOST_TRIES = 4096


def placed(facts: Facts) -> list[Facts]:
    """Give the facts with one choice of each sort; themselves where nothing is open, or too much is."""
    open_ones = [vpc for vpc in facts.vpcs.values() if vpc.ipv6_from_amazon is not None]
    if not open_ones:
        return [_spared(facts)]
    if len(open_ones) > 1:
        # Two choices may be neighbours, or one inside what is written for the other: not worth the trouble.
        return [facts]
    choices = _choices({item for item in _written(facts) if item != POOL and POOL.supernet_of(item)})
    if choices is None:
        return [facts]
    return [_spared(_with(facts, open_ones[0], choice)) for choice in choices]


def _choices(written: set[IPv6Network]) -> list[IPv6Network] | None:
    """Give a /56 in each written range, beside those that are inside of it; and one outside of all."""
    if len(written) >= MOST_SORTS or any(item.prefixlen > OF_VPC for item in written):
        # One that is written more narrowly would tell subnets apart, too.
        return None
    found = []
    for whole in (POOL, *sorted(written)):
        inner = [item for item in written if item != whole and whole.supernet_of(item)]
        parts = (part for part in _from_the_end(whole) if not any(part.overlaps(item) for item in inner))
        free = next(islice(parts, 1), None)
        if free is not None:
            found.append(free)
        elif not inner:
            return None
    return found


def _from_the_end(whole: IPv6Network) -> Iterator[IPv6Network]:
    size = 1 << (128 - OF_VPC)
    last = int(whole.broadcast_address) + 1
    for number in range(1, min(MOST_TRIES, 1 << (OF_VPC - whole.prefixlen)) + 1):
        yield IPv6Network((last - number * size, OF_VPC))


def _with(facts: Facts, vpc: Vpc, choice: IPv6Network) -> Facts:
    parts = choice.subnets(new_prefix=OF_SUBNET)
    subnets = {key: _subnet(one, vpc, parts) for key, one in facts.subnets.items()}
    chosen = vpc.model_copy(
        update={"ranges": tuple(choice if item == vpc.ipv6_from_amazon else item for item in vpc.ranges)}
    )
    return facts.model_copy(update={"subnets": subnets, "vpcs": {**facts.vpcs, vpc.name: chosen}})


def _subnet(subnet: Subnet, vpc: Vpc, parts: Iterator[IPv6Network]) -> Subnet:
    """Give a subnet of the VPC its part: which one makes no difference, for nothing is written inside the choice."""
    if subnet.vpc != vpc.name or not any(isinstance(item, Unknown) for item in subnet.ranges[1:]):
        return subnet
    ranges = (subnet.ranges[0], *(next(parts) if isinstance(item, Unknown) else item for item in subnet.ranges[1:]))
    return subnet.model_copy(update={"ranges": ranges})


def _spared(facts: Facts) -> Facts:
    """Write down the VPC's ranges for clusters that keep pods' addresses towards it, whatever they are."""
    clusters = []
    for cluster in facts.clusters:
        vpc = None if isinstance(cluster.vpc, Unknown) else facts.vpcs.get(cluster.vpc)
        known = [item for item in vpc.ranges if not isinstance(item, Unknown)] if vpc else []
        if cluster.spares_vpc and not isinstance(cluster.unmasqueraded, Unknown):
            clusters.append(cluster.model_copy(update={"unmasqueraded": (*cluster.unmasqueraded, *known)}))
        else:
            clusters.append(cluster)
    return facts.model_copy(update={"clusters": tuple(clusters)})


def _written(value: object) -> Iterator[IPv6Network]:
    """Give every IPv6 range and address that is anywhere in the facts."""
    match value:
        case IPv6Network():
            yield value
        case IPv6Address():
            yield IPv6Network(value)
        case str():
            yield from _if_range(value)
        case BaseModel():
            yield from _among(getattr(value, name) for name in type(value).model_fields)
        case Mapping():
            yield from _among((*value.keys(), *value.values()))
        case tuple() | list() | set() | frozenset():
            yield from _among(value)


def _among(values: Iterable[object]) -> Iterator[IPv6Network]:
    for value in values:
        yield from _written(value)


def _if_range(text: str) -> Iterator[IPv6Network]:
    if text.count(":") > 1:
        try:
            found: Range = ip_network(text)
        except ValueError:
            return
        if isinstance(found, IPv6Network):
            yield found
