"""How many addresses a subnet has left, as its description says."""

from __future__ import annotations

from typing import Any

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.ec2.addressing import available
from kubewire.local.aws.rules import after


@after("ec2", "DescribeSubnets")
def left_in_subnets(call: Call, answer: Answer) -> None:
    """Count each address once, and those of ranges that interfaces have; moto doesn't know of ranges.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Subnet.html (AvailableIpAddressCount)
    """
    for row in answer.get("Subnets", []):
        subnet: Any = call.ec2.get_subnet(row["SubnetId"])
        if row.get("CidrBlock"):
            row["AvailableIpAddressCount"] = available(call, subnet)
