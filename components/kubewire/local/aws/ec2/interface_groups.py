"""How many security groups interfaces and instances can be given. Which ones is said in `own_groups`."""

from __future__ import annotations

from collections.abc import Sequence

from kubewire.local.aws.call import Call
from kubewire.local.aws.ec2.rule_quota import GROUPS_PER_INTERFACE
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.rules import before


@before("ec2", "CreateNetworkInterface", "ModifyNetworkInterfaceAttribute")
def groups_of_an_interface(call: Call) -> None:
    """Refuse more groups than an interface can have.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkInterface.html
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyNetworkInterfaceAttribute.html
    """
    _check_number(call, call.parameters.get("Groups", ()), "Interface")


@before("ec2", "RunInstances")
def groups_of_an_instance(call: Call) -> None:
    """Refuse more groups than an interface of the new instance can have.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html
    """
    _check_number(call, call.parameters.get("SecurityGroupIds", ()), "Instance")
    for one in call.parameters.get("NetworkInterfaces", ()):
        _check_number(call, one.get("Groups", ()), "Instance")


def _check_number(call: Call, groups: Sequence[str], what: str) -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html."""
    if len(set(groups)) > call.limit(GROUPS_PER_INTERFACE):
        raise Refusal(
            f"SecurityGroupsPer{what}LimitExceeded",
            f"The maximum number of security groups per {what.lower()} has been reached.",
        )
