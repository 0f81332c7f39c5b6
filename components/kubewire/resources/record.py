"""One DNS record: values, or an alias to a name of AWS's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field

from kubewire.deferred import Later
from kubewire.model import Model
from kubewire.resources.dns_names import listed, record_name_of_host
from kubewire.resources.record_routing import AmongOthers, routing_of, write_routing
from kubewire.resources.record_values import RecordType, from_route53, to_route53
from kubewire.resources.zone_records import parts_of

if TYPE_CHECKING:
    from types_boto3_route53.type_defs import ResourceRecordSetOutputTypeDef, ResourceRecordSetTypeDef


class Record(Model):
    """What a name is, in the words of the record's type."""

    kind: Literal["values"] = "values"
    """Tells it from an alias."""
    ttl: int = Field(default=300, ge=0, le=2_147_483_647)
    """Seconds that resolvers may remember it."""
    values: tuple[Later[str], ...] = Field(min_length=1)
    """The answers, in any order. Texts are written without quotes, names without the last dot."""
    routing: AmongOthers | None = None
    """How it is chosen among others of its name and type. Default: there are none."""


class AliasRecord(Model):
    """A name that answers with the addresses of one of AWS's, such as a load balancer; can stand at a zone's apex."""

    kind: Literal["alias"] = "alias"
    """Tells it from values."""
    dns_name: Later[Annotated[str, AfterValidator(record_name_of_host)]]
    """The name whose addresses it gives."""
    hosted_zone_id: Later[str]
    """The hosted zone of that name; a load balancer's `canonicalHostedZoneId`."""
    evaluate_target_health: bool = False
    """Whether it stops answering when nothing healthy is behind that name."""
    routing: AmongOthers | None = None
    """How it is chosen among others of its name and type. Default: there are none."""


AnyRecord = Annotated[Record | AliasRecord, Field(discriminator="kind")]


def from_listed(key: str, written: ResourceRecordSetOutputTypeDef) -> Record | AliasRecord | None:
    """Read a record as Route53 lists it; None for one that can't be declared here (latency, say, or a zone's SOA)."""
    _, kind = parts_of(key)
    try:
        routing = routing_of(written)
    except LookupError:
        return None
    if kind not in RecordType.__members__:
        return None
    if alias := written.get("AliasTarget"):
        return AliasRecord.model_construct(
            kind="alias",
            dns_name=listed(alias["DNSName"]),
            hosted_zone_id=alias["HostedZoneId"],
            evaluate_target_health=alias["EvaluateTargetHealth"],
            routing=routing,
        )
    values = (from_route53(RecordType(kind), value["Value"]) for value in written.get("ResourceRecords", []))
    return Record.model_construct(
        kind="values", ttl=written.get("TTL", 0), values=tuple(sorted(values)), routing=routing
    )


def to_listed(key: str, record: Record | AliasRecord) -> ResourceRecordSetTypeDef:
    """Write a record as ChangeResourceRecordSets takes it."""
    name, kind = parts_of(key)
    written: ResourceRecordSetTypeDef = {"Name": f"{name}.", "Type": RecordType(kind).value}
    write_routing(record.routing, written)
    match record:
        case AliasRecord():
            written["AliasTarget"] = {
                "DNSName": f"{record.dns_name}.",
                "HostedZoneId": record.hosted_zone_id,
                "EvaluateTargetHealth": record.evaluate_target_health,
            }
        case Record():
            written["TTL"] = record.ttl
            written["ResourceRecords"] = [{"Value": to_route53(RecordType(kind), value)} for value in record.values]
    return written
