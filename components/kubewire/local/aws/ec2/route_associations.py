"""Which subnets and gateways use a route table: each only one, and only of its own VPC."""

from __future__ import annotations

from typing import Any

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.ec2.route_rows import is_attached
from kubewire.local.aws.refusal import Refusal, invalid_parameter
from kubewire.local.aws.rules import Proceed, answers, before


@before("ec2", "AssociateRouteTable")
def one_user(call: Call) -> None:
    """Refuse anything but one subnet or one gateway.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateRouteTable.html
    """
    given = [name for name in ("SubnetId", "GatewayId", "PublicIpv4Pool") if call.parameters.get(name)]
    if not given:
        raise Refusal("MissingParameter", "The request must contain exactly one of subnetId or gatewayId")
    if len(given) > 1:
        raise Refusal("InvalidParameterCombination", "The request must contain exactly one of subnetId or gatewayId")


@before("ec2", "AssociateRouteTable")
def subnet_of_the_same_vpc(call: Call) -> None:
    """Refuse a subnet of another VPC.

    https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html
    """
    subnet_id = call.parameters.get("SubnetId")
    if subnet_id:
        subnet: Any = call.ec2.get_subnet(subnet_id)
        _check_vpc(call.ec2.route_tables[call.parameters["RouteTableId"]], subnet.vpc_id, f"subnet {subnet_id}")


@before("ec2", "AssociateRouteTable")
def gateway_of_the_same_vpc(call: Call) -> None:
    """Refuse a gateway that is none, or that isn't attached to the table's VPC.

    https://docs.aws.amazon.com/vpc/latest/userguide/gateway-route-tables.html
    """
    gateway_id = call.parameters.get("GatewayId")
    if gateway_id:
        ec2 = call.ec2
        gateway = ec2.internet_gateways.get(gateway_id) or ec2.vpn_gateways.get(gateway_id)
        if gateway is None:
            raise Refusal("InvalidGatewayID.NotFound", f"The gateway ID '{gateway_id}' does not exist")
        table = ec2.route_tables[call.parameters["RouteTableId"]]
        attached = is_attached(call, gateway, table.vpc_id)
        _check_vpc(table, table.vpc_id if attached else None, f"network gateway {gateway_id}")


@answers("ec2", "AssociateRouteTable")
def associated(call: Call, proceed: Proceed) -> Answer:
    """Refuse what uses another table already; one that uses this table keeps its association.

    moto answers with the association that there is, whatever table it is with.
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (Resource.AlreadyAssociated)
    """
    table_id = call.parameters["RouteTableId"]
    user = call.parameters.get("SubnetId") or call.parameters["GatewayId"]
    for table in call.ec2.route_tables.values():
        for association in table.associations:
            if user in (association.get("SubnetId"), association.get("GatewayId")):
                if table.id != table_id:
                    raise Refusal(
                        "Resource.AlreadyAssociated",
                        f"the specified association for route table {table_id} conflicts with an existing association",
                    )
                return {
                    "AssociationId": association["RouteTableAssociationId"],
                    "AssociationState": association["AssociationState"],
                }
    return proceed(call)


@before("ec2", "ReplaceRouteTableAssociation", "DisassociateRouteTable")
def association_exists(call: Call) -> None:
    """Refuse an association that isn't there.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
    """
    _table_of(call)


@before("ec2", "ReplaceRouteTableAssociation")
def table_of_the_same_vpc(call: Call) -> None:
    """Refuse a table of another VPC, for the main association as for a subnet's.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReplaceRouteTableAssociation.html
    """
    association_id = call.parameters["AssociationId"]
    now = _table_of(call)
    users = [
        str(one.get("SubnetId") or one.get("GatewayId") or now.vpc_id)
        for one in now.associations
        if one["RouteTableAssociationId"] == association_id
    ]
    kind = {"subnet": "subnet", "vpc": "network"}.get(users[0].partition("-")[0], "network gateway")
    _check_vpc(call.ec2.route_tables[call.parameters["RouteTableId"]], now.vpc_id, f"{kind} {users[0]}")


@before("ec2", "DisassociateRouteTable")
def main_stays(call: Call) -> None:
    """Refuse to leave a VPC without a main table: another one can only take its place.

    https://docs.aws.amazon.com/vpc/latest/userguide/replace-main-route-table.html
    """
    association_id = call.parameters["AssociationId"]
    if _table_of(call).main_association_id == association_id:
        raise invalid_parameter(f"cannot disassociate the main route table association {association_id}")


def _table_of(call: Call) -> Any:
    association_id = call.parameters["AssociationId"]
    for table in call.ec2.route_tables.values():
        if association_id in table.all_associations_ids:
            return table
    raise Refusal("InvalidAssociationID.NotFound", f"The association ID '{association_id}' does not exist")


def _check_vpc(table: Any, vpc_id: str | None, user: str) -> None:
    if table.vpc_id != vpc_id:
        raise invalid_parameter(f"route table {table.id} and {user} belong to different networks")
