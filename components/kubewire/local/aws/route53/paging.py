"""Pages of zones and of records: they begin at an id or a name, not at a token.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListHostedZones.html
https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListHostedZonesByName.html
https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListHostedZonesByVPC.html
https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListResourceRecordSets.html
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias

from kubewire.local.aws.call import Answer, Call
from kubewire.local.aws.refusal import Refusal
from kubewire.local.aws.rules import Proceed, answers

MOST_ZONES: Final = 100
MOST_RECORDS: Final = 300
_ALL: Final = str(10**9)

Item: TypeAlias = dict[str, Any]
Place: TypeAlias = tuple[str, ...]


def _size(call: Call, most: int) -> int:
    """How long a page is: what is asked for, never more than AWS gives."""
    asked = call.parameters.get("MaxItems", str(most))
    if not asked.isdecimal() or int(asked) == 0:
        raise Refusal("InvalidInput", f"Invalid value '{asked}' for MaxItems: it must be a positive integer.")
    return min(int(asked), most)


def _page(
    items: Sequence[Item], place: Callable[[Item], Place], first: Place, size: int
) -> tuple[list[Item], Item | None]:
    """The items from a place on in their order, and the one after the page."""
    rest = sorted((item for item in items if place(item) >= first), key=place)
    return rest[:size], rest[size] if len(rest) > size else None


def reversed_labels(name: str) -> str:
    """How Route53 sorts names: com.example.www. before com.example.zzz., each with its final dot."""
    return ".".join(reversed(name.rstrip(".").split("."))) + "."


def _zone_id(zone: Item) -> str:
    return str(zone.get("Id", zone.get("HostedZoneId"))).rpartition("/")[2]


@answers("route53", "ListHostedZones")
def zones(call: Call, proceed: Proceed) -> Answer:
    """Zones from a marker on, which is the id of the first."""
    size, marker = _size(call, MOST_ZONES), call.parameters.get("Marker", "")
    everything = proceed(call.with_parameters({**call.without("Marker").parameters, "MaxItems": _ALL}))
    page, following = _page(everything["HostedZones"], lambda zone: (_zone_id(zone),), (marker,), size)
    next_marker = {"NextMarker": _zone_id(following)} if following else {}
    # The model requires a marker even where none was given.
    position = {"Marker": marker, "IsTruncated": following is not None, "MaxItems": str(size)}
    return {"HostedZones": page, **position, **next_marker}


@answers("route53", "ListHostedZonesByName")
def zones_by_name(call: Call, proceed: Proceed) -> Answer:
    """Zones from a name on, and from an id on among those of that name."""
    size, given = _size(call, MOST_ZONES), call.parameters
    if "HostedZoneId" in given and "DNSName" not in given:
        raise Refusal("InvalidInput", "If you specify HostedZoneId, you must also specify DNSName.")
    first = (reversed_labels(given["DNSName"]), given.get("HostedZoneId", "")) if "DNSName" in given else ("", "")
    everything = proceed(call.with_parameters({}))["HostedZones"]
    page, following = _page(everything, lambda zone: (reversed_labels(zone["Name"]), _zone_id(zone)), first, size)
    echoed = {name: given[name] for name in ("DNSName", "HostedZoneId") if name in given}
    after = {"NextDNSName": following["Name"], "NextHostedZoneId": _zone_id(following)} if following else {}
    return {"HostedZones": page, "IsTruncated": following is not None, "MaxItems": str(size), **echoed, **after}


@answers("route53", "ListHostedZonesByVPC")
def zones_by_vpc(call: Call, proceed: Proceed) -> Answer:
    """Zones of a VPC from a token on."""
    size, token = _size(call, MOST_ZONES), call.parameters.get("NextToken", "")
    everything = proceed(call.without("MaxItems", "NextToken"))["HostedZoneSummaries"]
    page, following = _page(everything, lambda zone: (_zone_id(zone),), (token,), size)
    next_token = {"NextToken": _zone_id(following)} if following else {}
    return {"HostedZoneSummaries": page, "MaxItems": str(size), **next_token}


@answers("route53", "ListResourceRecordSets")
def records(call: Call, proceed: Proceed) -> Answer:
    """Records from a name, a type and an identifier on."""
    size, given = _size(call, MOST_RECORDS), call.parameters
    start = [given.get(name, "") for name in ("StartRecordName", "StartRecordType", "StartRecordIdentifier")]
    for later, needed in (("StartRecordType", "StartRecordName"), ("StartRecordIdentifier", "StartRecordType")):
        if later in given and needed not in given:
            raise Refusal("InvalidInput", f"If you specify {later}, you must also specify {needed}.")
    first = (reversed_labels(start[0]), *start[1:]) if start[0] else ("", "", "")
    asked = {"HostedZoneId": given["HostedZoneId"], "MaxItems": _ALL}
    everything = proceed(call.with_parameters(asked))["ResourceRecordSets"]
    page, following = _page(everything, _record_place, first, size)
    after = {}
    if following:
        after = {"NextRecordName": following["Name"], "NextRecordType": following["Type"]}
        if "SetIdentifier" in following:
            after["NextRecordIdentifier"] = following["SetIdentifier"]
    return {"ResourceRecordSets": page, "IsTruncated": following is not None, "MaxItems": str(size), **after}


def _record_place(record: Item) -> Place:
    return reversed_labels(record["Name"]), record["Type"], record.get("SetIdentifier", "")
