"""What can be tagged: whether it is there, and what each operation makes."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Final

from kubewire.local.aws.call import Call
from kubewire.local.aws.refusal import Refusal

_NAT_GATEWAY: Final = "NatGatewayNotFound", "The Nat Gateway {} was not found"

# By what an id begins with: where moto keeps such things, and what AWS says of one that isn't there.
_KINDS: Final[dict[str, tuple[Callable[[Any], Collection[str]], str, str]]] = {
    "acl": (lambda ec2: ec2.network_acls, "InvalidNetworkAclID.NotFound", "The networkAcl ID '{}' does not exist"),
    "eigw": (
        lambda ec2: ec2.egress_only_internet_gateways,
        "InvalidGatewayID.NotFound",
        "The gateway ID '{}' does not exist",
    ),
    "eipalloc": (
        lambda ec2: [one.allocation_id for one in ec2.addresses],
        "InvalidAllocationID.NotFound",
        "The allocation ID '{}' does not exist",
    ),
    "eni": (lambda ec2: ec2.enis, "InvalidNetworkInterfaceID.NotFound", "The networkInterface ID '{}' does not exist"),
    "fl": (lambda ec2: ec2.flow_logs, "InvalidFlowLogId.NotFound", "The flowLog ID '{}' does not exist"),
    "i": (
        lambda ec2: [one.id for one in ec2.all_instances()],
        "InvalidInstanceID.NotFound",
        "The instance ID '{}' does not exist",
    ),
    "igw": (
        lambda ec2: ec2.internet_gateways,
        "InvalidInternetGatewayID.NotFound",
        "The internetGateway ID '{}' does not exist",
    ),
    "nat": (lambda ec2: ec2.nat_gateways, *_NAT_GATEWAY),
    "pcx": (
        lambda ec2: ec2.vpc_pcxs,
        "InvalidVpcPeeringConnectionID.NotFound",
        "The vpcPeeringConnection ID '{}' does not exist",
    ),
    "rtb": (lambda ec2: ec2.route_tables, "InvalidRouteTableID.NotFound", "The routeTable ID '{}' does not exist"),
    "sg": (
        lambda ec2: [group_id for groups in ec2.groups.values() for group_id in groups],
        "InvalidGroup.NotFound",
        "The security group '{}' does not exist",
    ),
    "subnet": (
        lambda ec2: [subnet_id for subnets in ec2.subnets.values() for subnet_id in subnets],
        "InvalidSubnetID.NotFound",
        "The subnet ID '{}' does not exist",
    ),
    "vpc": (lambda ec2: ec2.vpcs, "InvalidVpcID.NotFound", "The vpc ID '{}' does not exist"),
    "vpce": (
        lambda ec2: ec2.vpc_end_points,
        "InvalidVpcEndpointId.NotFound",
        "The Vpc Endpoint Id '{}' does not exist",
    ),
}

MADE_BY: Final[dict[str, tuple[str, ...]]] = {
    "AllocateAddress": ("elastic-ip",),
    "CreateEgressOnlyInternetGateway": ("egress-only-internet-gateway",),
    "CreateFlowLogs": ("vpc-flow-log",),
    "CreateInternetGateway": ("internet-gateway",),
    "CreateIpam": ("ipam",),
    "CreateIpamPool": ("ipam-pool",),
    "CreateLaunchTemplate": ("launch-template",),
    "CreateNatGateway": ("natgateway",),
    "CreateNetworkAcl": ("network-acl",),
    "CreateNetworkInterface": ("network-interface",),
    "CreateRouteTable": ("route-table",),
    "CreateSecurityGroup": ("security-group",),
    "CreateSubnet": ("subnet",),
    "CreateTransitGateway": ("transit-gateway",),
    "CreateTransitGatewayVpcAttachment": ("transit-gateway-attachment",),
    "CreateVpc": ("vpc",),
    "CreateVpcEndpoint": ("vpc-endpoint",),
    "CreateVpcPeeringConnection": ("vpc-peering-connection",),
    "RunInstances": ("instance", "volume", "network-interface", "spot-instances-request", "elastic-gpu"),
}
"""What an operation can tag as it makes it: the resource types in its TagSpecifications."""

DELETED_BY: Final[dict[str, str]] = {
    "DeleteEgressOnlyInternetGateway": "EgressOnlyInternetGatewayId",
    "DeleteInternetGateway": "InternetGatewayId",
    "DeleteLaunchTemplate": "LaunchTemplateId",
    "DeleteNetworkAcl": "NetworkAclId",
    "DeleteNetworkInterface": "NetworkInterfaceId",
    "DeleteRouteTable": "RouteTableId",
    "DeleteSecurityGroup": "GroupId",
    "DeleteSubnet": "SubnetId",
    "DeleteVpc": "VpcId",
    "ReleaseAddress": "AllocationId",
}
"""What an operation deletes at once: the parameter that names it."""


def must_exist(call: Call, identity: str) -> None:
    """Refuse what isn't there. Kinds that aren't listed above are left to moto.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
    """
    prefix = identity.partition("-")[0]
    if prefix in _KINDS:
        things, code, message = _KINDS[prefix]
        if identity not in things(call.ec2):
            raise Refusal(code, message.format(identity))
