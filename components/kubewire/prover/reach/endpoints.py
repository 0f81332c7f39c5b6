"""Who sends and receives: nodes and pods, by address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_network

from kubewire.net.addresses import IPV4_SIZE, address_at, bounds, point
from kubewire.prover.facts.cluster import Cluster, Node
from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.network import Interface
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.reach.atoms import Atoms


class Role(StrEnum):
    """What an endpoint is."""

    NODE = "node"
    POD = "pod"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Addresses of one node, or of its pods, that every rule and route treats alike.

    Attributes:
        role: node or pods.
        node: whose they are.
        interface: what their packets come and go by.
        first: place of the first address on the line of addresses.
        last: place of the last one.
        unknown: what says which of them it is; None where all of them are meant.
        own: whether AWS knows the addresses as the interface's own.
        expected: whether it stands for nodes, or pods of such, that are yet to come.
    """

    role: Role
    node: str
    interface: Interface
    first: int
    last: int
    unknown: str | None
    own: bool
    expected: bool = False

    @property
    def host(self) -> str:
        """Name the node as people do: one that is expected has no name of its own, `a node in private-a`."""
        return self.node if self.expected else f"node {self.node}"

    @property
    def version(self) -> int:
        """Give 4 or 6."""
        return 4 if self.first < IPV4_SIZE else 6

    def only(self, place: int) -> Endpoint:
        """Give one address of it, which is known."""
        return Endpoint(self.role, self.node, self.interface, place, place, None, self.own, self.expected)

    @property
    def label(self) -> str:
        """Say who it is."""
        if self.role is Role.NODE:
            return self.host + ("" if self.unknown else f" ({address_at(self.first)})")
        if self.unknown:
            return f"a pod in {_span(self.first, self.last)} on {self.node}"
        return f"pod {_span(self.first, self.last)} on {self.node}"


def endpoints(facts: Facts, cluster: Cluster, atoms: Atoms) -> list[Endpoint]:
    """Give every endpoint of a cluster whose interface is known, cut so that it is treated alike by all rules.

    Args:
        facts: the interfaces.
        cluster: its nodes.
        atoms: where rules and routes cut.
    """
    found = []
    for node in cluster.nodes:
        interface, expected = interface_of(facts, node), node.expected
        if interface is None:
            continue
        pods = [bounds(item) for item in node.pod_ranges]
        prefixes = [bounds(item) for item in interface.prefixes]
        for version, address in ((4, interface.address), (6, interface.ipv6)):
            if isinstance(address, Unknown):
                spans = _spans(facts, interface, version)
                found += [
                    Endpoint(Role.NODE, node.name, interface, *span, address.comes_from, own=True, expected=expected)
                    for span in spans
                ]
            elif address is not None:
                place = point(address)
                found.append(Endpoint(Role.NODE, node.name, interface, place, place, None, own=True))
        found += _in_vpc(facts, node)
        for low, high in pods:
            own = any(first <= low and high <= last for first, last in prefixes)
            parts = atoms.split(low, high)
            found += [Endpoint(Role.POD, node.name, interface, first, last, None, own=own) for first, last in parts]
    return found


def interface_of(facts: Facts, node: Node) -> Interface | None:
    """Give a node's interface, None where it isn't known."""
    return None if isinstance(node.interface, Unknown) else facts.interfaces.get(node.interface)


def pod_interfaces(node: Node) -> list[Interface]:
    """Give the interfaces by which a node's pods with addresses of the VPC talk, one for each place that they may have.

    They check sources and destinations, and needn't be told not to: the addresses are their own.
    """
    return [
        Interface(
            name=f"{node.name} (pods)",
            subnet=place.subnet,
            address=Unknown(comes_from=f"which addresses of {place.subnet} the pods of {node.name} get"),
            groups=place.groups,
            checks=True,
        )
        for place in node.pod_places
    ]


def _in_vpc(facts: Facts, node: Node) -> Iterator[Endpoint]:
    """Give the pods that get addresses of the VPC: of a subnet's IPv6 range too, if it has one."""
    for interface in pod_interfaces(node):
        subnet = facts.subnet(interface.subnet)
        versions = (4, 6) if subnet and len(subnet.ranges) > 1 else (4,)
        for span in (span for version in versions for span in _spans(facts, interface, version)):
            why = interface.address.comes_from if isinstance(interface.address, Unknown) else None
            yield Endpoint(Role.POD, node.name, interface, *span, why, own=True, expected=node.expected)


def _spans(facts: Facts, interface: Interface, version: int) -> list[tuple[int, int]]:
    """Give where an address lies that AWS will choose: in its subnet's range, and rules may not care where."""
    subnet = facts.subnet(interface.subnet)
    ranges = [item for item in subnet.ranges if not isinstance(item, Unknown)] if subnet else []
    whole = [ip_network("0.0.0.0/0" if version == 4 else "::/0")]  # noqa: PLR2004 - IP's version
    return [bounds(item) for item in [item for item in ranges if item.version == version] or whole]


def _span(first: int, last: int) -> str:
    size = last - first + 1
    start, end = address_at(first), address_at(last)
    if size == 1:
        return str(start)
    if size & (size - 1) == 0 and int(start) % size == 0:
        return f"{start}/{start.max_prefixlen - size.bit_length() + 1}"
    return f"{start}-{end}"
