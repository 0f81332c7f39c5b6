"""What an alias may stand for: a record of its own zone and type, or something of AWS's.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from moto.elbv2.models import elbv2_backends

from kubewire.local.aws.call import Call
from kubewire.local.aws.route53.names import within

_DUALSTACK: Final = "dualstack."
# Of these the embedded AWS has none, so what is there can't be told from what isn't.
_ELSEWHERE: Final = (
    ".amazonaws.com.",
    ".awsapprunner.com.",
    ".awsglobalaccelerator.com.",
    ".cloudfront.net.",
    ".elasticbeanstalk.com.",
    ".on.aws.",
)
_BALANCERS: Final = ".elb."
_NEVER: Final = ("NS", "SOA")


def problems(call: Call, zone: Any, records: Mapping[Any, Any], written: Mapping[Any, Any]) -> Iterator[str]:
    """What is wrong with the aliases that a batch has written, in the zone as it would leave it."""
    present = {(record.name, record.type) for record in records.values()}
    for record in written.values():
        if record.alias_target is None:
            continue
        if record.type in _NEVER:
            yield f"RRSet of type {record.type} with DNS name {record.name} is not permitted as an alias"
            continue
        name, target = record.alias_target["DNSName"], record.alias_target["HostedZoneId"]
        tried = f"Tried to create an alias that targets {name}, type {record.type} in zone {target}, but"
        mine = target == zone.resource_id
        if not _lies_within(call, zone, name, target):
            yield f"{tried} the alias target name does not lie within the target zone"
        elif not ((name, record.type) in present if mine else _exists(call, name, target)):
            yield f"{tried} that target was not found"


def _lies_within(call: Call, zone: Any, name: str, target: str) -> bool:
    """Whether the name can be one of that zone's, as far as the zone is known."""
    if target == zone.resource_id:
        return within(name, zone.name)
    if target in call.route53.zones:
        return within(name, call.route53.zones[target].name)
    return name.endswith(_ELSEWHERE)


def _exists(call: Call, name: str, target: str) -> bool:
    """Whether there is a load balancer with that name in that zone; what isn't here at all is believed in.

    A record of another of one's own zones is none of either.
    """
    if target in call.route53.zones:
        return False
    if _BALANCERS not in name:
        return True
    balancers = [one for region in elbv2_backends[call.account].values() for one in region.load_balancers.values()]
    wanted = name.removeprefix(_DUALSTACK).removesuffix(".")
    return any((one.dns_name.lower(), one.canonical_hosted_zone_id) == (wanted, target) for one in balancers)
