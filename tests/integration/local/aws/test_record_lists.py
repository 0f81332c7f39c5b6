from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.local.aws.case import Case, Step, route53
from tests.integration.local.aws.dns import API, BARE, LIST, NAMES, ZONE, create, fatal, record

RECORDS = f"{API}/API_ListResourceRecordSets.html"
ZONES = f"{API}/API_ListHostedZones.html"
BY_NAME = f"{API}/API_ListHostedZonesByName.html"
TAGS = f"{API}/API_ChangeTagsForResource.html"
EVERY = "ResourceRecordSets[].[Name, Type]"


def hosts(*names: str) -> Step:
    return create(*[record(name, "A", "192.0.2.1") for name in names])


def listed(**parameters: Any) -> Step:
    return route53.list_resource_record_sets(HostedZoneId="$zone", **parameters)


def zone(name: str) -> Step:
    return route53.create_hosted_zone(Name=name, CallerReference=name)


def tags(added: dict[str, str], *removed: str) -> Step:
    add = {"AddTags": [{"Key": key, "Value": value} for key, value in added.items()]} if added else {}
    remove = {"RemoveTagKeys": list(removed)} if removed else {}
    return route53.change_tags_for_resource(ResourceType="hostedzone", ResourceId="$bare", **add, **remove)


TAGGED = route53.list_tags_for_resource(ResourceType="hostedzone", ResourceId="$bare")
NOBODYS = route53.list_tags_for_resource(ResourceType="hostedzone", ResourceId="Z0123456789ABCDEFGHIJ")

