"""The interfaces of network load balancers: one in each subnet, for all the world to see in EC2.

They keep their subnets, groups and addresses in use until AWS has removed them, some time after their load balancer.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network
from typing import Any, Final
from uuid import uuid4

from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.models.subnets import Subnet
from moto.ec2.utils import random_public_ip
from moto.elbv2.models import FakeLoadBalancer

from kubewire.local.aws.call import Call
from kubewire.local.aws.durations import duration
from kubewire.local.aws.ec2.ranges import subnet_ipv6
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.rules import before

_SECURITY: Final = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/requester-managed-eni.html"
RELEASED: Final = duration("load-balancer.interfaces-released", aws=60.0, page=_SECURITY)

_REQUESTER: Final = "amazon-elb"
# https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html: the first four of a subnet, and its last.
_RESERVED_BELOW: Final = 4


class BalancerInterface(NetworkInterface):
    """An interface that AWS made for a load balancer.

    Attributes:
        balancer_arn: whose it is.
        allocation_id: of the elastic address that was asked for.
        chosen: whether its private address was asked for.
    """

    def __init__(self, call: Call, balancer: FakeLoadBalancer, subnet: Subnet, mapping: dict[str, str]) -> None:
        address = mapping.get("PrivateIPv4Address") or free_address(call, subnet)
        name = balancer.arn.partition(":loadbalancer/")[2]
        super().__init__(call.ec2, subnet, address, description=f"ELB {name}")
        self.balancer_arn = balancer.arn
        self.allocation_id = mapping.get("AllocationId")
        self.chosen = "PrivateIPv4Address" in mapping
        self.requester_managed = True
        self.requester_id = _REQUESTER
        self.interface_type = "network_load_balancer"
        self.status = "in-use"
        self.source_dest_check = False
        self.attachment_id = f"ela-attach-{uuid4().hex[:17]}"
        self._attached = call.emulator.clock.date
        self.guard(balancer.security_groups)
        self.speak(balancer.ip_address_type, mapping.get("IPv6Address"))

    @property
    def attachment(self) -> Any:
        """To what it is attached: not an instance, but something of AWS's own."""
        return {
            "AttachTime": self._attached,
            "AttachmentId": self.attachment_id,
            "DeleteOnTermination": False,
            "DeviceIndex": 1,
            "InstanceOwnerId": "amazon-aws",
            "NetworkCardIndex": 0,
            "Status": "attached",
        }

    @property
    def association(self) -> dict[str, Any]:  # type: ignore[misc]
        """Its public address, which is AWS's own unless an elastic one was asked for."""
        association: dict[str, Any] = dict(super().association)
        if association and not self.allocation_id:
            association["ipOwnerId"] = _REQUESTER
        return association

    def guard(self, group_ids: Iterable[str]) -> None:
        """Give it other groups: none, if its load balancer has none."""
        found = (self.ec2_backend.get_security_group_from_id(one) for one in group_ids)
        self._group_set = [group for group in found if group is not None]

    def speak(self, ip_address_type: str, address: str | None = None) -> None:
        """Give it an IPv6 address, or take it away."""
        if ip_address_type == "ipv4":
            self.ipv6_addresses = []
        elif not self.ipv6_addresses:
            network = subnet_ipv6(self.subnet)[0]
            self.ipv6_addresses = [address or str(network.network_address + uuid4().int % network.num_addresses)]


def interfaces_of(call: Call, balancer_arn: str) -> list[BalancerInterface]:
    """A load balancer's interfaces, in the order of its subnets."""
    return [
        one
        for one in call.ec2.enis.values()
        if isinstance(one, BalancerInterface) and one.balancer_arn == balancer_arn
    ]


def attach(call: Call, balancer: FakeLoadBalancer, subnet: Subnet, mapping: dict[str, str]) -> None:
    """Make an interface in a subnet, with its addresses."""
    interface = BalancerInterface(call, balancer, subnet, mapping)
    subnet.request_ip(str(interface.private_ip_address), interface)  # type: ignore[arg-type]
    call.ec2.enis[interface.id] = interface
    if interface.allocation_id:
        call.ec2.associate_address(eni=interface, allocation_id=interface.allocation_id)
    elif balancer.scheme == "internet-facing":
        interface.public_ip = _public_address(call)


def release(call: Call, interfaces: Iterable[BalancerInterface]) -> None:
    """Remove interfaces some time from now, and set their addresses free.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/requester-managed-eni.html
    """
    for interface in interfaces:
        call.later(RELEASED, _Removal(call, interface))


class _Removal:
    """What happens to an interface in the end."""

    def __init__(self, call: Call, interface: BalancerInterface) -> None:
        self._call, self._interface = call, interface

    def __call__(self) -> None:
        gone, ec2 = self._interface, self._call.ec2
        for address in ec2.addresses:
            if address.eni is gone:
                address.eni, address.association_id = None, None
        gone.subnet.del_subnet_ip(gone.private_ip_address)
        ec2.enis.pop(gone.id, None)


@before("ec2", "DetachNetworkInterface")
def not_yours_to_detach(call: Call) -> None:
    """Refuse to detach what AWS attached.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/requester-managed-eni.html
    """
    if call.parameters["AttachmentId"].startswith("ela-attach-"):
        raise Refusal("OperationNotPermitted", "You are not allowed to manage 'ela-attach' attachments.")


@before("ec2", "ModifyNetworkInterfaceAttribute")
def not_yours_to_change(call: Call) -> None:
    """Refuse to change an interface that AWS made.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/requester-managed-eni.html
    """
    _must_be_yours(call.ec2.enis.get(call.parameters["NetworkInterfaceId"]))


@before("ec2", "DisassociateAddress")
def not_yours_to_disassociate(call: Call) -> None:
    """Refuse to take an elastic address from a load balancer.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/requester-managed-eni.html
    """
    named = call.parameters.get("AssociationId"), call.parameters.get("PublicIp")
    for address in call.ec2.addresses:
        if address.association_id and (address.association_id in named or address.public_ip in named):
            _must_be_yours(address.eni)


def _must_be_yours(interface: Any) -> None:
    if isinstance(interface, BalancerInterface):
        raise Refusal("AuthFailure", "You do not have permission to access the specified resource.")


def taken(call: Call, subnet: Subnet) -> set[str]:
    """The private addresses of a subnet that something has."""
    interfaces = (one for one in call.ec2.enis.values() if one.subnet.id == subnet.id)
    return {str(row["PrivateIpAddress"]) for one in interfaces for row in one.private_ip_addresses}


def usable(subnet: Subnet, address: str) -> bool:
    """Whether a subnet gives an address away, as far as its range goes."""
    network = IPv4Network(subnet.cidr_block)
    return address in map(str, (network[n] for n in (_RESERVED_BELOW, -2))) or _between(network, address)


def _between(network: IPv4Network, address: str) -> bool:
    return int(network[_RESERVED_BELOW]) <= int(IPv4Network(address).network_address) <= int(network[-2])


def free_address(call: Call, subnet: Subnet) -> str:
    """An address that nothing has: the highest, so that tests and people may choose the low ones."""
    network, busy = IPv4Network(subnet.cidr_block), taken(call, subnet)
    for number in range(int(network[-2]), int(network[_RESERVED_BELOW]) - 1, -1):
        address = str(network[number - int(network[0])])
        if address not in busy:
            return address
    raise Refusal("InvalidSubnet", f"Not enough IP space available in {subnet.id}.")


def _public_address(call: Call) -> str:
    busy = {one.public_ip for one in call.ec2.enis.values()}
    while (address := random_public_ip()) in busy:
        pass
    return address
