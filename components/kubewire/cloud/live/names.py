"""Private hosted zones that answer in a VPC, with their records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from kubewire.prover.facts.services import (
    FailoverPolicy,
    OtherPolicy,
    Record,
    RoutingPolicy,
    SimplePolicy,
    WeightedPolicy,
    Zone,
)

if TYPE_CHECKING:
    from types_boto3_route53.type_defs import HostedZoneSummaryTypeDef, ResourceRecordSetOutputTypeDef

    from kubewire.resources.base import Cloud

OWN = ("NS", "SOA")
"""What AWS puts at the top of each zone."""
OCTAL = re.compile(r"\\(\d{3})")
"""How Route53 writes characters beside letters, digits and some signs: `\\052` is `*`.
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html"""


def zones_of(cloud: Cloud, vpc: str, region: str, key: str, balancers: Mapping[str, str]) -> Iterator[Zone]:
    """Read the zones of a VPC: a call for each hundred zones, and one for each three hundred records.

    Args:
        cloud: AWS.
        vpc: the id of the VPC.
        region: where it is.
        key: what facts call it.
        balancers: DNS names of load balancers to their keys.
    """
    for row in _listed(cloud, vpc, region):
        zone_id = row["HostedZoneId"]
        rows = cloud.route53.list_resource_record_sets(HostedZoneId=zone_id)["ResourceRecordSets"]
        domain = _plain(row["Name"])
        yield Zone(domain=domain, vpcs=(key,), records=tuple(_records(rows, domain, balancers)))


def _listed(cloud: Cloud, vpc: str, region: str) -> Iterator[HostedZoneSummaryTypeDef]:
    more: dict[str, Any] = {}
    while True:
        answer = cloud.route53.list_hosted_zones_by_vpc(VPCId=vpc, VPCRegion=region, **more)  # type: ignore[arg-type]  # any region
        yield from answer["HostedZoneSummaries"]
        if not answer.get("NextToken"):
            return
        more = {"NextToken": answer["NextToken"]}


def _records(
    rows: Iterable[ResourceRecordSetOutputTypeDef], domain: str, balancers: Mapping[str, str]
) -> Iterator[Record]:
    for row in rows:
        name, alias = _plain(row["Name"]), row.get("AliasTarget", {}).get("DNSName")
        if name == domain and row["Type"] in OWN:
            continue
        values = [str(item["Value"]) for item in row.get("ResourceRecords", [])]
        plain = tuple(_plain(value) if row["Type"] == "CNAME" else value for value in values)
        to = _plain(alias).removeprefix("dualstack.") if alias else next(iter(plain), "")
        yield Record(
            name=name,
            type=row["Type"],
            values=plain,
            alias=_plain(alias) if alias else None,
            balancer=balancers.get(to.lower()),
            policy=_policy(row),
        )


def _policy(row: ResourceRecordSetOutputTypeDef) -> RoutingPolicy:
    which = row.get("SetIdentifier")
    if which is None:
        return SimplePolicy()
    if "Weight" in row:
        return WeightedPolicy(set_identifier=which, weight=row["Weight"])
    if "Failover" in row:
        return FailoverPolicy(set_identifier=which, primary=row["Failover"] == "PRIMARY")
    return OtherPolicy(set_identifier=which)


def _plain(name: str) -> str:
    return OCTAL.sub(lambda found: chr(int(found[1], 8)), name).removesuffix(".")
