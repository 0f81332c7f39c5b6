"""What an answer says of a route: where it leads to, who made it, and whether its target can be reached.

moto knows neither black holes nor whose interface a route leads to.
"""

from __future__ import annotations

from collections.abc import Collection
from ipaddress import IPv4Network, IPv6Network
from typing import Any, Final

from moto.ec2.models.route_tables import Route, RouteTable

from kubewire.local.aws.call import Call
from kubewire.local.aws.ec2.ranges import vpc_ipv4, vpc_ipv6

# moto's names of what a route has, by AWS's.
_MEMBERS: Final = {
    "DestinationCidrBlock": "destination_cidr_block",
    "DestinationIpv6CidrBlock": "destination_ipv6_cidr_block",
    "DestinationPrefixListId": "destination_prefix_list_id",
    "GatewayId": "gateway_id",
    "NatGatewayId": "nat_gateway_id",
    "NetworkInterfaceId": "network_interface_id",
    "EgressOnlyInternetGatewayId": "egress_only_internet_gateway_id",
    "TransitGatewayId": "transit_gateway_id",
    "VpcPeeringConnectionId": "vpc_peering_connection_id",
    "CarrierGatewayId": "carrier_gateway_id",
}
REACHABLE: Final = ("pending", "running")
"""The states of an instance whose interfaces a route leads to."""


def rows_of(call: Call, table: RouteTable) -> list[dict[str, Any]]:
    """A table's routes as an answer has them.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html
    """
    local = {str(one) for one in local_ranges(call, table.vpc_id)}
    return [_row(call, route, local) for route in table.routes]


def table_of(call: Call, subnet: Any) -> RouteTable:
    """The table that a subnet uses: its own, or else the main one.

    https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html
    """
    tables = [table for table in call.ec2.route_tables.values() if table.vpc_id == subnet.vpc_id]
    own = (table for table in tables if any(one.get("SubnetId") == subnet.id for one in table.associations))
    return next(own, None) or next(table for table in tables if table.main_association_id)


def local_ranges(call: Call, vpc_id: str) -> list[IPv4Network | IPv6Network]:
    """The ranges of a VPC: every table of its routes them locally, unless they were given another target."""
    vpc = call.ec2.vpcs[vpc_id]
    return [*vpc_ipv4(vpc), *vpc_ipv6(vpc)]


def _row(call: Call, route: Route, local: Collection[str]) -> dict[str, Any]:
    row = {name: value for name, member in _MEMBERS.items() if (value := getattr(route, member)) is not None}
    instance = _instance_of(call, route)
    if instance is not None:
        row |= {"InstanceId": instance.id, "InstanceOwnerId": instance.owner_id}
    destination = route.destination_cidr_block or route.destination_ipv6_cidr_block
    row["Origin"] = "CreateRouteTable" if destination in local else "CreateRoute"
    row["State"] = "active" if route.local or _leads_somewhere(call, route) else "blackhole"
    return row


def _instance_of(call: Call, route: Route) -> Any:
    """Whose interface a route leads to; nobody's once the interface is gone or detached."""
    interface: Any = route.interface
    return interface.instance if interface is not None and interface.id in call.ec2.enis else None


def _leads_somewhere(call: Call, route: Route) -> bool:
    """Whether a route's target is there and attached. Otherwise the route is a black hole.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html (State)
    https://docs.aws.amazon.com/vpc/latest/userguide/VPC_NAT_Instance.html
    """
    ec2: Any = call.ec2
    vpc_id = route.route_table.vpc_id
    target: Any
    match route:
        case Route(interface=target) if target is not None:
            return _is_up(call, target)
        case Route(nat_gateway=target) if target is not None:
            return target.id in ec2.nat_gateways and target.state in ("pending", "available")
        case Route(egress_only_igw=target) if target is not None:
            return target.id in ec2.egress_only_internet_gateways
        case Route(transit_gateway=target) if target is not None:
            return has_attachment(call, target.id, vpc_id)
        case Route(vpc_pcx=target) if target is not None:
            return target.id in ec2.vpc_pcxs and target.status["Code"] == "active"
        case Route(carrier_gateway=target) if target is not None:
            return target.id in ec2.carrier_gateways
        case Route(gateway=target) if target is not None:
            return is_attached(call, target, vpc_id)
        case Route(vpc_endpoint_id=target) if target is not None:
            return target in ec2.vpc_end_points
    return False


def is_attached(call: Call, gateway: Any, vpc_id: str) -> bool:
    """Whether an internet gateway or a virtual private gateway is a VPC's."""
    if gateway.id in call.ec2.internet_gateways:
        return gateway.vpc is not None and bool(gateway.vpc.id == vpc_id)
    if gateway.id in call.ec2.vpn_gateways:
        attachment = gateway.attachments.get(vpc_id)
        return attachment is not None and attachment.state in ("attaching", "attached")
    return gateway.id in call.ec2.vpc_end_points


def has_attachment(call: Call, transit_gateway_id: str, vpc_id: str) -> bool:
    """Whether a VPC is attached to a transit gateway."""
    attachments: Any = call.ec2.transit_gateway_attachments
    return any(
        one.transit_gateway_id == transit_gateway_id and one.resource_id == vpc_id and one.state == "available"
        for one in attachments.values()
    )


def _is_up(call: Call, interface: Any) -> bool:
    if interface.id not in call.ec2.enis:
        return False
    if interface.instance is not None:
        return interface.instance.state in REACHABLE
    # AWS's own appliances have interfaces that no instance of the caller's holds.
    return bool(interface.status == "in-use")
