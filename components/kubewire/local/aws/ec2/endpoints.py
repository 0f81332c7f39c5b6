"""Endpoints of VPCs: which there may be, how they come up and how they are listed."""

from __future__ import annotations

from typing import Any, Final

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.durations import duration
from kubewire.local.aws.ec2.endpoint_interfaces import (
    begin,
    dns_entries,
    groups_in,
    must_be_resolvable,
    must_lead_somewhere,
    must_stand_apart,
    stand_in,
)
from kubewire.local.aws.ec2.endpoint_routes import add_routes, must_be_free
from kubewire.local.aws.ec2.endpoint_services import GATEWAY, INTERFACE, must_offer, service_of
from kubewire.local.aws.ec2.selection import listed, selected
from kubewire.local.aws.ec2.tags import tags_of
from kubewire.local.aws.quotas import quota
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.rules import Proceed, answers, before, exists

_LIMITS: Final = "https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-limits-endpoints.html"
GATEWAYS: Final = quota("gateway-endpoints-per-region", default=20, page=_LIMITS)
INTERFACES: Final = quota("interface-endpoints-per-vpc", default=50, page=_LIMITS)

_STATES: Final = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html"
AVAILABLE: Final = duration("interface-endpoint.available", aws=60.0, page=_STATES)

# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcEndpoints.html
_FILTERS: Final = {
    "ip-address-type": "IpAddressType",
    "service-name": "ServiceName",
    "service-region": "ServiceRegion",
    "vpc-endpoint-id": "VpcEndpointId",
    "vpc-endpoint-state": "State",
    "vpc-endpoint-type": "VpcEndpointType",
    "vpc-id": "VpcId",
}
_ROUTES: Final = ("CreateRoute", "ReplaceRoute")
_OF_GATEWAYS: Final = ("RouteTableIds",)
_OF_INTERFACES: Final = ("SubnetIds", "SecurityGroupIds", "PrivateDnsEnabled", "IpAddressType", "DnsOptions")


@exists("ec2", "VpcEndpointId", "VpcEndpointIds")
def endpoint_exists(call: Call, endpoint_id: str) -> None:
    """Refuse an endpoint that isn't there. A route has other words for it, and a deletion answers for each.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
    """
    if call.operation not in (*_ROUTES, "DeleteVpcEndpoints") and endpoint_id not in call.ec2.vpc_end_points:
        raise Refusal("InvalidVpcEndpointId.NotFound", f"The Vpc Endpoint Id '{endpoint_id}' does not exist")


@before("ec2", "CreateVpcEndpoint")
def service_and_kind(call: Call) -> None:
    """Refuse services that aren't, or not by this kind of endpoint, and parameters of the other kind.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html
    """
    kind = _kind(call)
    if kind not in (GATEWAY, INTERFACE):
        raise Refusal("NotImplemented", f"The embedded AWS has no endpoints of type {kind}", status=501)
    if "ServiceName" not in call.parameters:
        raise Refusal("MissingParameter", "The request must contain the parameter serviceName")
    must_offer(service_of(call, call.parameters["ServiceName"]), kind)
    for name in _OF_INTERFACES if kind == GATEWAY else _OF_GATEWAYS:
        if call.parameters.get(name):
            # Nobody has reported AWS's own words; these are ours.
            raise Refusal("InvalidParameter", f"{name} is not supported for endpoints of type {kind}")


@before("ec2", "CreateVpcEndpoint")
def endpoint_quota(call: Call) -> None:
    """Refuse one gateway endpoint too many in the region, or one interface endpoint too many in a VPC."""
    kind, vpc_id = _kind(call), call.parameters["VpcId"]
    endpoints: Any = call.ec2.vpc_end_points
    same = [one for one in endpoints.values() if one.vpc_endpoint_type == kind]
    count = len(same) if kind == GATEWAY else sum(one.vpc_id == vpc_id for one in same)
    if count >= call.limit(GATEWAYS if kind == GATEWAY else INTERFACES):
        raise Refusal("VpcEndpointLimitExceeded", "The maximum number of VPC endpoints has been reached.")


