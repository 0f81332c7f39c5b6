"""What a cluster network is described by."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from kubewire.errors import InvalidInputError
from kubewire.model import Cidr, Described, PortNumber, Tags
from kubewire.network import checks
from kubewire.network.carving import carve
from kubewire.network.quotas import OWN_RULES, Quotas
from kubewire.network.sources import Source

MOST_ZONES = 6
"""The largest region has six zones; the carving of the VPC's range keeps room for eight."""
MOST_TAGS = 47
"""AWS takes 50; kubewire writes the Name and the owner."""

Label = Annotated[str, Field(pattern=r"^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$")]
"""A name that can be part of names in AWS and in Kubernetes: lower case, up to 32 characters."""

NetworkName = Annotated[Label, AfterValidator(checks.network_name)]
"""What names of security groups can start with too."""

ZoneName = Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d[a-z]$")]
"""An availability zone, `eu-west-1a`."""


class Nat(StrEnum):
    """How private subnets reach the internet."""

    NONE = "none"
    """Not at all."""
    SINGLE = "single"
    """By one gateway, in the first zone: cheap, and gone with that zone."""
    PER_ZONE = "per-zone"
    """By a gateway in each zone."""


class RoutedPods(Described):
    """Every node has a range of pod addresses, and the VPC routes it to the node's interface. No NAT, no overlay."""

    cidr: Cidr
    """The range of all pods. It must not overlap the VPC's."""
    node_prefix: int = Field(default=24, ge=16, le=28)
    """The prefix length of a node's part of it; /24 holds the 110 pods that a kubelet runs by default."""


class NodePortRange(Described):
    """The ports that NodePort Services may use: the API server's `--service-node-port-range`."""

    # Kubernetes' default: https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/
    first: PortNumber = 30000
    last: PortNumber = 32767

    def claim(self, port: int, service: str, holders: dict[int, str], path: str) -> None:
        """Take a port for a Service; `holders` says whose the others are.

        Raises:
            InvalidInputError: it's outside the range, or another Service has it.
        """
        if not self.first <= port <= self.last:
            detail = f"This cluster's node ports are {self.first} to {self.last} (`nodePorts` of the network)."
            raise InvalidInputError(f"{port} is no node port", detail=detail, path=path)
        holder = holders.setdefault(port, service)
        if holder != service:
            # https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport; the server refuses it
            detail = "A node port serves one Service, whatever the protocol. Choose another one."
            raise InvalidInputError(f"{port} belongs to {holder} already", detail=detail, path=path)


class Node(Described):
    """A machine of the cluster."""

    name: Label
    """Its name."""
    zone: ZoneName
    """One of the network's zones."""
    image: str = Field(pattern=r"^ami-[0-9a-f]{8,17}$")
    """The AMI that it boots."""
    instance_type: str = Field(default="t3.medium", pattern=r"^[a-z0-9-]+\.[a-z0-9-]+$")
    """Its size."""
    pod_cidr: Cidr
    """The addresses of its pods, a part of the network's pod range. It stays with the name."""


class ClusterNetworkArgs(Described):
    """A VPC, subnets in its zones, and nodes whose pods reach each other without NAT."""

    name: NetworkName
    """What everything in it is named after."""
    region: str = Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")
    """The AWS region."""
    cidr: Cidr
    """The VPC's range, /16 to /22."""
    zones: tuple[ZoneName, ...] = Field(min_length=1, max_length=MOST_ZONES)
    """Availability zones. A zone's place in the list fixes its subnets' ranges: add new ones at the end."""
    nat: Nat = Nat.SINGLE
    """How private subnets reach the internet."""
    pods: RoutedPods
    """Where pods have their addresses."""
    service_cidr: Cidr
    """The cluster's Service addresses: the API server's `--service-cluster-ip-range`. Nothing outside may route it."""
    node_ports: NodePortRange = NodePortRange()
    """The ports of NodePort Services."""
    nodes: tuple[Node, ...] = ()
    """The machines."""
    egress: tuple[Source, ...] = ()
    """Where nodes and pods may open connections to, outside the cluster. Default: nowhere."""
    domain: str | None = Field(
        default=None, max_length=253, pattern=r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$"
    )
    """A private DNS zone of the VPC; Services can put their names into it."""
    tags: Annotated[Tags, Field(max_length=MOST_TAGS)] = {}
    """Tags for everything in it."""
    quotas: Quotas = Quotas()
    """What AWS allows the account of, where that isn't the default."""

    @model_validator(mode="after")
    def _fits_together(self) -> ClusterNetworkArgs:
        checks.vpc_size(self.cidr)
        ranges = {"cidr": self.cidr, "pods.cidr": self.pods.cidr, "serviceCidr": self.service_cidr}
        checks.for_hosts(ranges)
        checks.disjoint(ranges)
        checks.node_prefix(self.pods.node_prefix, self.pods.cidr)
        checks.zones(self.region, self.zones)
        checks.node_ports(self.node_ports.first, self.node_ports.last)
        checks.nodes(
            [(node.name, node.zone, node.pod_cidr) for node in self.nodes],
            self.zones,
            self.pods.cidr,
            self.pods.node_prefix,
        )
        # The way out of the VPC takes one route more.
        self.quotas.hold_routes(len(self.nodes) + 1, "nodes")
        self.quotas.hold_rules(len(self.egress) + OWN_RULES, "the nodes", "egress")
        checks.room([node.zone for node in self.nodes], carve(self.cidr, self.zones))
        return self
