"""Where a route may lead to: exactly one target, that exists, and that is of the route table's VPC."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from moto.ec2.models.route_tables import RouteTable

from kubewire.local.aws.call import Call
from kubewire.local.aws.ec2.route_rows import has_attachment, is_attached
from kubewire.local.aws.refusal import Refusal, invalid_parameter


@dataclass(frozen=True)
class Target:
    """Where a route leads to.

    Attributes:
        members: for the constructor of moto's Route.
        inside: whether it may stand between two subnets of the VPC.
    """

    members: Mapping[str, Any] = field(default_factory=dict)
    inside: bool = False


Finder: TypeAlias = Callable[[Call, RouteTable, str], Target]


def target_of(call: Call, table: RouteTable, *, is_range: bool) -> Target:
    """Find the one target that a call names.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRoute.html

    Args:
        call: CreateRoute or ReplaceRoute.
        table: where the route is to be.
        is_range: whether it's for a range of addresses, or else for a prefix list.

    Raises:
        Refusal: it names none or several, or the one isn't there or isn't for this VPC.
    """
    given = [name for name in _FINDERS if call.parameters.get(name)]
    if len(given) != 1:
        also = ", or must have localTarget set to true" if call.operation == "ReplaceRoute" else ""
        raise Refusal(
            "InvalidParameterCombination" if given else "MissingParameter",
            "The request must contain exactly one of gatewayId, localGatewayId, carrierGatewayId, natGatewayId, "
            "networkInterfaceId, vpcPeeringConnectionId, egressOnlyInternetGatewayId, transitGatewayId, vpcEndpointId, "
            f"coreNetworkArn or instanceId{also}",
        )
    name = given[0]
    if name == "EgressOnlyInternetGatewayId" and is_range and "DestinationIpv6CidrBlock" not in call.parameters:
        raise invalid_parameter("An egress-only internet gateway can only be the target of an IPv6 route.")
    return _FINDERS[name](call, table, str(call.parameters[name]))


def _gateway(call: Call, table: RouteTable, identity: str) -> Target:
    """An internet gateway or a virtual private gateway: https://docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html."""
    if identity == "local":
        return _local(call, table, identity)
    ec2 = call.ec2
    if identity in ec2.vpc_end_points:
        return _endpoint(call, table, identity)
    gateway = ec2.internet_gateways.get(identity) or ec2.vpn_gateways.get(identity)
    if gateway is None:
        raise Refusal("InvalidGatewayID.NotFound", f"The gateway ID '{identity}' does not exist")
    if not is_attached(call, gateway, table.vpc_id):
        raise _elsewhere(table, f"network gateway {identity}")
    return Target({"gateway": gateway})


def _local(_call: Call, _table: RouteTable, _identity: str) -> Target:
    """The VPC's own way: https://docs.aws.amazon.com/vpc/latest/userguide/replace-local-route-target.html."""
    return Target({"local": True}, inside=True)


def _nat_gateway(call: Call, table: RouteTable, identity: str) -> Target:
    """https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html."""
    gateway: Any = call.ec2.nat_gateways.get(identity)
    if gateway is None or gateway.state not in ("pending", "available"):
        raise Refusal("InvalidNatGatewayID.NotFound", f"The natGateway ID '{identity}' does not exist")
    if gateway.vpc_id != table.vpc_id:
        raise _elsewhere(table, f"NAT gateway {identity}")
    return Target({"nat_gateway": gateway}, inside=True)


