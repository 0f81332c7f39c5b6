"""Who is asked about, as users write it.

Sources: `pod:node-a`, `pod:100.64.0.7`, `node:node-a`, `internet`, `10.9.0.0/16`.
Destinations: those with a port, `node:node-a:30080/tcp`, or `/icmp`; `service:shop/cart:7070`; `lb:shop/frontend:80`.
"""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_network
from typing import Literal

from kubewire.errors import InvalidInputError
from kubewire.model import Model
from kubewire.net.addresses import Address, Range
from kubewire.net.kinds import IpProtocol, Kinds, kind_of

ECHO = {4: Kinds.icmp(8, 0).lowest(), 6: Kinds.icmp(128, 0, protocol=IpProtocol.ICMPV6).lowest()}
"""What `ping` sends, by IP's version."""
LAST_PORT = 65535
_PORT = re.compile(r"(?P<end>.+):(?P<port>\d{1,5})(?:/(?P<protocol>tcp|udp|sctp))?")
_SOURCES = "`pod:NODE`, `pod:ADDRESS`, `node:NAME`, `internet` or a range of addresses, `10.9.0.0/16`"
_MORE = "`service:NAMESPACE/NAME:PORT` or `lb:NAMESPACE/NAME:PORT`"


class PodsOf(Model):
    """The pods of a node."""

    kind: Literal["pods"] = "pods"
    node: str


class OnePod(Model):
    """The pod with an address."""

    kind: Literal["pod"] = "pod"
    address: Address


class OneNode(Model):
    """A node."""

    kind: Literal["node"] = "node"
    name: str


class Internet(Model):
    """Everybody with a public address."""

    kind: Literal["internet"] = "internet"


class InRange(Model):
    """Whoever has an address in a range."""

    kind: Literal["range"] = "range"
    range: Range


class ServiceEnd(Model):
    """A Service, at its own address inside the cluster."""

    kind: Literal["service"] = "service"
    label: str


class BalancerEnd(Model):
    """The load balancer of a Service."""

    kind: Literal["lb"] = "lb"
    label: str


Source = PodsOf | OnePod | OneNode | Internet | InRange
End = Source | ServiceEnd | BalancerEnd


class Destination(Model):
    """An end, and what is sent to it."""

    end: End
    protocol: int
    port: int | None
    """None with ICMP."""

    def kind(self, version: int) -> int:
        """Give the kind of traffic."""
        if self.port is None:
            return ECHO[version]
        return kind_of(self.protocol, self.port)


def source(text: str) -> Source:
    """Read who sends. Raises InvalidInputError for anything else."""
    found = _end(text, "WHO")
    if isinstance(found, ServiceEnd | BalancerEnd):
        detail = f"Nodes and pods send for it. Write {_SOURCES}."
        raise InvalidInputError(f"{text} opens no connections", detail=detail, path="WHO")
    return found


def destination(text: str) -> Destination:
    """Read to whom, and what. Raises InvalidInputError for anything else."""
    if text.endswith("/icmp"):
        end = _end(text.removesuffix("/icmp"), "WHOM")
        if isinstance(end, ServiceEnd | BalancerEnd):
            detail = "They answer at their ports alone."
            raise InvalidInputError("Services and load balancers take no ICMP", detail=detail, path="WHOM")
        return Destination(end=end, protocol=IpProtocol.ICMP, port=None)
    match = _PORT.fullmatch(text)
    if match is None:
        detail = "Add a port, and a protocol unless it is TCP: `node:node-a:30080`, `node:node-a:53/udp`; or `/icmp`."
        raise InvalidInputError(f"{text} has no port", detail=detail, path="WHOM")
    port = int(match["port"])
    if not 0 < port <= LAST_PORT:
        raise InvalidInputError(f"{port} is no port", detail="Ports are 1 to 65535.", path="WHOM")
    protocol = IpProtocol[(match["protocol"] or "tcp").upper()]
    return Destination(end=_end(match["end"], "WHOM"), protocol=protocol, port=port)


def _end(text: str, path: str) -> End:
    kind, _, rest = text.partition(":")
    if text == "internet":
        return Internet()
    if kind == "pod" and rest:
        address = _address(rest)
        return PodsOf(node=rest) if address is None else OnePod(address=address)
    if kind == "node" and rest:
        return OneNode(name=rest)
    if kind in ("service", "lb") and rest.count("/") == 1:
        return ServiceEnd(label=rest) if kind == "service" else BalancerEnd(label=rest)
    try:
        return InRange(range=ip_network(text.strip("[]"), strict=True))
    except ValueError:
        more = f", {_MORE}" if path == "WHOM" else ""
        raise InvalidInputError(f"{text} is nobody", detail=f"Write {_SOURCES}{more}.", path=path) from None


def _address(text: str) -> Address | None:
    try:
        return ip_address(text.strip("[]"))
    except ValueError:
        return None
