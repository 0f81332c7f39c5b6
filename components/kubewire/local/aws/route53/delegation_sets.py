"""Reusable delegation sets: name servers that several zones share.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateReusableDelegationSet.html
"""

from __future__ import annotations

from typing import Any

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.route53.account import bare, new_id
from kubewire.local.aws.route53.name_servers import drawn
from kubewire.local.aws.rules import Proceed, after, answers, before


@before("route53", "CreateHostedZone", "DeleteReusableDelegationSet", "GetReusableDelegationSet", "ListHostedZones")
def set_exists(call: Call) -> Call | None:
    """Refuse a delegation set that isn't there.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_GetReusableDelegationSet.html
    """
    name = "DelegationSetId" if "Zone" in call.operation else "Id"
    if name not in call.parameters:
        return None
    identity = bare(call.parameters[name])
    if identity not in call.route53.delegation_sets:
        raise Refusal("NoSuchDelegationSet", f"The specified delegation set does not exist: {identity}")
    return call.with_parameters({**call.parameters, name: identity})


@answers("route53", "CreateReusableDelegationSet")
def reusable(call: Call, proceed: Proceed) -> Answer:
    """Make a set with an id and name servers as AWS gives them, or make a zone's own one reusable."""
    sets: Any = call.route53.delegation_sets
    reference = call.parameters["CallerReference"]
    if any(one.caller_reference == reference for one in sets.values()):
        words = "A delegation set with the same owner and caller reference combination has already been created."
        raise Refusal("DelegationSetAlreadyCreated", words)
    source = bare(call.parameters.get("HostedZoneId", ""))
    zone: Any = call.route53.zones.get(source)
    if source and zone is None:
        raise Refusal("HostedZoneNotFound", f"The specified hosted zone cannot be found: {source}")
    if zone is not None and zone.delegation_set.id:
        raise Refusal(
            "DelegationSetAlreadyReusable", "The specified delegation set has already been marked as reusable."
        )
    before_it = set(sets)
    proceed(call)
    made = sets.pop(next(iter(set(sets) - before_it)))
    made.id = new_id("N")
    if zone is None:
        made.name_servers = drawn()
    else:
        zone.delegation_set = made
    sets[made.id] = made
    identity = f"/delegationset/{made.id}"
    shown = {"Id": identity, "CallerReference": reference, "NameServers": made.name_servers}
    return {"DelegationSet": shown, "Location": f"https://route53.amazonaws.com/2013-04-01{identity}"}


@before("route53", "DeleteReusableDelegationSet")
def set_is_unused(call: Call) -> None:
    """Refuse while zones use it.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_DeleteReusableDelegationSet.html
    """
    doomed = call.route53.delegation_sets[bare(call.parameters["Id"])]
    zones: Any = call.route53.zones.values()
    if any(zone.delegation_set is doomed for zone in zones):
        words = "The specified delegation set contains associated hosted zones which must be deleted before the "
        raise Refusal("DelegationSetInUse", f"{words}reusable delegation set can be deleted.")


@after("route53", "ListReusableDelegationSets")
def sets_from_the_first(call: Call, answer: Answer) -> None:
    """Say where the list begins; the model requires it even where nobody asked.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListReusableDelegationSets.html
    """
    answer["Marker"] = call.parameters.get("Marker", "")
