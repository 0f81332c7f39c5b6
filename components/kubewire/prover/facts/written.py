"""Traffic as AWS writes it: in rules a protocol by name or number, with two numbers beside it; in listeners a name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kubewire.net.kinds import ECHOING, LAST_PORT, PORTED, IpProtocol
from kubewire.prover.facts.firewall import AnyTraffic, IcmpType, Match, PortSpan, WholeProtocol
from kubewire.prover.facts.unknown import Known, Unknown

ALL: Final = ("-1", "all")
ANY_PORT: Final = -1
"""In the place of a port, a type or a code: every one."""
TRANSPORTS: Final[Mapping[str, tuple[int, ...]]] = {
    "TCP": (IpProtocol.TCP,),
    "TLS": (IpProtocol.TCP,),
    "UDP": (IpProtocol.UDP,),
    "SCTP": (IpProtocol.SCTP,),
    "TCP_UDP": (IpProtocol.TCP, IpProtocol.UDP),
    "QUIC": (IpProtocol.UDP,),
    "TCP_QUIC": (IpProtocol.TCP, IpProtocol.UDP),
}
"""The protocols of listeners, target groups and ports of Services."""
_NUMBERS: Final = {item.name.lower(): item.value for item in IpProtocol}


def match_of(protocol: str, first: Known[int] | None = None, last: Known[int] | None = None) -> Match:
    """Read what a rule is about.

    Args:
        protocol: `tcp`, `6`, or `-1` for all.
        first: the first port; with ICMP the type.
        last: the last port; with ICMP the code. None for both where the rule has none.

    Raises:
        ValueError: there is no such protocol.
    """
    name = protocol.lower()
    if name in ALL:
        return AnyTraffic()
    number = _NUMBERS.get(name)
    if number is None:
        number = int(name)
    if first is None or number not in (*PORTED, *ECHOING):
        return WholeProtocol(protocol=number)
    if first == ANY_PORT:
        return WholeProtocol(protocol=number)
    if number in PORTED:
        return PortSpan(protocol=number, first=first, last=first if last is None else last)
    unknown = next((item for item in (first, last) if isinstance(item, Unknown)), None)
    if isinstance(first, Unknown) or isinstance(last, Unknown):
        # Any part of the protocol may be meant, and none is surely.
        return PortSpan(protocol=number, first=unknown or first, last=LAST_PORT)
    return IcmpType(protocol=number, type=first, code=None if last in (None, ANY_PORT) else last)