@answers("ec2", "CreateVpcEndpoint")
def made_endpoint(call: Call, proceed: Proceed) -> Answer:
    """Make an endpoint: a gateway one is available at once, an interface one pending at first.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html
    """
    given, kind = call.parameters, _kind(call)
    vpc_id, service = given["VpcId"], service_of(call, given["ServiceName"])
    tables, subnets = (list(dict.fromkeys(given.get(name, ()))) for name in ("RouteTableIds", "SubnetIds"))
    private = kind == INTERFACE and bool(given.get("PrivateDnsEnabled", True))
    groups = groups_in(call, vpc_id, given.get("SecurityGroupIds", ())) if kind == INTERFACE else []
    if kind == GATEWAY:
        must_be_free(call, vpc_id, service.name, tables)
    must_stand_apart(call, vpc_id, (), subnets)
    if private:
        must_be_resolvable(call, vpc_id, service)
        must_lead_somewhere(call, vpc_id, service)
    # moto would make interfaces with addresses of anywhere.
    bare = call.without("SubnetIds", "RouteTableIds").parameters
    answer = proceed(call.with_parameters({**bare, "VpcEndpointType": kind, "PrivateDnsEnabled": private}))
    endpoint: Any = call.ec2.vpc_end_points[answer["VpcEndpoint"]["VpcEndpointId"]]
    begin(call, endpoint)
    endpoint.subnet_ids, endpoint.security_group_ids = [], [group.id for group in groups]
    if kind == GATEWAY:
        add_routes(call, endpoint, tables)
    else:
        stand_in(call, endpoint, subnets)
        become_available(call, endpoint)
    answer["VpcEndpoint"] = _row(call, answer["VpcEndpoint"])
    if "ClientToken" in given:
        answer["ClientToken"] = given["ClientToken"]
    return answer


@answers("ec2", "DescribeVpcEndpoints")
def listed_endpoints(call: Call, proceed: Proceed) -> Answer:
    """List endpoints with all that AWS says of them, by all filters, of which moto has a part."""
    answer = listed(call, proceed)
    rows = [_row(call, one) for one in answer.get("VpcEndpoints", [])]
    answer["VpcEndpoints"] = selected(call, rows, _FILTERS)
    return answer


def become_available(call: Call, endpoint: Any) -> None:
    """Let an endpoint be pending, and available after a while, unless it is deleted before."""
    endpoint.state = "pending"

    def available() -> None:
        if endpoint.state == "pending":
            endpoint.state = "available"

    call.later(AVAILABLE, available)


def _kind(call: Call) -> str:
    return str(call.parameters.get("VpcEndpointType", GATEWAY))


def _row(call: Call, row: dict[str, Any]) -> dict[str, Any]:
    """What is said of an endpoint: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html."""
    endpoint: Any = call.ec2.vpc_end_points[row["VpcEndpointId"]]
    stands = endpoint.vpc_endpoint_type == INTERFACE
    row |= {
        "State": endpoint.state,
        "RouteTableIds": list(endpoint.route_table_ids),
        "SubnetIds": list(endpoint.subnet_ids),
        "NetworkInterfaceIds": list(endpoint.network_interface_ids),
        "Groups": [{"GroupId": one["GroupId"], "GroupName": one["GroupName"]} for one in endpoint.groups],
        "PrivateDnsEnabled": bool(endpoint.private_dns_enabled),
        "DnsEntries": dns_entries(call, endpoint) if stands else [],
        "IpAddressType": "ipv4",
        "DnsOptions": {"DnsRecordIpType": "ipv4" if stands else "service-defined"},
        "RequesterManaged": False,
        "OwnerId": call.account,
        "ServiceRegion": call.region,
        "Tags": tags_of(call, endpoint.id),
    }
    return row
