"""The interfaces of load balancers: one in each subnet, for all the world to see in EC2.

They keep their subnets, groups and addresses in use until AWS has removed them, some time after their load balancer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from typing import Any, Final

from moto.ec2.models.subnets import Subnet
from moto.ec2.utils import random_public_ip
from moto.elbv2.models import FakeLoadBalancer

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.durations import duration
from kubewire.local.aws.ec2.addressing import RESERVED_AT_START, chosen_ipv6, requested_ipv6, taken
from kubewire.local.aws.ec2.appliances import appliance_interface, remove_appliance_interface
from kubewire.local.aws.ec2.associations import release_addresses_of
from kubewire.local.aws.ec2.group_lookup import group_by_id
from kubewire.local.aws.ec2.own_groups import give_groups
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.rules import after

_MANAGED: Final = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/requester-managed-eni.html"
RELEASED: Final = duration("load-balancer.interfaces-released", aws=60.0, page=_MANAGED)
_REQUESTER: Final = "amazon-elb"


@dataclass(frozen=True)
class Node:
    """A load balancer in one of its subnets.

    Attributes:
        balancer_arn: whose it is.
        interface: moto's interface.
        allocation_id: of the elastic address that was asked for.
        chosen: whether its private address was asked for.
        ipv6: the IPv6 address that was asked for.
    """

    balancer_arn: str
    interface: Any
    allocation_id: str | None
    chosen: bool
    ipv6: str | None = None

    @property
    def subnet_id(self) -> str:
        """Where it is."""
        return str(self.interface.subnet.id)

    @property
    def address(self) -> str:
        """Its private address."""
        return str(self.interface.private_ip_address)

    @property
    def addresses(self) -> list[str]:
        """All that it may send from."""
        return [self.address, *self.interface.ipv6_addresses]

    @property
    def group_ids(self) -> set[str]:
        """Its security groups."""
        return {group.id for group in self.interface.group_set}


@dataclass
class Nodes:
    """All of them, by their interface's id. One is there until its interface is removed."""

    of: dict[str, Node] = field(default_factory=dict)


def all_nodes(call: Call) -> list[Node]:
    """Those of every load balancer, and of those that are gone but for their interfaces."""
    return list(call.notes(Nodes).of.values())


def nodes_of(call: Call, balancer_arn: str) -> list[Node]:
    """Those of one load balancer."""
    return [one for one in all_nodes(call) if one.balancer_arn == balancer_arn]


def attach(call: Call, balancer: FakeLoadBalancer, subnet: Subnet, mapping: dict[str, str]) -> None:
    """Make an interface in a subnet, with the addresses that are asked for, or others."""
    chosen, allocation_id = mapping.get("PrivateIPv4Address"), mapping.get("AllocationId")
    interface = appliance_interface(
        call,
        subnet,
        chosen or _free_address(call, subnet),
        kind="network_load_balancer" if balancer.type == "network" else "interface",
        description=f"ELB {balancer.arn.partition(':loadbalancer/')[2]}",
        requester=_REQUESTER,
    )
    asked = mapping.get("IPv6Address")
    node = Node(balancer.arn, interface, allocation_id, chosen is not None, ipv6_of(call, subnet, asked))
    call.notes(Nodes).of[interface.id] = node
    guard(call, node, balancer.security_groups)
    speak(call, node, balancer.ip_address_type)
    if allocation_id:
        call.ec2.associate_address(eni=interface, allocation_id=allocation_id)
    elif balancer.scheme == "internet-facing":
        interface.public_ip = _public_address(call)


def guard(call: Call, node: Node, group_ids: Iterable[str]) -> None:
    """Give it other security groups: none, if its load balancer has none."""
    give_groups(node.interface, [group_by_id(call, one) for one in group_ids])


def speak(call: Call, node: Node, ip_address_type: str) -> None:
    """Give it an IPv6 address, or take it away."""
    if ip_address_type == "ipv4":
        node.interface.ipv6_addresses = []
    elif not node.interface.ipv6_addresses:
        node.interface.ipv6_addresses = [node.ipv6] if node.ipv6 else chosen_ipv6(call, node.interface.subnet, 1)


def ipv6_of(call: Call, subnet: Subnet, asked: str | None) -> str | None:
    """Give the IPv6 address that is asked for.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SubnetMapping.html (IPv6Address)

    Raises:
        Refusal: it can't be had.
    """
    if asked is None:
        return None
    try:
        return requested_ipv6(call, subnet, asked)
    except Refusal as refusal:
        if refusal.code == "InvalidIPAddress.InUse":
            raise Refusal("ResourceInUse", f"The IPv6 address '{asked}' is not available for use") from refusal
        message = f"The IPv6 address '{asked}' is not valid for subnet '{subnet.id}'"
        raise Refusal("InvalidConfigurationRequest", message) from refusal


def release(call: Call, nodes: Iterable[Node]) -> None:
    """Remove interfaces some time from now, and set their addresses free.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/requester-managed-eni.html
    """
    for node in nodes:
        call.later(RELEASED, _Removal(call, node))


@dataclass(frozen=True)
class _Removal:
    """What happens to an interface in the end."""

    call: Call
    node: Node

    def __call__(self) -> None:
        interface = self.node.interface
        self.call.notes(Nodes).of.pop(interface.id, None)
        release_addresses_of(self.call, interface)
        remove_appliance_interface(self.call, interface)


@after("ec2", "DescribeNetworkInterfaces")
def public_addresses_are_aws(call: Call, answer: Answer) -> None:
    """A public address that nobody asked for is the load balancers' own.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterfaceAssociation.html (IpOwnerId)
    """
    nodes = call.notes(Nodes).of
    for row in answer.get("NetworkInterfaces", ()):
        node = nodes.get(row["NetworkInterfaceId"])
        if node is not None and not node.allocation_id:
            for one in (row, *row["PrivateIpAddresses"]):
                if "Association" in one:
                    one["Association"]["IpOwnerId"] = _REQUESTER


def _free_address(call: Call, subnet: Subnet) -> str:
    """An address that nothing has: the highest. AWS takes any; people who choose addresses begin with the low ones."""
    network, busy = IPv4Network(subnet.cidr_block), taken(call, subnet)
    for number in range(network.num_addresses - 2, RESERVED_AT_START - 1, -1):
        if network[number] not in busy:
            return str(network[number])
    raise Refusal("InvalidSubnet", f"Not enough IP space available in {subnet.id}.")


def _public_address(call: Call) -> str:
    busy = {one.public_ip for one in call.ec2.enis.values()}
    while (address := random_public_ip()) in busy:
        pass
    return address