def _interface(call: Call, table: RouteTable, identity: str) -> Target:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html."""
    interface: Any = call.ec2.enis.get(identity)
    if interface is None:
        raise Refusal("InvalidNetworkInterfaceID.NotFound", f"The networkInterface ID '{identity}' does not exist")
    if interface.vpc_id != table.vpc_id:
        raise _elsewhere(table, f"interface {identity}")
    return Target({"interface": interface}, inside=True)


def _instance(call: Call, table: RouteTable, identity: str) -> Target:
    """An instance stands for its one interface; the route stays with that.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRoute.html (InstanceId)
    """
    instance: Any = call.ec2.get_instance_by_id(identity)
    if instance is None or instance.state == "terminated":
        raise Refusal("InvalidInstanceID.NotFound", f"The instance ID '{identity}' does not exist")
    if len(instance.nics) > 1:
        raise Refusal(
            "InvalidInstanceID",
            f"There are multiple interfaces attached to instance '{identity}'. "
            "Please specify an interface ID for the operation instead.",
        )
    return _interface(call, table, next(iter(instance.nics.values())).id)


def _peering(call: Call, table: RouteTable, identity: str) -> Target:
    """One that isn't accepted yet will do; the route is a black hole until it is.

    https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html
    """
    peering: Any = call.ec2.vpc_pcxs.get(identity)
    if peering is None or peering.status["Code"] not in ("active", "pending-acceptance", "provisioning"):
        raise Refusal(
            "InvalidVpcPeeringConnectionID.NotFound", f"The vpcPeeringConnection ID '{identity}' does not exist"
        )
    if table.vpc_id not in (peering.vpc.id, peering.peer_vpc.id):
        raise _elsewhere(table, f"VPC peering connection {identity}")
    return Target({"vpc_pcx": peering})


def _egress_only(call: Call, table: RouteTable, identity: str) -> Target:
    """https://docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html."""
    gateway = call.ec2.egress_only_internet_gateways.get(identity)
    if gateway is None:
        raise Refusal("InvalidGatewayID.NotFound", f"The eigw ID '{identity}' does not exist")
    if gateway.vpc_id != table.vpc_id:
        raise _elsewhere(table, f"egress only internet gateway {identity}")
    return Target({"egress_only_igw": gateway})


def _transit_gateway(call: Call, table: RouteTable, identity: str) -> Target:
    """One that the VPC isn't attached to doesn't exist, as far as its routes are concerned.

    https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html
    """
    gateway = call.ec2.transit_gateways.get(identity)
    if gateway is None or not has_attachment(call, identity, table.vpc_id):
        raise Refusal("InvalidTransitGatewayID.NotFound", f"The transitGateway ID '{identity}' does not exist.")
    return Target({"transit_gateway": gateway})


def _carrier_gateway(call: Call, table: RouteTable, identity: str) -> Target:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html."""
    gateway = call.ec2.carrier_gateways.get(identity)
    if gateway is None:
        raise Refusal("InvalidCarrierGatewayID.NotFound", f"The CarrierGateway ID '{identity}' does not exist")
    if gateway.vpc_id != table.vpc_id:
        raise _elsewhere(table, f"carrier gateway {identity}")
    return Target({"carrier_gateway": gateway})


def _endpoint(call: Call, table: RouteTable, identity: str) -> Target:
    """Of the endpoints, those of Gateway Load Balancers alone.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRoute.html (VpcEndpointId)
    """
    endpoint: Any = call.ec2.vpc_end_points.get(identity)
    if endpoint is None:
        raise Refusal("InvalidVpcEndpointId.NotFound", f"The VpcEndpoint ID '{identity}' does not exist")
    if endpoint.vpc_endpoint_type != "GatewayLoadBalancer":
        raise Refusal(
            "RouteNotSupported",
            f"Route table contains unsupported route target: {identity}. "
            "VPC Endpoints of this type cannot be used as route targets.",
        )
    if endpoint.vpc_id != table.vpc_id:
        raise _elsewhere(table, f"VPC endpoint {identity}")
    return Target({"vpc_endpoint_id": identity}, inside=True)


def _missing(_call: Call, _table: RouteTable, identity: str) -> Target:
    """Say plainly that the embedded AWS has no such thing, instead of a route that leads to nothing."""
    raise Refusal("NotImplemented", f"The embedded AWS has no {identity} that a route could lead to", status=501)


def _elsewhere(table: RouteTable, target: str) -> Refusal:
    return invalid_parameter(f"route table {table.id} and {target} belong to different networks")


_FINDERS: Final[Mapping[str, Finder]] = {
    "GatewayId": _gateway,
    "NatGatewayId": _nat_gateway,
    "NetworkInterfaceId": _interface,
    "InstanceId": _instance,
    "VpcPeeringConnectionId": _peering,
    "EgressOnlyInternetGatewayId": _egress_only,
    "TransitGatewayId": _transit_gateway,
    "CarrierGatewayId": _carrier_gateway,
    "VpcEndpointId": _endpoint,
    "LocalTarget": _local,
    "LocalGatewayId": _missing,
    "CoreNetworkArn": _missing,
    "OdbNetworkArn": _missing,
}
