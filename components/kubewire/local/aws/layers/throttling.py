"""How often may be called: AWS's token buckets, where the configuration asks for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.rules import Proceed


@dataclass(frozen=True)
class Rate:
    """A bucket's size and how many tokens a second it gets back."""

    burst: float
    refill: float


# https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
EC2_READS: Final = Rate(100, 20)
EC2_READS_OF_EVERYTHING: Final = Rate(50, 10)
EC2_CHANGES: Final = Rate(50, 5)
EC2_NAMED: Final = {
    "AuthorizeSecurityGroupIngress": Rate(50, 5),
    "RevokeSecurityGroupIngress": Rate(50, 5),
    "CreateTags": Rate(100, 10),
    "ModifyNetworkInterfaceAttribute": Rate(100, 5),
    "CreateNatGateway": Rate(10, 1),
    "CreateVpcEndpoint": Rate(4, 0.3),
}
# These are dearer when they name neither a filter nor a page's size.
EC2_EVERYTHING: Final = frozenset(
    {
        "DescribeInstances",
        "DescribeInstanceStatus",
        "DescribeNetworkInterfaces",
        "DescribeSecurityGroups",
        "DescribeSnapshots",
        "DescribeSpotInstanceRequests",
        "DescribeVolumes",
    }
)
# https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-api-throttling.html has the rate of reads in its
# text. Those of changes are in a table that nobody here has seen: changes aren't throttled, rather than at a guess.
ELB_READS: Final = Rate(40, 10)
# https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html
ROUTE53: Final = Rate(50, 10)
ROUTE53_NAMED: Final = {"CreateHostedZone": Rate(40, 2)}


# A fifth of a second is not quite a fifth of a second on a clock that has run for a while.
_ROUNDING: Final = 1e-6


_TOO_SOON: Final = {
    "ec2": ("RequestLimitExceeded", "Request limit exceeded.", 503),
    "elbv2": ("ThrottlingException", "Rate exceeded", 400),
    "route53": ("Throttling", "Rate exceeded", 400),
}


@dataclass
class _Bucket:
    tokens: float
    filled: float


@dataclass
class Buckets:
    """The buckets of an account in a region, full at first."""

    by_name: dict[str, _Bucket] = field(default_factory=dict)

    def take(self, name: str, rate: Rate, now: float) -> bool:
        """Take a token, if there is one."""
        bucket = self.by_name.setdefault(name, _Bucket(rate.burst, now))
        bucket.tokens = min(rate.burst, bucket.tokens + (now - bucket.filled) * rate.refill)
        bucket.filled = now
        if bucket.tokens < 1 - _ROUNDING:
            return False
        bucket.tokens -= 1
        return True


def throttled(call: Call, proceed: Proceed) -> Answer:
    """Refuse a call that comes too soon."""
    if call.emulator.settings.throttling:
        bucket = _bucket(call)
        if bucket and not call.notes(Buckets).take(*bucket, call.emulator.clock.now):
            code, message, status = _TOO_SOON[call.service]
            raise Refusal(code, message, status=status)
    return proceed(call)


def _bucket(call: Call) -> tuple[str, Rate] | None:
    """EC2 counts each operation for itself, load balancers all reads together, Route53 all calls; None: as you like."""
    if call.service == "ec2":
        return call.operation, _ec2_rate(call)
    if call.service == "elbv2":
        return None if call.changes else ("elbv2 reads", ELB_READS)
    if call.service in ("service-quotas", "autoscaling"):
        # Their rates are in tables that nobody here has seen: not throttled, rather than at a guess.
        return None
    if call.operation in ROUTE53_NAMED:
        return call.operation, ROUTE53_NAMED[call.operation]
    return "route53", ROUTE53


def _ec2_rate(call: Call) -> Rate:
    if call.operation in EC2_NAMED:
        return EC2_NAMED[call.operation]
    if call.changes:
        return EC2_CHANGES
    whole = call.operation in EC2_EVERYTHING and not call.parameters.keys() & {"Filters", "MaxResults"}
    return EC2_READS_OF_EVERYTHING if whole else EC2_READS
