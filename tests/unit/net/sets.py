"""Random sets for the laws."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network

from hypothesis import strategies as st

from kubewire.net.addresses import Addresses, Range
from kubewire.net.kinds import PORTS, IpProtocol, Kinds
from kubewire.net.points import Points
from kubewire.net.traffic import Box, Traffic


class Ruler(Points):
    """A line short enough to try every point of it."""

    SIZE = 24


RULERS = st.sets(st.integers(0, Ruler.SIZE - 1)).map(
    lambda chosen: Ruler.union(Ruler.span(place, place) for place in chosen)
)

# Few and near each other: what touches, nests and coincides is what goes wrong.
RANGES: st.SearchStrategy[Range] = st.one_of(
    st.builds(lambda bits, size: IPv4Network((bits << 4, size), strict=False), st.integers(0, 15), st.integers(24, 32)),
    st.builds(lambda bits, size: IPv6Network((bits, size), strict=False), st.integers(0, 15), st.integers(124, 128)),
    st.sampled_from([IPv4Network("0.0.0.0/0"), IPv6Network("::/0")]),
)
ADDRESSES = st.lists(RANGES, max_size=4).map(lambda ranges: Addresses.of(*ranges))


def _ports(protocol: int, first: int, more: int) -> Kinds:
    return Kinds.ports(protocol, first, min(first + more, PORTS - 1))


KINDS = st.lists(
    st.one_of(
        st.builds(_ports, st.sampled_from(list(IpProtocol)), st.sampled_from([0, 1, 2, 80, 65534]), st.integers(0, 3)),
        st.sampled_from(list(IpProtocol)).map(Kinds.protocol),
        st.just(Kinds.everything()),
    ),
    max_size=3,
).map(Kinds.union)

TRAFFIC = st.lists(st.builds(Box, ADDRESSES, ADDRESSES, KINDS), max_size=3).map(Traffic.of)
