"""Changes: pending until all of Route53's name servers answer with them.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_GetChange.html
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Final

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.durations import duration
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.route53.account import bare, new_id, noted, zone_of
from kubewire.local.aws.rules import Proceed, after, answers, before

# "Changes generally propagate to all Route 53 name servers managing the hosted zone within 60 seconds."
_PROPAGATION: Final = "https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html"
INSYNC: Final = duration("route53.insync", aws=60.0, page=_PROPAGATION)
# How long a zone is busy with a change. AWS answers when it no longer is, so one caller alone never meets it.
_BUSY: Final = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html"
PROCESSED: Final = duration("route53.processed", aws=0.0, page=_BUSY)

_CHANGE: Final = ("AssociateVPCWithHostedZone", "ChangeResourceRecordSets", "DeleteHostedZone")


@dataclass
class _Changes:
    by_id: dict[str, Answer] = field(default_factory=dict)


@dataclass
class _Busy:
    zones: set[str] = field(default_factory=set)


@after("route53", *_CHANGE, "CreateHostedZone", "DisassociateVPCFromHostedZone")
def submitted(call: Call, answer: Answer) -> None:
    """Answer with a change of its own, pending."""
    identity = new_id("C")
    info: Answer = {"Id": f"/change/{identity}", "Status": "PENDING", "SubmittedAt": call.emulator.clock.date}
    batch = call.parameters.get("ChangeBatch", call.parameters)
    if "Comment" in batch:
        info["Comment"] = batch["Comment"]
    answer["ChangeInfo"] = dict(info)
    noted(call, _Changes).by_id[identity] = info
    call.later(INSYNC, partial(info.update, {"Status": "INSYNC"}))


@answers("route53", "GetChange")
def change(call: Call, proceed: Proceed) -> Answer:  # noqa: ARG001 - moto has no changes
    """Answer with the change as it is now."""
    identity = call.parameters["Id"]
    info = noted(call, _Changes).by_id.get(bare(identity))
    if info is None:
        raise Refusal("NoSuchChange", f"Could not find resource with ID: {identity}")
    return {"ChangeInfo": dict(info)}


@before("route53", *_CHANGE, "ChangeTagsForResource", "UpdateHostedZoneComment")
def one_at_a_time(call: Call) -> None:
    """Refuse to change a zone while it is busy with another change.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html#limits-api-requests
    """
    named = next(call.parameters[name] for name in ("HostedZoneId", "Id", "ResourceId") if name in call.parameters)
    if bare(named) in noted(call, _Busy).zones:
        raise Refusal(
            "PriorRequestNotComplete", "The request was rejected because Route 53 was still processing a prior request."
        )


@after("route53", "ChangeResourceRecordSets")
def busy(call: Call, answer: Answer) -> None:  # noqa: ARG001 - it changes nothing in the answer
    """Keep the zone busy as long as is configured."""
    zones, identity = noted(call, _Busy).zones, zone_of(call).resource_id
    zones.add(identity)
    call.later(PROCESSED, partial(zones.discard, identity))
