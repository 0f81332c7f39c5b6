"""What cases of Route53 share: a zone, batches of changes, and how AWS refuses them."""

from __future__ import annotations

from typing import Any

from tests.integration.local.aws.case import Step, ec2, route53

API = "https://docs.aws.amazon.com/Route53/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide"
CHANGES = f"{API}/API_ChangeResourceRecordSets.html"
LIMITS = f"{GUIDE}/DNSLimitations.html"

Written = dict[str, Any] | str
"""A record set, or the name that one was kept under."""

ZONE = route53.create_hosted_zone(Name="example.com", CallerReference="zone").keep(zone="HostedZone.Id")
BARE = (
    # An answer that names a zone by its bare id: that of the next, where there is one before it.
    route53.create_hosted_zone(Name="example.aero", CallerReference="before"),
    route53.list_hosted_zones_by_name(MaxItems="1").keep(bare="NextHostedZoneId"),
)
VPC = ec2.create_vpc(CidrBlock="10.0.0.0/16").keep(vpc="Vpc.VpcId")
OTHER_VPC = ec2.create_vpc(CidrBlock="10.1.0.0/16").keep(other="Vpc.VpcId")
LIST = route53.list_resource_record_sets(HostedZoneId="$zone")
NAMES = "ResourceRecordSets[?Type!='NS' && Type!='SOA'].Name"


def at(vpc: str, region: str = "eu-west-1") -> dict[str, str]:
    """A VPC as Route53 takes it."""
    return {"VPCRegion": region, "VPCId": vpc}


def record(name: str, kind: str, *values: str, **members: Any) -> dict[str, Any]:
    """A record set: of values with a TTL, unless its members say something else."""
    plain = {"TTL": 60, "ResourceRecords": [{"Value": value} for value in values]} if values else {}
    chosen = {key: member for key, member in {**plain, **members}.items() if member is not None}
    return {"Name": name, "Type": kind, **chosen}


def alias(name: str, kind: str, target: str, zone: str = "$bare", **members: Any) -> dict[str, Any]:
    """An alias; its zone's id is taken bare alone."""
    to = {"HostedZoneId": zone, "DNSName": target, "EvaluateTargetHealth": False}
    return record(name, kind, AliasTarget=to, **members)


def create(*written: Written) -> Step:
    """A batch that makes record sets."""
    return batch(*(("CREATE", one) for one in written))


def upsert(*written: Written) -> Step:
    """A batch that makes or replaces record sets."""
    return batch(*(("UPSERT", one) for one in written))


def delete(*written: Written) -> Step:
    """A batch that deletes record sets."""
    return batch(*(("DELETE", one) for one in written))


def batch(*changes: tuple[str, Written]) -> Step:
    """Any batch."""
    written = [{"Action": action, "ResourceRecordSet": one} for action, one in changes]
    return route53.change_resource_record_sets(HostedZoneId="$zone", ChangeBatch={"Changes": written})


def wrong(*messages: str) -> tuple[str, str]:
    """How AWS refuses a batch."""
    return "InvalidChangeBatch", f"[{', '.join(messages)}]"


def fatal(problem: str, words: str, value: str) -> str:
    """What AWS says of a name."""
    return f"FATAL problem: {problem} ({words}) encountered with '{value}'"


def invalid(problem: str, words: str, value: str) -> str:
    """What AWS says of a record's value."""
    return f"Invalid Resource Record: '{fatal(problem, words, value)}'"
