"""DescribeInstanceTypes: moto knows AWS's list, and not what may be asked of it at once."""

from __future__ import annotations

from typing import Final

from moto.ec2.models.instance_types import INSTANCE_TYPES

from kubewire.local.aws.call import Call
from kubewire.local.aws.refusal import Refusal, invalid_parameter
from kubewire.local.aws.rules import before

MOST_TYPES: Final = 100


@before("ec2", "DescribeInstanceTypes")
def known_types(call: Call) -> Call | None:
    """Refuse more than a hundred types, in words of ours, and types that don't exist.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceTypes.html
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (InvalidInstanceType)
    """
    asked = call.parameters.get("InstanceTypes")
    if not asked:
        return None
    if len(asked) > MOST_TYPES:
        raise invalid_parameter(f"The number of instance types ({len(asked)}) exceeds the maximum of {MOST_TYPES}.")
    unknown = [name for name in dict.fromkeys(asked) if name not in INSTANCE_TYPES]
    if unknown:
        message = f"The following supplied instance types do not exist: [{', '.join(unknown)}]"
        raise Refusal("InvalidInstanceType", message)
    # moto takes a type that is named twice for one that it doesn't know.
    return call.with_parameters({**call.parameters, "InstanceTypes": list(dict.fromkeys(asked))})
