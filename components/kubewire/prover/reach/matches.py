"""The traffic that rules are about, as sets."""

from __future__ import annotations

from functools import lru_cache

from kubewire.net.kinds import LAST_PORT, Kinds
from kubewire.prover.facts.firewall import AnyTraffic, IcmpType, Match, PortSpan, WholeProtocol
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.reach.bounds import Bounds, at_most, exactly


@lru_cache(maxsize=4096)
def matched(match: Match) -> Bounds:
    """Give what a rule matches; ports that are unknown may be any."""
    match match:
        case AnyTraffic():
            return exactly(Kinds.everything())
        case WholeProtocol(protocol=protocol):
            return exactly(Kinds.protocol(protocol))
        case IcmpType(protocol=protocol, type=kind, code=code):
            first = kind * 256 + (code or 0)
            return exactly(Kinds.ports(protocol, first, first if code is not None else first + 255))
        case PortSpan(protocol=protocol, first=first, last=last):
            if isinstance(first, Unknown):
                return at_most(Kinds.protocol(protocol), first.comes_from)
            if isinstance(last, Unknown):
                return at_most(Kinds.ports(protocol, first, LAST_PORT), last.comes_from)
            return exactly(Kinds.ports(protocol, first, last))
