"""Kinds of traffic: a protocol, with a port or an ICMP type where it has them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Self

from kubewire.net.points import Points

PORTS = 65536
PROTOCOLS = 256
CODES = 256
LAST_PORT = PORTS - 1


class IpProtocol(IntEnum):
    """Protocols that have a name here: https://www.iana.org/assignments/protocol-numbers/."""

    ICMP = 1
    IPIP = 4
    TCP = 6
    UDP = 17
    GRE = 47
    ESP = 50
    ICMPV6 = 58
    SCTP = 132


PORTED = (IpProtocol.TCP, IpProtocol.UDP, IpProtocol.SCTP)
ECHOING = (IpProtocol.ICMP, IpProtocol.ICMPV6)


@dataclass(frozen=True, slots=True)
class Kinds(Points):
    """A set of kinds of traffic.

    Each of the 256 protocols has 65,536 points: destination ports with TCP, UDP and SCTP, type times 256 plus code with
    ICMP. Other protocols have no such parts, and all of their points go together.
    """

    SIZE: ClassVar[int] = PROTOCOLS * PORTS

    @classmethod
    def protocol(cls, number: int) -> Self:
        """Give all of a protocol."""
        return cls.ports(number, 0, LAST_PORT)

    @classmethod
    def ports(cls, protocol: int, first: int, last: int | None = None) -> Self:
        """Give one port of a protocol, or a range of them, both ends included."""
        return cls.span(protocol * PORTS + first, protocol * PORTS + (first if last is None else last))

    @classmethod
    def icmp(cls, kind: int, code: int | None = None, *, protocol: IpProtocol = IpProtocol.ICMP) -> Self:
        """Give an ICMP type with one code, or with all."""
        first = kind * CODES + (code or 0)
        return cls.ports(protocol, first, first if code is not None else first + CODES - 1)

    def per_protocol(self) -> Iterator[tuple[int, Self]]:
        """Give its parts by protocol number, ascending."""
        numbers = {number for first, last in self.spans() for number in range(first // PORTS, last // PORTS + 1)}
        return ((number, self & type(self).protocol(number)) for number in sorted(numbers))

    def __str__(self) -> str:
        if self == type(self).everything():
            return "all traffic"
        parts = list(self.per_protocol())
        whole = [number for number, part in parts if len(part) == PORTS]
        if len(whole) > PROTOCOLS // 2:
            return f"all traffic but {~self}"
        return ", ".join(text for number, part in parts for text in _written(number, part))


def kind_of(protocol: int, port: int) -> int:
    """Give the place of one port of a protocol on the line."""
    return protocol * PORTS + port


def kind_name(point: int) -> str:
    """Write one kind of traffic: `tcp/443`, `icmp/8/0`, `gre`."""
    protocol, rest = divmod(point, PORTS)
    if protocol in PORTED:
        return f"{_name(protocol)}/{rest}"
    return f"{_name(protocol)}/{rest // CODES}/{rest % CODES}" if protocol in ECHOING else _name(protocol)


def _written(protocol: int, part: Kinds) -> Iterator[str]:
    if len(part) == PORTS or (protocol not in PORTED and protocol not in ECHOING):
        yield _name(protocol)
        return
    for first, last in part.spans():
        first_port, last_port = first % PORTS, last % PORTS
        if protocol in PORTED:
            yield f"{_name(protocol)}/{first_port}" + (f"-{last_port}" if last_port > first_port else "")
        elif first_port == last_port:
            yield kind_name(first)
        elif first_port // CODES == last_port // CODES:
            yield f"{_name(protocol)}/{first_port // CODES}"
        else:
            yield f"{_name(protocol)}/{first_port // CODES}-{last_port // CODES}"


def _name(protocol: int) -> str:
    return IpProtocol(protocol).name.lower() if protocol in set(IpProtocol) else f"protocol {protocol}"
