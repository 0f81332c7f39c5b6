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
from kubewire.local.aws.route53.account import bare, zone_of
from kubewire.local.aws.route53.names import MalformedError, place
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
    items: Sequence[Any], place_of: Callable[[Any], Place], first: Place, size: int
) -> tuple[list[Any], Any | None]:
    """The items from a place on in their order, and the one after the page."""
    rest = sorted((item for item in items if place_of(item) >= first), key=place_of)
    return rest[:size], rest[size] if len(rest) > size else None


def _start(name: str) -> str:
    """Where a list begins that begins at a name."""
    try:
        return place(name)
    except MalformedError as error:
        raise Refusal("InvalidInput", str(error)) from error


def _zone_id(zone: Item) -> str:
    return str(zone.get("Id", zone.get("HostedZoneId"))).rpartition("/")[2]


@answers("route53", "ListHostedZones")
def zones(call: Call, proceed: Proceed) -> Answer:
    """Zones from a marker on, which is the id of the first."""
    size, marker = _size(call, MOST_ZONES), call.parameters.get("Marker", "")
    everything = proceed(call.with_parameters({"MaxItems": _ALL}))["HostedZones"]
    wanted = [zone for zone in everything if _is_asked_for(call, zone)]
    page, following = _page(wanted, lambda zone: (_zone_id(zone),), (marker,), size)
    next_marker = {"NextMarker": _zone_id(following)} if following else {}
    # The model requires a marker even where none was given.
    position = {"Marker": marker, "IsTruncated": following is not None, "MaxItems": str(size)}
    return {"HostedZones": page, **position, **next_marker}


def _is_asked_for(call: Call, zone: Item) -> bool:
    """Whether a zone is of the type and has the delegation set that a call asks for, if it does."""
    kind, delegation = call.parameters.get("HostedZoneType"), call.parameters.get("DelegationSetId")
    made: Any = call.route53.zones[_zone_id(zone)]
    return (kind is None or made.private_zone) and (delegation is None or made.delegation_set.id == bare(delegation))


@answers("route53", "ListHostedZonesByName")
def zones_by_name(call: Call, proceed: Proceed) -> Answer:
    """Zones from a name on, and from an id on among those of that name."""
    size, given = _size(call, MOST_ZONES), call.parameters
    if "HostedZoneId" in given and "DNSName" not in given:
        raise Refusal("InvalidInput", "If you specify HostedZoneId, you must also specify DNSName.")
    first = (_start(given["DNSName"]), given.get("HostedZoneId", "")) if "DNSName" in given else ("", "")
    everything = proceed(call.with_parameters({}))["HostedZones"]
    page, following = _page(everything, lambda zone: (place(zone["Name"]), _zone_id(zone)), first, size)
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
def records(call: Call, proceed: Proceed) -> Answer:  # noqa: ARG001 - moto writes all of them for each page
    """Records from a name, a type and an identifier on."""
    size, given = _size(call, MOST_RECORDS), call.parameters
    start = [given.get(name, "") for name in ("StartRecordName", "StartRecordType", "StartRecordIdentifier")]
    for later, needed in (("StartRecordType", "StartRecordName"), ("StartRecordIdentifier", "StartRecordType")):
        if later in given and needed not in given:
            raise Refusal("InvalidInput", f"If you specify {later}, you must also specify {needed}.")
    first = (_start(start[0]), *start[1:]) if start[0] else ("", "", "")
    page, following = _page(zone_of(call).rrsets, _record_place, first, size)
    after = {}
    if following is not None:
        after = {"NextRecordName": following.name, "NextRecordType": following.type}
        if following.set_identifier is not None:
            after["NextRecordIdentifier"] = following.set_identifier
    shown = [_record(record) for record in page]
    return {"ResourceRecordSets": shown, "IsTruncated": following is not None, "MaxItems": str(size), **after}


def _record_place(record: Any) -> Place:
    return place(record.name), record.type, record.set_identifier or ""


def _record(record: Any) -> Item:
    """A record set as it is listed."""
    members = {
        "Name": record.name,
        "Type": record.type,
        "SetIdentifier": record.set_identifier,
        "Weight": record.weight,
        "Region": record.region,
        "GeoLocation": record.geo_location,
        "Failover": record.failover,
        "MultiValueAnswer": record.multi_value_answer,
        "TTL": record.ttl,
        "ResourceRecords": [{"Value": value} for value in record.records] or None,
        "AliasTarget": record.alias_target,
        "HealthCheckId": record.health_check_id,
    }
    return {name: value for name, value in members.items() if value is not None}
