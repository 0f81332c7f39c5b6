"""The fields of a cluster network's description, and what follows from them alone."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from kubewire.model import Cidr, Cidr6, Described, Tags
from kubewire.network.acls import SubnetAcl
from kubewire.network.control_plane import ControlPlaneDescription
from kubewire.network.endpoints import EndpointDescription, FlowLogDescription
from kubewire.network.layout import Carved, Role
from kubewire.network.links import LinkDescription
from kubewire.network.names import Domain, Label, NetworkName, RegionName, ZoneName
from kubewire.network.node_ports import NodePortRange
from kubewire.network.nodes import DeclaredNodes, NodesDescription, NodeSlots
from kubewire.network.plan import carved_subnets, roles
from kubewire.network.pods import PodsDescription
from kubewire.network.quotas import MOST_GROUPS, Quotas
from kubewire.network.sources import Source
from kubewire.network.subnets import CarvedSubnets, SubnetsDescription
from kubewire.network.vpcs import NewVpc, VpcDescription

MOST_ZONES = 6
"""The largest region has six zones; a layout keeps room for eight."""
MOST_TAGS = 40
"""AWS takes 50; kubewire writes the Name and the owner, which are four, two on a subnet for its role and the cluster,
two on a member of a set, and on a VPC one for each range that is added to its first one, and one for all of them."""


class Nat(StrEnum):
    """How private subnets reach the internet."""

    NONE = "none"
    """Not at all."""
    SINGLE = "single"
    """By one gateway, in the first zone: cheap, and gone with that zone."""
    PER_ZONE = "per-zone"
    """By a gateway in each zone."""


class NetworkDescription(Described):
    """The fields; whether they fit together is checked by `ClusterNetworkArgs`."""

    name: NetworkName
    """What everything in it is named after."""
    region: RegionName
    """The AWS region."""
    vpc: VpcDescription
    """The VPC: a new one, or one that is there."""
    zones: tuple[ZoneName, ...] = Field(min_length=1, max_length=MOST_ZONES)
    """Availability zones. A zone's place in the list fixes its subnets' ranges: add new ones at the end."""
    subnets: SubnetsDescription = CarvedSubnets()
    """Its subnets: carved from the VPC's range, or there already."""
    nat: Nat = Nat.NONE
    """How private subnets reach the internet."""
    pods: PodsDescription
    """Where pods have their addresses."""
    service_cidr: Cidr
    """The cluster's Service addresses: the API server's `--service-cluster-ip-range`. Nothing outside may route it."""
    service_cidr6: Cidr6 | None = None
    """Their IPv6 addresses, in a dual-stack cluster."""
    node_ports: NodePortRange = NodePortRange()
    """The ports of NodePort Services."""
    nodes: NodesDescription = DeclaredNodes()
    """The machines."""
    node_groups: int = Field(default=1, ge=1, le=MOST_GROUPS)
    """Security groups that every node has. Services whose rules one group can't hold use the next."""
    control_plane: ControlPlaneDescription | None = None
    """Who the control plane is, where it doesn't run on the nodes."""
    egress: tuple[Source, ...] = ()
    """Where nodes and pods may open connections to, outside the cluster. Default: nowhere."""
    path_mtu: tuple[Source, ...] = ()
    """Who may tell nodes that packets are too big for the way to them: clients of node ports, and the routers on the
    way. Whoever is in `egress` may."""
    links: tuple[LinkDescription, ...] = ()
    """Ways to other networks."""
    endpoints: tuple[EndpointDescription, ...] = ()
    """AWS services that are reached without the internet."""
    acls: tuple[SubnetAcl, ...] = ()
    """Network ACLs of subnets. Default: the VPC's own, which lets everything pass."""
    flow_logs: tuple[FlowLogDescription, ...] = ()
    """Where records of its traffic go."""
    domain: Domain | None = None
    """A private DNS zone of the VPC; Services can put their names into it."""
    cluster: Label | None = None
    """The cluster's name, where subnets should be tagged with it: `kubernetes.io/cluster/NAME`."""
    tags: Annotated[Tags, Field(max_length=MOST_TAGS)] = {}
    """Tags for everything in it."""
    quotas: Quotas = Quotas()
    """What AWS allows the account of, where that isn't the default."""
    prove: bool = True
    """Whether previews and updates warn of broken properties. `kubewire prove` lists them either way."""

    @property
    def carved(self) -> list[Carved]:
        """Give the subnets to be made."""
        return carved_subnets(self.vpc, self.subnets, self.zones)

    @property
    def known_nodes(self) -> int:
        """Say how many nodes it has, as far as that is known before others' are looked up."""
        match self.nodes:
            case DeclaredNodes(machines=machines):
                return len(machines)
            case NodeSlots(zones=zones):
                return sum(zones.values())
            case _:
                return 0

    @property
    def roles(self) -> frozenset[Role]:
        """Give what it has subnets for."""
        return roles(self.vpc, self.subnets)

    @property
    def node_role(self) -> Role:
        """Give what the nodes' subnets are for."""
        return Role.PRIVATE if Role.PRIVATE in self.roles else Role.ISOLATED

    @property
    def ipv6(self) -> bool:
        """Whether its subnets have IPv6."""
        return self.vpc.ipv6 if isinstance(self.vpc, NewVpc) else self.vpc.ipv6_cidr is not None
