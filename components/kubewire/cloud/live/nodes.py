"""Nodes of a cluster, each with its machine, and what they say of the cluster itself."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_network
from typing import TYPE_CHECKING

from kubewire.cloud.live.cluster import Objects
from kubewire.cloud.live.interfaces import Machines
from kubewire.cloud.live.keys import Keys
from kubewire.net.addresses import Range
from kubewire.prover.facts.cluster import Cluster, Node, OnNodes, PodPlace
from kubewire.prover.facts.network import Interface
from kubewire.prover.facts.unknown import Known, Unknown

if TYPE_CHECKING:
    from lightkube.resources.core_v1 import Node as NodeObject
    from types_boto3_ec2.type_defs import NetworkInterfaceTypeDef

API_SERVER = ("default", "kubernetes")
"""The Service of the API server itself; its endpoints are the addresses that API servers are at.
https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/"""


class NodesThere:
    """The Nodes of a cluster whose machines are in the VPC.

    Attributes:
        nodes: those.
        names: ids of their instances, and addresses of their interfaces, to their names.
        open_ends: why there may be more.
    """

    def __init__(self, objects: Objects, machines: Machines, interfaces: dict[str, Interface], keys: Keys) -> None:
        self.names: dict[str, str] = {}
        self._addresses: set[str] = set()
        self._machines = machines
        self._interfaces = interfaces
        self._keys = keys
        found = [self._node(item) for item in objects.nodes]
        self.nodes = tuple(item for item in found if isinstance(item, Node))
        self.open_ends = [item.comes_from for item in found if isinstance(item, Unknown)]
        self.open_ends += [
            f"the pods of {node.name}: nothing says their addresses"
            for node in self.nodes
            if not node.pod_ranges and not node.pod_places
        ]
        if not self.nodes:
            self.open_ends.append("the nodes of the cluster, of which none is in this VPC")

    def cluster(self, vpc: str, objects: Objects) -> Cluster:
        """Give the cluster, as far as its API says."""
        said = objects.service_ranges
        ranges: Known[tuple[Range, ...]] = (
            tuple(ip_network(cidr) for cidr in said)
            if said
            else Unknown(
                comes_from="the range of Services: the API server has no ServiceCIDR objects (Kubernetes 1.33)"
            )
        )
        return Cluster(
            name=vpc,
            vpc=vpc,
            service_ranges=ranges,
            node_ports=Unknown(comes_from="the API server's --service-node-port-range, which its API doesn't say"),
            nodes=self.nodes,
            control_plane=self._control_plane(objects),
            unmasqueraded=Unknown(comes_from="where nodes send pods' own addresses, which their own settings say"),
            open_ends=tuple(self.open_ends),
        )

    def _control_plane(self, objects: Objects) -> OnNodes | Unknown:
        at = {
            address
            for item in objects.slices.get(API_SERVER, ())
            for end in item.endpoints or ()
            for address in end.addresses
        }
        if at and at <= self._addresses:
            return OnNodes()
        return Unknown(comes_from="where the connections of the control plane come from")

    def _node(self, item: NodeObject) -> Node | Unknown:
        name = (item.metadata.name if item.metadata else None) or ""
        spec, status = item.spec, item.status
        internal = [one.address for one in (status.addresses if status else None) or [] if one.type == "InternalIP"]
        instance = ((spec.providerID if spec else None) or "").rpartition("/")[2]
        primary = self._primary(instance, internal)
        if primary is None:
            return Unknown(comes_from=f"node {name}, whose machine {instance or 'nothing names and'} isn't in this VPC")
        key = self._keys.of(primary["NetworkInterfaceId"])
        self.names |= dict.fromkeys(filter(None, (instance, primary.get("PrivateIpAddress"))), name)
        self._addresses |= {*internal, primary.get("PrivateIpAddress", "")}
        # An older API server fills the single range alone.
        single = [spec.podCIDR] if spec and spec.podCIDR else []
        ranges = [ip_network(cidr) for cidr in (spec.podCIDRs if spec else None) or single]
        most = ((status.capacity if status else None) or {}).get("pods", "")
        return Node(
            name=name,
            interface=key,
            pod_ranges=tuple(ranges) or self._interfaces[key].prefixes,
            pod_places=() if ranges else self._further(primary),
            most_pods=int(most) if most.isdecimal() else Unknown(comes_from=f"how many pods {name} runs at most"),
        )

    def _primary(self, instance: str, addresses: Sequence[str]) -> NetworkInterfaceTypeDef | None:
        if instance.startswith("i-"):
            return next(iter(self._machines.of(instance)), None)
        rows = self._machines.interfaces
        return next((row for row in rows if row.get("PrivateIpAddress") in addresses), None)

    def _further(self, primary: NetworkInterfaceTypeDef) -> tuple[PodPlace, ...]:
        """Give where a machine's further interfaces are, by which pods talk, whichever address they get."""
        _, *further = self._machines.of(primary.get("Attachment", {}).get("InstanceId", "")) or [primary]
        found = [self._interfaces[self._keys.of(row["NetworkInterfaceId"])] for row in further]
        return tuple(dict.fromkeys(PodPlace(subnet=one.subnet, groups=one.groups) for one in found if one.prefixes))
