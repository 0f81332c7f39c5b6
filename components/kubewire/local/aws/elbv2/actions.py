"""What a listener does: a network load balancer's forwards, and where to is checked here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from moto.elbv2.models import FakeAction, FakeLoadBalancer

from kubewire.local.aws.call import Call
from kubewire.local.aws.elbv2.arns import find_group
from kubewire.local.aws.elbv2.protocols import SENT_TO
from kubewire.local.aws.elbv2.target_limits import must_carry
from kubewire.local.aws.elbv2.usage import groups_in
from kubewire.local.aws.refusal import Refusal


def must_forward(actions: Sequence[Mapping[str, Any]]) -> None:
    """Make sure that there is one action, and that it forwards.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html

    Raises:
        Refusal: there is another, or it does something else.
    """
    if len(actions) != 1:
        raise Refusal("ValidationError", "You must specify exactly one default action for the listener")
    kind = actions[0].get("Type")
    if kind != "forward":
        message = f"Action type '{kind}' is not supported for load balancers with type 'network'"
        raise Refusal("InvalidLoadBalancerAction", message)
    if not any(groups_in(actions)):
        raise Refusal("ValidationError", "A target group ARN must be specified for forward actions")


def must_go_together(call: Call, protocol: str, actions: Sequence[Mapping[str, Any]]) -> None:
    """Make sure that the target groups take what the listener sends.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html
    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html (IncompatibleProtocols)

    Raises:
        Refusal: they don't.
    """
    wrong = [arn for arn in groups_in(actions) if find_group(call, arn).protocol not in SENT_TO[protocol]]
    if wrong:
        message = f"The listener and the following target groups have incompatible protocols: {', '.join(wrong)}"
        raise Refusal("IncompatibleProtocols", message)


def must_be_near(call: Call, balancer: FakeLoadBalancer, actions: Sequence[Mapping[str, Any]]) -> None:
    """Make sure that the target groups are in the load balancer's VPC, and no other load balancer's.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html
    (TargetGroupAssociationLimit)

    Raises:
        Refusal: they aren't.
    """
    groups = [find_group(call, arn) for arn in groups_in(actions)]
    far = [group.arn for group in groups if group.vpc_id != balancer.vpc_id]
    if far:
        message = f"The following target groups are not in the same VPC as the load balancer: {', '.join(far)}"
        raise Refusal("InvalidConfigurationRequest", message)
    shared = [group.arn for group in groups if set(group.load_balancer_arns) - {balancer.arn}]
    if shared:
        message = "The following target groups cannot be associated with more than one load balancer: "
        raise Refusal("TargetGroupAssociationLimit", message + ", ".join(shared))
    must_carry(call, balancer, groups)


def normal(actions: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Actions in the form in which AWS answers them: one target group is named in both ways."""
    return [_normal(deepcopy(dict(action))) for action in actions]


def kept(actions: Sequence[Mapping[str, Any]]) -> list[FakeAction]:
    """Actions as moto keeps them."""
    return [FakeAction(action) for action in normal(actions)]


def _normal(action: dict[str, Any]) -> dict[str, Any]:
    if action["Type"] != "forward":
        return action
    forward = action.setdefault("ForwardConfig", {})
    if not forward.get("TargetGroups"):
        forward["TargetGroups"] = [{"TargetGroupArn": action["TargetGroupArn"]}]
    for group in forward["TargetGroups"]:
        group.setdefault("Weight", 1)
    forward.setdefault("TargetGroupStickinessConfig", {"Enabled": False})
    if len(forward["TargetGroups"]) == 1:
        action["TargetGroupArn"] = forward["TargetGroups"][0]["TargetGroupArn"]
    return {"Order": 1, **action}
