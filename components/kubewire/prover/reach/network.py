"""A cluster's network, made ready for questions: endpoints in classes, tables flattened, rules cut into pieces."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from kubewire.net.addresses import Addresses, Range
from kubewire.prover.facts.cluster import Cluster, Node
from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.network import Interface, RangeDestination, RouteTable, Subnet
from kubewire.prover.facts.services import Service
from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.reach.arrivals import arrivals
from kubewire.prover.reach.atoms import Atoms
from kubewire.prover.reach.endpoints import Endpoint, Role, endpoints, interface_of, pod_interfaces
from kubewire.prover.reach.firewall import Firewall, Peer
from kubewire.prover.reach.pods import Remote, pods_of_subnets, remote_pods, routed_pods
from kubewire.prover.reach.routes import Ways

IPV4 = 4
Class = tuple[Endpoint, ...]
"""Endpoints that every rule, row and route treats alike: at least one, and the first stands for all."""


class Network:
    """One cluster's network.

    Attributes:
        facts: what is known.
        cluster: whose endpoints are asked about.
        firewall: groups and ACLs.
    """

    def __init__(self, facts: Facts, cluster: Cluster) -> None:
        self.facts = facts
        self.cluster = cluster
        self.firewall = Firewall(facts)
        self._flat: dict[str, Ways | None] = {}

    @cached_property
    def endpoints(self) -> list[Endpoint]:
        """All nodes, and all pods of each, in as few pieces as rules and routes allow."""
        return endpoints(self.facts, self.cluster, self._atoms)

    @cached_property
    def tables(self) -> dict[str, Ways]:
        """The route tables that nodes' subnets use, flattened."""
        names = {name for endpoint in self.endpoints if (name := self.table_of(endpoint.interface)) is not None}
        return {name: ways for name in sorted(names) if (ways := self.ways_by(name)) is not None}

    @cached_property
    def classes(self) -> list[Class]:
        """All endpoints, grouped by all that anything on a way looks at."""
        groups: defaultdict[tuple[object, ...], list[Endpoint]] = defaultdict(list)
        for endpoint in self.endpoints:
            # Which unknown value it depends on is the first's to say: values of a sort leave the same open.
            peer = self.peer(endpoint)
            peer = replace(peer, unknown="") if peer.unknown else peer
            key = (self._signature(endpoint), peer, arrivals(self.tables.values(), endpoint))
            groups[key].append(endpoint)
        return [tuple(members) for members in groups.values()]

    @cached_property
    def routed_pods(self) -> list[tuple[Node, Range]]:
        """The pod ranges that routes have to lead to, each with its node."""
        return list(routed_pods(self.facts, self.cluster))

    @cached_property
    def pods_of_vpc(self) -> list[tuple[Node, Range]]:
        """The subnets' ranges where pods of nodes get their addresses, each with its node."""
        return list(pods_of_subnets(self.facts, self.cluster))

    @cached_property
    def pod_addresses(self) -> Addresses:
        """The addresses of all pods that nodes may have."""
        own = Addresses.of(*(item for node in self.cluster.nodes for item in node.pod_ranges))
        return own | Addresses.of(*{item for _, item in self.pods_of_vpc})

    @cached_property
    def remote_pods(self) -> list[Remote]:
        """Every one of them, as each table routes it."""
        senders = {name: {item.node for item in members} for name, members in self._senders.items()}
        return list(remote_pods(self.tables, senders, self.routed_pods))

    @cached_property
    def remote_pods_of_vpc(self) -> list[Remote]:
        """Every subnet where pods of a node get their addresses, as each table routes it that others send by."""
        senders = {name: {item.node for item in members} for name, members in self._senders.items()}
        return list(remote_pods(self.tables, senders, self.pods_of_vpc))

    @cached_property
    def unreadable(self) -> list[Unknown]:
        """What isn't known of nodes, and without which nothing can be said of their packets."""
        return list(self._unreadable())

    def pairs(self) -> Iterator[tuple[Endpoint, Endpoint]]:
        """Give two endpoints on different nodes for every pair of classes that has such."""
        return (pair for source in self.classes for _, pair in self.pairs_from(source))

    def pairs_from(self, source: Class) -> Iterator[tuple[Class, tuple[Endpoint, Endpoint]]]:
        """Give every class that one reaches from another node, with two endpoints on different nodes."""
        for destination in self.classes:
            pair = _apart(source, destination)
            if pair and pair[0].version == pair[1].version:
                yield destination, pair

    def class_of(self, endpoint: Endpoint) -> int:
        """Give the place of an endpoint's class among all: that of whatever the endpoint is a part of."""
        at = self._places.get((endpoint.node, endpoint.role, endpoint.first))
        if at is not None:
            return at
        alike = (one for one in self.of_node(endpoint.node) if one.role is endpoint.role)
        whole = next(one for one in alike if one.first <= endpoint.first <= one.last)
        return self._places[endpoint.node, whole.role, whole.first]

    @cached_property
    def _places(self) -> dict[tuple[str, Role, int], int]:
        return {(one.node, one.role, one.first): at for at, members in enumerate(self.classes) for one in members}

    @cached_property
    def nodes(self) -> dict[str, Node]:
        """The nodes by name."""
        return {node.name: node for node in self.cluster.nodes}

    def of_node(self, node: str) -> list[Endpoint]:
        """Give a node and its pods."""
        return self._by_node.get(node, [])

    @cached_property
    def _by_node(self) -> dict[str, list[Endpoint]]:
        found: defaultdict[str, list[Endpoint]] = defaultdict(list)
        for endpoint in self.endpoints:
            found[endpoint.node].append(endpoint)
        return found

    @cached_property
    def targets(self) -> dict[str, Endpoint]:
        """The nodes with an IPv4 address, by their names and those of their machines."""
        nodes = [one for one in self.endpoints if one.role is Role.NODE and one.version == IPV4]
        machines = {str(one.interface.machine): one for one in nodes if isinstance(one.interface.machine, str)}
        return {**machines, **{one.node: one for one in nodes}}

    @cached_property
    def strangers_in(self) -> dict[str, list[Interface]]:
        """The interfaces in each security group that aren't nodes', or their pods'."""
        primary = [one for node in self.cluster.nodes if (one := interface_of(self.facts, node)) is not None]
        machines = {one.machine for one in primary if isinstance(one.machine, str)}
        nodes = {node.interface for node in self.cluster.nodes}
        found: defaultdict[str, list[Interface]] = defaultdict(list)
        for one in self.facts.interfaces.values():
            is_nodes = one.name in nodes or one.machine in machines
            for group in () if is_nodes else one.groups:
                if not isinstance(group, Unknown):
                    found[group].append(one)
        return found

    @cached_property
    def services(self) -> list[Service]:
        """The cluster's Services."""
        return [service for service in self.facts.services if service.cluster in (None, self.cluster.name)]

    @cached_property
    def by_label(self) -> dict[str, Service]:
        """The cluster's Services, by namespace and name."""
        return {service.label: service for service in self.services}

    def at(self, place: int) -> Endpoint | None:
        """Give the node or the pods with an address, None for nobody's.

        In a subnet where pods get their addresses it is any node's pod: all of one subnet are treated alike.
        """
        starts, found = self._by_start
        at = bisect_right(starts, place) - 1
        if at >= 0 and found[at].last >= place:
            return found[at]
        # Where nodes share addresses, a wider one that starts earlier may have it too.
        wider = next((one for one in found if one.first <= place <= one.last), None) if at >= 0 else None
        return wider or next((one for one in self._by_subnet if one.first <= place <= one.last), None)

    @cached_property
    def _by_subnet(self) -> list[Endpoint]:
        """One node's pods of every subnet where pods get their addresses."""
        pods = (one for one in self.endpoints if one.role is Role.POD and one.unknown is not None)
        return list({(one.first, one.last): one for one in pods}.values())

    @cached_property
    def expects_nodes(self) -> bool:
        """Whether machines may come that aren't known."""
        return any(node.expected for node in self.cluster.nodes)

    @cached_property
    def _by_start(self) -> tuple[list[int], list[Endpoint]]:
        found = sorted((one for one in self.endpoints if one.unknown is None), key=lambda one: one.first)
        return [one.first for one in found], found

    def pods_of(self, node: str) -> list[Endpoint]:
        """Give a node's pods."""
        return self._pods.get(node, [])

    def sender_by(self, table: str, other_than: str, to: Endpoint) -> Endpoint | None:
        """Give an endpoint on another node whose packets one table routes: a pod, if there is one."""
        able = self._senders.get(table, ())
        return next((item for item in able if item.version == to.version and item.node != other_than), None)

    @cached_property
    def _pods(self) -> dict[str, list[Endpoint]]:
        found: defaultdict[str, list[Endpoint]] = defaultdict(list)
        for endpoint in self.endpoints:
            if endpoint.role is Role.POD:
                found[endpoint.node].append(endpoint)
        return found

    @cached_property
    def _senders(self) -> dict[str, list[Endpoint]]:
        found: defaultdict[str, list[Endpoint]] = defaultdict(list)
        for endpoint in sorted(self.endpoints, key=lambda item: item.role is not Role.POD):
            if (table := self.table_of(endpoint.interface)) is not None:
                found[table].append(endpoint)
        return found

    def peer(self, endpoint: Endpoint) -> Peer:
        """Give what rules see of an endpoint."""
        interface = endpoint.interface if endpoint.own else None
        return self.firewall.peer(endpoint.first, endpoint.last, endpoint.unknown, interface)

    def subnet_of(self, interface: Interface) -> Subnet | None:
        """Give an interface's subnet, None where it isn't known."""
        return self.facts.subnet(interface.subnet)

    def ways_of(self, subnet: Subnet) -> Ways | None:
        """Give the route table of any subnet, flattened; None where it isn't known."""
        return None if isinstance(subnet.table, Unknown) else self.ways_by(subnet.table)

    def ways_by(self, table: str) -> Ways | None:
        """Give any route table, flattened; None where there is none of this name."""
        if table not in self._flat:
            found = self.facts.tables.get(table)
            self._flat[table] = None if found is None else self._ways(found)
        return self._flat[table]

    def table_of(self, interface: Interface) -> str | None:
        """Give the name of the route table that an interface's packets are sent by, None where it isn't known."""
        subnet = self.subnet_of(interface)
        table = subnet.table if subnet else None
        return None if isinstance(table, Unknown) or table not in self.facts.tables else table

    def _unreadable(self) -> Iterator[Unknown]:
        for node in self.cluster.nodes:
            interface = interface_of(self.facts, node)
            if isinstance(node.interface, Unknown):
                yield node.interface
            elif interface is None:
                yield Unknown(comes_from=f"interface {node.interface} of node {node.name}")
            elif self.table_of(interface) is None:
                subnet = self.subnet_of(interface)
                table = subnet.table if subnet else interface.subnet
                said = Unknown(comes_from=f"what routes for {interface.name}: {table}")
                yield table if isinstance(table, Unknown) else said
            elif isinstance(self.cluster.vpc, Unknown):
                yield self.cluster.vpc
            elif (subnet := self.subnet_of(interface)) is not None and subnet.vpc != self.cluster.vpc:
                yield Unknown(
                    comes_from=f"how {node.name} in {subnet.vpc} reaches {self.cluster.vpc}: outside the model"
                )
            for pods in pod_interfaces(node):
                yield from self._unplaced(node, pods)

    def _unplaced(self, node: Node, pods: Interface) -> Iterator[Unknown]:
        """Give what isn't known of a subnet where a node's pods get addresses."""
        subnet = self.subnet_of(pods)
        if subnet is None:
            said = Unknown(comes_from=f"subnet {pods.subnet} of the pods of {node.name}")
            yield pods.subnet if isinstance(pods.subnet, Unknown) else said
        elif self.table_of(pods) is None:
            said = Unknown(comes_from=f"what routes for the pods of {node.name} in {subnet.name}")
            yield subnet.table if isinstance(subnet.table, Unknown) else said
        elif subnet.vpc != self.cluster.vpc:
            yield Unknown(comes_from=f"how the pods of {node.name} in {subnet.vpc} reach {self.cluster.vpc}")

    def _ways(self, table: RouteTable) -> Ways:
        vpc = None if isinstance(table.vpc, Unknown) else self.facts.vpcs.get(table.vpc)
        ranges = [item for item in vpc.ranges if not isinstance(item, Unknown)] if vpc else []
        unknown = [item.comes_from for item in vpc.ranges if isinstance(item, Unknown)] if vpc else []
        if vpc is None:
            unknown = [f"the VPC of route table {table.name}"]
        open_table = table.model_copy(update={"open_ends": (*table.open_ends, *unknown)})
        return Ways(open_table, ranges, dict(self.facts.prefix_lists))

    @cached_property
    def _atoms(self) -> Atoms:
        pods = (one for node in self.cluster.nodes for one in pod_interfaces(node))
        all_of_them = (*self.facts.interfaces.values(), *pods)
        used = {name for one in all_of_them if (name := self.table_of(one)) is not None}
        return self.firewall.atoms.cut_by(item for name in used for item in _destinations(self.facts, name))

    def _signature(self, endpoint: Endpoint) -> tuple[object, ...]:
        interface = endpoint.interface
        subnet = self.subnet_of(interface)
        where = (subnet.name, subnet.table, subnet.acl) if subnet else (interface.name,)
        return (endpoint.role, endpoint.version, where, interface.groups, interface.checks, endpoint.own)


def _apart(source: Class, destination: Class) -> tuple[Endpoint, Endpoint] | None:
    """Choose two members on different nodes."""
    first = source[0]
    other = next((member for member in destination if member.node != first.node), None)
    if other:
        return first, other
    first_there = destination[0]
    other = next((member for member in source if member.node != first_there.node), None)
    return (other, first_there) if other else None


def _destinations(facts: Facts, table: str) -> Iterator[Range]:
    for route in facts.tables[table].routes:
        if isinstance(route.destination, RangeDestination):
            yield route.destination.range
        else:
            yield from facts.prefix_lists.get(route.destination.prefix_list, ())