CASES = [
    Case(
        "records are sorted by their labels from the last",
        RECORDS,
        ZONE,
        hosts("b.example.com", "z.a.example.com", "a.example.com", "example.com"),
        LIST.answers(
            {
                EVERY: [
                    ["example.com.", "A"],
                    ["example.com.", "NS"],
                    ["example.com.", "SOA"],
                    ["a.example.com.", "A"],
                    ["z.a.example.com.", "A"],
                    ["b.example.com.", "A"],
                ]
            }
        ),
    ),
    Case(
        "a hyphen and a wildcard come before the dot",
        RECORDS,
        ZONE,
        hosts("b.a.example.com", "a-b.example.com", "a.example.com", "*.example.com"),
        LIST.answers({NAMES: ["\\052.example.com.", "a-b.example.com.", "a.example.com.", "b.a.example.com."]}),
    ),
    Case(
        "300 records on a page, unless it is said otherwise, and never more",
        RECORDS,
        ZONE,
        hosts(*[f"h{number:03}.example.com" for number in range(301)]),
        LIST.answers({"length(ResourceRecordSets)": 300, "IsTruncated": True, "MaxItems": "300"}).keep(
            name="NextRecordName", type="NextRecordType"
        ),
        listed(MaxItems="1000").answers({"length(ResourceRecordSets)": 300, "NextRecordName": "$name"}),
        listed(StartRecordName="$name", StartRecordType="$type").answers(
            {
                NAMES: ["h298.example.com.", "h299.example.com.", "h300.example.com."],
                "IsTruncated": False,
                "NextRecordName": None,
            }
        ),
    ),
    Case(
        "a page of two, and the next",
        RECORDS,
        ZONE,
        hosts("a.example.com", "b.example.com"),
        listed(MaxItems="3").answers(
            {NAMES: ["a.example.com."], "NextRecordName": "b.example.com.", "NextRecordType": "A", "IsTruncated": True}
        ),
    ),
    Case(
        "from a name that isn't there",
        RECORDS,
        ZONE,
        hosts("a.example.com", "c.example.com"),
        listed(StartRecordName="B.example.com").answers({NAMES: ["c.example.com."]}),
    ),
    Case(
        "from a type on",
        RECORDS,
        ZONE,
        create(record("a.example.com", "A", "192.0.2.1"), record("a.example.com", "TXT", '"a"')),
        listed(StartRecordName="a.example.com", StartRecordType="AAAA").answers({EVERY: [["a.example.com.", "TXT"]]}),
    ),
    Case(
        "from an identifier on",
        RECORDS,
        ZONE,
        create(*[record("a.example.com", "A", "192.0.2.1", SetIdentifier=name, Weight=1) for name in ("x", "y", "z")]),
        listed(StartRecordName="a.example.com", StartRecordType="A", StartRecordIdentifier="y", MaxItems="1").answers(
            {"ResourceRecordSets[].SetIdentifier": ["y"], "NextRecordIdentifier": "z"}
        ),
    ),
    Case(
        "a wildcard can be asked for as it is",
        RECORDS,
        ZONE,
        hosts("*.example.com"),
        listed(StartRecordName="*.example.com", StartRecordType="A", MaxItems="1").answers(
            {NAMES: ["\\052.example.com."]}
        ),
    ),
    Case(
        "a type without a name",
        RECORDS,
        ZONE,
        listed(StartRecordType="A").refused(
            "InvalidInput", "If you specify StartRecordType, you must also specify StartRecordName."
        ),
    ),
    Case(
        "from what is no name",
        RECORDS,
        ZONE,
        listed(StartRecordName="a..example.com").refused(
            "InvalidInput", fatal("DomainLabelEmpty", "Domain label is empty", "a..example.com")
        ),
    ),
    Case(
        "zones by name are sorted by their labels from the last",
        BY_NAME,
        zone("b.example.com"),
        zone("example.com"),
        zone("example.aero"),
        zone("a.example.com"),
        route53.list_hosted_zones_by_name().answers(
            {"HostedZones[].Name": ["example.aero.", "example.com.", "a.example.com.", "b.example.com."]}
        ),
        route53.list_hosted_zones_by_name(DNSName="a.example.com", MaxItems="1").answers(
            {"HostedZones[].Name": ["a.example.com."], "NextDNSName": "b.example.com.", "IsTruncated": True}
        ),
    ),
    Case(
        "from an id on among the zones of a name",
        BY_NAME,
        ZONE,
        zone("example.com"),
        route53.list_hosted_zones_by_name(MaxItems="1").keep(first="HostedZones[0].Id", next="NextHostedZoneId"),
        route53.list_hosted_zones_by_name(DNSName="example.com", HostedZoneId="$next").answers(
            {"length(HostedZones)": 1, "HostedZoneId": "$next"}
        ),
    ),
    Case(
        "100 zones on a page",
        ZONES,
        *[zone(f"z{number}.example") for number in range(101)],
        route53.list_hosted_zones().answers({"length(HostedZones)": 100, "IsTruncated": True}).keep(next="NextMarker"),
        route53.list_hosted_zones(Marker="$next").answers({"length(HostedZones)": 1, "IsTruncated": False}),
        route53.list_hosted_zones_by_name().answers({"length(HostedZones)": 100, "IsTruncated": True}),
        route53.get_hosted_zone_count().answers({"HostedZoneCount": 101}),
    ),
    Case(
        "tags come, change and go",
        TAGS,
        ZONE,
        *BARE,
        tags({"team": "shop", "stage": "dev"}),
        tags({"stage": "prod"}, "team"),
        TAGGED.answers(
            {"ResourceTagSet.Tags": [{"Key": "stage", "Value": "prod"}], "ResourceTagSet.ResourceId": "$bare"}
        ),
    ),
    Case(
        "ten tags, and no more",
        TAGS,
        ZONE,
        *BARE,
        tags({f"key{number}": "" for number in range(10)}),
        tags({"one-more": ""}).refused("InvalidInput", "A resource can't have more than 10 tags."),
        tags({"one-more": ""}, "key0"),
    ),
    Case(
        "tags of AWS's own",
        TAGS,
        ZONE,
        *BARE,
        tags({"aws:stack": "shop"}).refused(
            "InvalidInput", "Tag keys that begin with 'aws:' are reserved for AWS use."
        ),
    ),
    Case(
        "a change of no tags",
        TAGS,
        ZONE,
        *BARE,
        tags({}).refused("InvalidInput", "You must specify at least one of AddTags and RemoveTagKeys."),
    ),
    Case(
        "tags of a zone that isn't there",
        f"{API}/API_ListTagsForResource.html",
        NOBODYS.refused("NoSuchHostedZone", "No hosted zone found with ID: Z0123456789ABCDEFGHIJ", status=404),
    ),
    Case(
        "tags go with their zone",
        f"{API}/API_DeleteHostedZone.html",
        ZONE,
        *BARE,
        tags({"team": "shop"}),
        route53.delete_hosted_zone(Id="$zone"),
        TAGGED.refused("NoSuchHostedZone", "No hosted zone found with ID: $bare"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_lists_of_zones_and_records_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
