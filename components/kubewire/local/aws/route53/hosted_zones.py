"""Hosted zones: their names, their number, their ids, and what keeps them from being deleted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.quotas import quota
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.route53.account import bare, new_id, noted, zone_of
from kubewire.local.aws.route53.name_servers import PRIVATE, drawn, is_own, own_records
from kubewire.local.aws.route53.names import MalformedError, listed
from kubewire.local.aws.rules import Proceed, after, answers, before

_LIMITS: Final = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html"
ZONES: Final = quota("route53-hosted-zones", default=500, page=_LIMITS)


@dataclass
class _References:
    used: set[str] = field(default_factory=set)


@before("route53", "CreateHostedZone")
def zone_name(call: Call) -> Call:
    """Refuse what is no domain's name, and public zones of top-level domains; take others as they are listed.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html
    """
    given = call.parameters["Name"]
    try:
        name = listed(given)
    except MalformedError as error:
        raise Refusal("InvalidDomainName", str(error)) from error
    if name.count(".") == 1 and not is_private(call):
        raise Refusal("InvalidDomainName", f"{given} is reserved by AWS!")
    return call.with_parameters({**call.parameters, "Name": name})


@before("route53", "CreateHostedZone")
def reference_is_new(call: Call) -> None:
    """Refuse a caller reference that has made a zone before, even if that zone is gone.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html (CallerReference)
    """
    if call.parameters["CallerReference"] in noted(call, _References).used:
        words = "A hosted zone has already been created with the specified caller reference."
        raise Refusal("HostedZoneAlreadyExists", words)


@before("route53", "CreateHostedZone")
def zone_quota(call: Call) -> None:
    """Refuse one zone too many.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html#limits-api-entities-hosted-zones
    """
    if len(call.route53.zones) >= call.limit(ZONES):
        words = "Limits Exceeded: MAX_HOSTED_ZONES_BY_OWNER - Cannot create more hosted zones."
        raise Refusal("TooManyHostedZones", words)


@answers("route53", "CreateHostedZone")
def zone(call: Call, proceed: Proceed) -> Answer:
    """Make a zone with an id, name servers and records as AWS gives them.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/SOA-NSrecords.html

    moto's zones all share their name servers, and each leaves a reusable delegation set behind or overwrites the one
    that it was to use.
    """
    sets: dict[str, Any] = dict(call.route53.delegation_sets)
    answer = proceed(_asked(call))
    call.route53.delegation_sets = sets
    made: Any = call.route53.zones.pop(bare(answer["HostedZone"]["Id"]))
    made.resource_id = new_id("Z")
    call.route53.zones[made.resource_id] = made
    reusable = sets.get(bare(call.parameters.get("DelegationSetId", "")))
    if reusable is None:
        made.delegation_set.id = made.delegation_set.caller_reference = None
        made.delegation_set.name_servers = list(PRIVATE) if made.private_zone else drawn()
    else:
        made.delegation_set = reusable
    servers = made.delegation_set.name_servers
    made.rrsets = own_records(made.name, servers)
    noted(call, _References).used.add(call.parameters["CallerReference"])
    answer["HostedZone"] |= {"Id": made.id, "ResourceRecordSetCount": len(made.rrsets)}
    answer["Location"] = f"https://route53.amazonaws.com/2013-04-01{made.id}"
    whose = {} if reusable is None else {"Id": f"/delegationset/{reusable.id}"}
    # The model requires it of private zones, too.
    answer["DelegationSet"] = {**whose, "NameServers": servers}
    return answer


@before("route53", "DeleteHostedZone")
def zone_is_empty(call: Call) -> None:
    """Refuse while there are records but the zone's own two; NS records of a subdomain are others, too.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_DeleteHostedZone.html
    """
    doomed = zone_of(call, "Id")
    if not all(is_own(doomed, record) for record in doomed.rrsets):
        words = "The specified hosted zone contains non-required resource record sets and so cannot be deleted."
        raise Refusal("HostedZoneNotEmpty", words)


@after("route53", "DeleteHostedZone")
def tags_go_with_it(call: Call, answer: Answer) -> None:  # noqa: ARG001 - it changes nothing in the answer
    """Forget its tags."""
    call.route53.resource_tags.pop(bare(call.parameters["Id"]), None)


def is_private(call: Call) -> bool:
    """Whether CreateHostedZone asks for a private zone: a VPC makes it one."""
    return "VPC" in call.parameters or bool(call.parameters.get("HostedZoneConfig", {}).get("PrivateZone"))


def _asked(call: Call) -> Call:
    """What moto is asked for: it makes a zone private by its config alone."""
    config = {**call.parameters.get("HostedZoneConfig", {}), "PrivateZone": is_private(call)}
    return call.with_parameters({**call.parameters, "HostedZoneConfig": config})
