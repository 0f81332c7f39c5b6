"""How often AWS lets one call: a bucket of tokens for each action, which each call takes one of.

https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html for EC2, each action with its own bucket, and
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html#limits-api-requests for Route53, most
actions with one together. Those of load balancers' changes aren't known here: their calls count, and take no time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Bucket:
    """What calls are taken from.

    Attributes:
        burst: the tokens that it holds, and has at first.
        refill: the tokens that it gets back in a second.
    """

    burst: float
    refill: float

    def least_seconds(self, calls: int) -> float:
        """Say how long so many calls take at least, when nobody else calls."""
        return max(0.0, (calls - self.burst) / self.refill)


EC2_CHANGE: Final = Bucket(50, 5)
"""Of every action that changes something, but for those below."""
EC2_NAMED: Final[Mapping[str, Bucket]] = {
    "AssignIpv6Addresses": Bucket(100, 5),
    "AuthorizeSecurityGroupIngress": Bucket(50, 5),
    "CreateNatGateway": Bucket(10, 1),
    "CreateNetworkInterface": Bucket(100, 5),
    "CreateTags": Bucket(100, 10),
    "CreateVpcEndpoint": Bucket(4, 0.3),
    "DeleteNetworkInterface": Bucket(100, 5),
    "DeleteTags": Bucket(100, 10),
    "ModifyNetworkInterfaceAttribute": Bucket(100, 5),
    "RevokeSecurityGroupIngress": Bucket(50, 5),
    "RunInstances": Bucket(5, 2),
    "UnassignIpv6Addresses": Bucket(100, 5),
}
ROUTE53: Final = Bucket(50, 10)
ROUTE53_NAMED: Final[Mapping[str, Bucket]] = {"CreateHostedZone": Bucket(40, 2)}


def bucket_of(action: str) -> tuple[str, Bucket] | None:
    """Give the bucket that an action takes from, with a name of it that no other has; None if none is known.

    Args:
        action: `ec2:CreateRoute`.
    """
    service, _, operation = action.partition(":")
    match service:
        case "ec2":
            return action, EC2_NAMED.get(operation, EC2_CHANGE)
        case "route53" if operation in ROUTE53_NAMED:
            return action, ROUTE53_NAMED[operation]
        case "route53":
            return service, ROUTE53
        case _:
            return None
