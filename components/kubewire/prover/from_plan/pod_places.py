"""Where pods get addresses of the VPC, as the network registered it, and the nodes that others make for them.

{"subnets": {NAME: {"id", "zone", "pods": {NAME: ID}}}, "securityGroups": {NAME: ID},
 "machines": {NAME: {"instance", "interface", "subnet", "address", "ipv6Address", "publicAddress", "sourceDestCheck",
                     "securityGroups": [ID], "furtherInterfaces": [{"subnet", "securityGroups": [ID]}]}},
 "expected": {"by": "Auto Scaling group workers", "most": 9, "group": "workers"}, "mostAddresses": 128,
 "addresses": {NODE: 128}}

`group` is there where the Auto Scaling group registers its machines as targets itself.

Of machines that are yet to come, two in each of the subnets stand for all: they are treated alike, and two are enough
to be each other's neighbours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kubewire.prover.facts.cluster import Node, PodPlace
from kubewire.prover.facts.network import Interface, Subnet
from kubewire.prover.facts.unknown import Known, Unknown
from kubewire.prover.from_plan.document import Listed
from kubewire.prover.from_plan.index import Index, Sort
from kubewire.prover.from_plan.values import Pointer, Values

KIND = "kubewire:network:PodPlaces"
OURS = "kubewire:index:"
Wire = Mapping[str, Any]
Groups = tuple[Known[str], ...]


def with_machines(resources: Iterable[Listed]) -> list[Listed]:
    """Give resources, and the machines that were found beside them: read as if they were declared."""
    given = list(resources)
    rows = [(listed, listed.inputs.get("machines") or {}) for listed in given if listed.kind == KIND]
    return [*given, *(one for listed, found in rows for name, row in found.items() for one in _as(listed, name, row))]


def _as(listed: Listed, name: str, row: Wire) -> Iterator[Listed]:
    told = {key: row[key] for key in ("publicAddress",) if key in row}
    interface = {"subnet": {"name": row["subnet"], "id": row["subnet"]}, "ipv6": "ipv6Address" in row, **told}
    yield Listed(
        urn=f"{listed.urn}::NetworkInterfaces::{name}",
        kind=f"{OURS}NetworkInterfaces",
        name=listed.name,
        id=row["interface"],
        inputs={
            "interfaces": {name: interface},
            "securityGroups": {group: group for group in row["securityGroups"]},
            "sourceDestCheck": row["sourceDestCheck"],
        },
        outputs={
            "ids": {name: row["interface"]},
            "addresses": {name: row["address"]},
            "ipv6Addresses": {name: row["ipv6Address"]} if "ipv6Address" in row else {},
        },
        parent=listed.parent,
    )
    yield Listed(
        urn=f"{listed.urn}::Instances::{name}",
        kind=f"{OURS}Instances",
        name=listed.name,
        id=row["instance"],
        inputs={"instances": {name: {"interface": {"name": name, "id": row["interface"]}}}},
        outputs={"ids": {name: row["instance"]}},
        parent=listed.parent,
    )


@dataclass(frozen=True)
class Places:
    """What one network registered.

    Attributes:
        index: what it refers to.
        listed: the component.
        interfaces: those of machines that are declared, or were found.
        subnets: all subnets.
        several: whether there are more of its sort, so that nodes are told apart by their networks too.
    """

    index: Index
    listed: Listed
    interfaces: Mapping[str, Interface]
    subnets: Mapping[str, Subnet]
    several: bool

    def nodes(self, declared: Iterable[Node]) -> list[Node]:
        """Give the nodes with the places of their pods: those that are declared, were found, and are to come."""
        return [*map(self._declared, declared), *self._found(), *(node for node, _ in self._expected())]

    def beside(self) -> dict[str, Interface]:
        """Give the interfaces that machines to come will have, and those of machines that are somewhere else.

        Of these the address says nothing: nobody here knows what leads to the subnet that they are in.
        """
        found = [self.interfaces.get(str(node.interface)) for node in self._found()]
        elsewhere = [
            one.model_copy(update={"address": one.subnet, "ipv6": one.subnet if one.ipv6 else None})
            for one in found
            if one is not None and isinstance(one.subnet, Unknown)
        ]
        return {one.name: one for one in (*elsewhere, *(interface for _, interface in self._expected()))}

    def most_nodes(self) -> Known[int] | None:
        """Give how many nodes there are at most; None where all are declared."""
        told = self._values.inner("expected")
        if isinstance(told, Unknown) or not told.fields:
            return None
        if "most" in told.fields:
            return told.number("most")
        return Unknown(comes_from=f"how many nodes {told.fields['by']} has at most")

    def group(self) -> str | None:
        """Give the Auto Scaling group whose machines all nodes are, where it is to register them itself."""
        told = self._values.inner("expected")
        group = None if isinstance(told, Unknown) else told.optional_text("group")
        return None if isinstance(group, Unknown) else group

    @property
    def _values(self) -> Values:
        return Values(str(self.listed), self.listed.inputs)

    @property
    def _groups(self) -> Groups:
        return tuple(self.index.key(Sort.GROUP, one, self.listed) for one in self._values.pointers("securityGroups"))

    def _subnets(self) -> Iterator[tuple[Known[str], tuple[Known[str], ...]]]:
        """Give every subnet of nodes, and where their pods get addresses."""
        rows = self._values.parts("subnets")
        for name, row in [] if isinstance(rows, Unknown) else rows:
            told = row.optional_text("id")
            pointer = Pointer(name, None if isinstance(told, Unknown) else told)
            pods = tuple(self.index.key(Sort.SUBNET, one, self.listed) for one in row.pointers("pods"))
            yield self.index.key(Sort.SUBNET, pointer, self.listed), pods

    def _places(self, interface: Interface | None) -> tuple[PodPlace, ...]:
        """Give where the CNI makes interfaces for a node's pods: in the node's own groups, if in its own subnet."""
        if interface is None:
            return ()
        pods = dict(self._subnets()).get(interface.subnet, (interface.subnet,))
        own = pods == (interface.subnet,)
        return tuple(PodPlace(subnet=one, groups=interface.groups if own else self._groups) for one in pods)

    def _declared(self, node: Node) -> Node:
        interface = None if isinstance(node.interface, Unknown) else self.interfaces.get(node.interface)
        most = self._values.rows("addresses")
        told = None if isinstance(most, Unknown) else most.get(node.name)
        update = {"most_addresses": told} if isinstance(told, int) else {}
        return node.model_copy(update={"pod_places": self._places(interface), **update})

    def _found(self) -> Iterator[Node]:
        rows = self._values.parts("machines")
        for name, row in [] if isinstance(rows, Unknown) else rows:
            key = self.index.key(Sort.INTERFACE, Pointer(name, str(row.fields["interface"])), self.listed)
            interface = None if isinstance(key, Unknown) else self.interfaces.get(key)
            further = [self._further(item) for item in row.items("furtherInterfaces")]
            places = dict.fromkeys((*self._places(interface), *further))
            yield self._node(name, key, tuple(places))

    def _further(self, item: Wire) -> PodPlace:
        def key(sort: Sort, object_id: str) -> Known[str]:
            return self.index.key(sort, Pointer(object_id, object_id), self.listed)

        groups = tuple(key(Sort.GROUP, group) for group in item["securityGroups"])
        return PodPlace(subnet=key(Sort.SUBNET, item["subnet"]), groups=groups)

    def _expected(self) -> Iterator[tuple[Node, Interface]]:
        if self.most_nodes() is None:
            return
        for subnet, _ in self._subnets():
            for word in ("a node", "another node"):
                name = f"{word} in {subnet}" + (f" of {self.listed.name}" if self.several else "")
                interface = Interface(
                    name=name,
                    subnet=subnet,
                    address=Unknown(comes_from=f"the address of {name}"),
                    ipv6=Unknown(comes_from=f"the IPv6 address of {name}") if self._has_ipv6(subnet) else None,
                    public=Unknown(comes_from=f"whether {name} gets a public address"),
                    groups=self._groups,
                    checks=Unknown(comes_from=f"the source/destination check of {name}"),
                )
                node = self._node(name, name, self._places(interface))
                yield node.model_copy(update={"expected": True}), interface

    def _has_ipv6(self, subnet: Known[str]) -> bool:
        found: Subnet | None = None if isinstance(subnet, Unknown) else self.subnets.get(subnet)
        return found is not None and len(found.ranges) > 1

    def _node(self, name: str, interface: Known[str], places: tuple[PodPlace, ...]) -> Node:
        values = self._values
        update = {"most_addresses": values.number("mostAddresses")} if "mostAddresses" in values.fields else {}
        most = Unknown(comes_from=f"how many pods {name} runs at most")
        return Node(name=name, interface=interface, pod_places=places, most_pods=most).model_copy(update=update)
