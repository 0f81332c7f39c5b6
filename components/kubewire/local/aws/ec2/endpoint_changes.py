"""ModifyVpcEndpoint: done whole or not at all."""

from __future__ import annotations

import json
from typing import Any, Final

from moto.ec2.models.vpcs import VPCEndPoint

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.ec2.endpoint_interfaces import (
    groups_in,
    guard,
    leave,
    must_be_resolvable,
    must_lead_somewhere,
    must_stand_apart,
    stand_in,
)
from kubewire.local.aws.ec2.endpoint_routes import add_routes, must_be_free, remove_routes
from kubewire.local.aws.ec2.endpoint_services import GATEWAY, service_of
from kubewire.local.aws.ec2.endpoints import become_available
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.rules import Proceed, answers

_OF_GATEWAYS: Final = ("AddRouteTableIds", "RemoveRouteTableIds")
_OF_INTERFACES: Final = (
    "AddSubnetIds",
    "RemoveSubnetIds",
    "AddSecurityGroupIds",
    "RemoveSecurityGroupIds",
    "PrivateDnsEnabled",
)


@answers("ec2", "ModifyVpcEndpoint")
def changed(call: Call, _proceed: Proceed) -> Answer:
    """Change an endpoint's tables, subnets, groups, private DNS and policy.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcEndpoint.html
    """
    given = call.parameters
    endpoint: Any = call.ec2.vpc_end_points[given["VpcEndpointId"]]
    if endpoint.state == "deleting":
        # Nobody has reported AWS's own words, here and below; these are ours.
        raise Refusal("InvalidState", f"The Vpc Endpoint '{endpoint.id}' is being deleted")
    gateway = endpoint.vpc_endpoint_type == GATEWAY
    for name in _OF_INTERFACES if gateway else _OF_GATEWAYS:
        if name in given:
            kind = endpoint.vpc_endpoint_type
            raise Refusal("InvalidParameter", f"{name} is not supported for endpoints of type {kind}")
    if gateway:
        _tables(call, endpoint)
    else:
        _interfaces(call, endpoint)
    if given.get("ResetPolicy"):
        endpoint.policy_document = json.dumps(VPCEndPoint.DEFAULT_POLICY)
    elif "PolicyDocument" in given:
        endpoint.policy_document = given["PolicyDocument"]
    return {"Return": True}


def _tables(call: Call, endpoint: Any) -> None:
    added, removed = (_ids(call, f"{what}RouteTableIds") for what in ("Add", "Remove"))
    must_be_free(call, endpoint.vpc_id, endpoint.service_name, added)
    remove_routes(call, endpoint, removed)
    add_routes(call, endpoint, added)


def _interfaces(call: Call, endpoint: Any) -> None:
    added, removed = (_ids(call, f"{what}SubnetIds") for what in ("Add", "Remove"))
    new_groups, old_groups = (_ids(call, f"{what}SecurityGroupIds") for what in ("Add", "Remove"))
    staying = [one for one in endpoint.subnet_ids if one not in removed]
    added = [one for one in added if one not in endpoint.subnet_ids]
    must_stand_apart(call, endpoint.vpc_id, staying, added)
    wanted = [one for one in (*endpoint.security_group_ids, *new_groups) if one not in old_groups]
    if not wanted:
        raise Refusal("InvalidParameter", "An interface endpoint must have at least one security group")
    groups = groups_in(call, endpoint.vpc_id, wanted)
    private = bool(call.parameters.get("PrivateDnsEnabled", endpoint.private_dns_enabled))
    if private and not endpoint.private_dns_enabled:
        service = service_of(call, endpoint.service_name)
        must_be_resolvable(call, endpoint.vpc_id, service, endpoint.id)
        must_lead_somewhere(call, endpoint.vpc_id, service)
    takes_time = bool(added or set(removed) & set(endpoint.subnet_ids)) or private != endpoint.private_dns_enabled
    endpoint.private_dns_enabled = private
    leave(call, endpoint, removed)
    stand_in(call, endpoint, added)
    guard(call, endpoint, groups)
    if takes_time:
        become_available(call, endpoint)


def _ids(call: Call, name: str) -> list[str]:
    return list(dict.fromkeys(call.parameters.get(name, ())))
