"""The security groups of a load balancer."""

from __future__ import annotations

from typing import Any

from moto.elbv2.models import FakeLoadBalancer

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.elbv2.arns import find_balancer
from kubewire.local.aws.elbv2.interfaces import guard, nodes_of
from kubewire.local.aws.elbv2.subnets import placed
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.rules import Proceed, answers, before, exists


@exists("elbv2", "SecurityGroups")
def group_exists(call: Call, group_id: str) -> None:
    """Refuse a group that isn't there, or is another account's.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
    (InvalidSecurityGroup)
    """
    if call.ec2.get_security_group_from_id(group_id) is None:
        raise Refusal("InvalidSecurityGroup", f"The security group '{group_id}' does not exist")


@before("elbv2", "CreateLoadBalancer", "SetSecurityGroups")
def groups_of_the_vpc(call: Call) -> None:
    """Refuse groups of another VPC.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html
    """
    given = call.parameters.get("SecurityGroups", ())
    if call.operation == "SetSecurityGroups":
        vpc_id = find_balancer(call, call.parameters["LoadBalancerArn"]).vpc_id
    else:
        vpc_id = placed(call)[0].vpc_id
    groups = [call.ec2.get_security_group_from_id(one) for one in given]
    if any(group is None or group.vpc_id != vpc_id for group in groups):
        raise Refusal("InvalidConfigurationRequest", "One or more security groups are invalid")


@before("elbv2", "SetSecurityGroups")
def groups_come_with_creation(call: Call) -> None:
    """Refuse groups for a network load balancer that was made without, and to take the last one of another away.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html
    """
    balancer = find_balancer(call, call.parameters["LoadBalancerArn"])
    if balancer.type == "network" and not balancer.security_groups:
        raise Refusal(
            "InvalidConfigurationRequest",
            "You cannot set security groups on a Network Load Balancer which was created without any security groups.",
        )
    if not call.parameters["SecurityGroups"]:
        raise Refusal("InvalidConfigurationRequest", "At least one security group must be specified")


@answers("elbv2", "SetSecurityGroups")
def set_groups(call: Call, _proceed: Proceed) -> Answer:
    """Change a load balancer's groups, and with them those of its interfaces.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SetSecurityGroups.html
    """
    balancer = find_balancer(call, call.parameters["LoadBalancerArn"])
    balancer.security_groups = list(call.parameters["SecurityGroups"])
    for node in nodes_of(call, balancer.arn):
        guard(call, node, balancer.security_groups)
    return {"SecurityGroupIds": balancer.security_groups, **enforcement(balancer)}


def enforcement(balancer: FakeLoadBalancer) -> dict[str, Any]:
    """Whether groups hold for traffic by PrivateLink: on, unless there are none."""
    if balancer.type != "network" or not balancer.security_groups:
        return {}
    return {"EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic": "on"}
