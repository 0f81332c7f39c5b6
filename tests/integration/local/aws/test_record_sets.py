from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.local.aws.case import Case, route53
from tests.integration.local.aws.dns import (
    CHANGES,
    GUIDE,
    LIST,
    NAMES,
    ZONE,
    batch,
    create,
    delete,
    record,
    upsert,
    wrong,
)

FORMAT = f"{GUIDE}/DomainNameFormat.html"
TYPES = f"{GUIDE}/ResourceRecordTypes.html"
OWN = f"{GUIDE}/SOA-NSrecords.html"

WWW = record("www.example.com", "A", "192.0.2.1")
CNAME = record("www.example.com", "CNAME", "shop.example.net.")
TEXT = record("www.example.com", "TXT", '"shop"')
ALREADY = "Tried to create resource record set [name='www.example.com.', type='A'] but it already exists"
NOT_FOUND = "Tried to delete resource record set [name='www.example.com.', type='A'] but it was not found"
MISMATCH = (
    "Tried to delete resource record set [name='www.example.com.', type='A'] "
    "but the values provided do not match the current values"
)
TWICE = "The request contains an invalid set of changes for a resource record set 'A www.example.com.'"
NS_STAYS = "A HostedZone must contain at least one NS record for the zone itself."
SOA_STAYS = "A HostedZone must contain exactly one SOA record."


def conflicts(kind: str) -> str:
    return (
        f"RRSet of type {kind} with DNS name www.example.com. is not permitted because a conflicting RRSet of type "
        "CNAME with the same DNS name already exists in zone example.com."
    )


CNAME_CONFLICTS = (
    "RRSet of type CNAME with DNS name www.example.com. is not permitted as it conflicts with other records with the "
    "same DNS name in zone example.com."
)


CASES = [
    Case(
        "a batch of several types",
        CHANGES,
        ZONE,
        create(WWW, TEXT, record("api.example.com", "CNAME", "www.example.com")).answers(
            {"ChangeInfo.Status": "PENDING"}
        ),
        LIST.answers({"ResourceRecordSets[].Type": ["NS", "SOA", "CNAME", "A", "TXT"]}),
        route53.get_hosted_zone(Id="$zone").answers({"HostedZone.ResourceRecordSetCount": 5}),
    ),
    Case("creating a record twice", CHANGES, ZONE, create(WWW), create(WWW).refused(*wrong(ALREADY), status=400)),
    Case(
        "creating a record that has other values",
        CHANGES,
        ZONE,
        create(WWW),
        create(record("WWW.example.com.", "A", "192.0.2.2", TTL=300)).refused(*wrong(ALREADY)),
        LIST.answers({"ResourceRecordSets[?Type=='A'].ResourceRecords[].Value": ["192.0.2.1"]}),
    ),
    Case(
        "creating a record anew that was made and deleted before",
        CHANGES,
        ZONE,
        create(WWW, record("zzz.example.com", "A", "192.0.2.9")),
        delete(WWW),
        create(WWW),
        LIST.answers({NAMES: ["www.example.com.", "zzz.example.com."]}),
    ),
    Case(
        "an upsert makes and replaces",
        CHANGES,
        ZONE,
        upsert(WWW),
        upsert(record("www.example.com", "A", "192.0.2.2", "192.0.2.3", TTL=300)),
        LIST.answers(
            {
                "ResourceRecordSets[?Type=='A'].TTL": [300],
                "ResourceRecordSets[?Type=='A'].ResourceRecords[].Value": ["192.0.2.2", "192.0.2.3"],
            }
        ),
    ),
    Case("deleting what isn't there", CHANGES, ZONE, delete(WWW).refused(*wrong(NOT_FOUND))),
    Case(
        "deleting with another value",
        CHANGES,
        ZONE,
        create(WWW),
        delete(record("www.example.com", "A", "192.0.2.2")).refused(*wrong(MISMATCH)),
        LIST.answers({NAMES: ["www.example.com."]}),
    ),
    Case(
        "deleting with another time to live",
        CHANGES,
        ZONE,
        create(WWW),
        delete(record("www.example.com", "A", "192.0.2.1", TTL=61)).refused(*wrong(MISMATCH)),
    ),
    Case(
        "deleting with some of the values",
        CHANGES,
        ZONE,
        create(record("www.example.com", "A", "192.0.2.1", "192.0.2.2")),
        delete(WWW).refused(*wrong(MISMATCH)),
    ),
    Case(
        "the order of values doesn't matter to a deletion",
        CHANGES,
        ZONE,
        create(record("www.example.com", "A", "192.0.2.1", "192.0.2.2")),
        delete(record("www.example.com", "A", "192.0.2.2", "192.0.2.1")),
        LIST.answers({NAMES: []}),
    ),
    Case(
        "deleting twice",
        CHANGES,
        ZONE,
        create(WWW),
        batch(("DELETE", WWW), ("DELETE", WWW)).refused(*wrong(TWICE)),
        delete(WWW),
        delete(WWW).refused(*wrong(NOT_FOUND)),
    ),
    Case(
        "creating and upserting one record in a batch",
        CHANGES,
        ZONE,
        batch(("CREATE", WWW), ("UPSERT", WWW)).refused(*wrong(TWICE)),
    ),
    Case(
        "a record is replaced by deleting and creating it in a batch",
        CHANGES,
        ZONE,
        create(WWW),
        batch(("DELETE", WWW), ("CREATE", record("www.example.com", "A", "192.0.2.2"))),
        LIST.answers({"ResourceRecordSets[?Type=='A'].ResourceRecords[].Value": ["192.0.2.2"]}),
    ),
    Case(
        "one bad change undoes the good ones before it",
        CHANGES,
        ZONE,
        batch(("CREATE", record("api.example.com", "A", "192.0.2.7")), ("DELETE", WWW)).refused(*wrong(NOT_FOUND)),
        LIST.answers({NAMES: []}),
    ),
    Case(
        "and those after it",
        CHANGES,
        ZONE,
        create(WWW),
        batch(("CREATE", WWW), ("CREATE", record("api.example.com", "A", "192.0.2.7"))).refused(*wrong(ALREADY)),
        LIST.answers({NAMES: ["www.example.com."]}),
    ),
    Case(
        "a refusal says all that is wrong",
        CHANGES,
        ZONE,
        create(WWW),
        batch(("CREATE", WWW), ("DELETE", record("api.example.com", "A", "192.0.2.7"))).refused(
            *wrong(
                ALREADY,
                "Tried to delete resource record set [name='api.example.com.', type='A'] but it was not found",
            )
        ),
    ),
    Case(
        "a batch without changes",
        CHANGES,
        ZONE,
        batch().refused(
            "InvalidInput",
            "1 validation error detected: Value '[]' at 'changeBatch.changes' failed to satisfy constraint: "
            "Member must have length greater than or equal to 1",
        ),
    ),
    Case(
        "a CNAME beside an A record",
        f"{TYPES}#CNAMEFormat",
        ZONE,
        create(WWW),
        create(CNAME).refused(*wrong(CNAME_CONFLICTS)),
    ),
    Case(
        "an A record beside a CNAME",
        f"{TYPES}#CNAMEFormat",
        ZONE,
        create(CNAME),
        create(WWW).refused(*wrong(conflicts("A"))),
    ),
    Case(
        "an upsert beside a CNAME",
        f"{TYPES}#CNAMEFormat",
        ZONE,
        create(CNAME),
        upsert(TEXT).refused(*wrong(conflicts("TXT"))),
    ),
    Case(
        "a CNAME and a TXT record in one batch",
        f"{TYPES}#CNAMEFormat",
        ZONE,
        create(CNAME, TEXT).refused(*wrong(CNAME_CONFLICTS, conflicts("TXT"))),
        LIST.answers({NAMES: []}),
    ),
    Case(
        "a CNAME takes an A record's place in one batch",
        CHANGES,
        ZONE,
        create(WWW),
        batch(("CREATE", CNAME), ("DELETE", WWW)),
        LIST.answers({"ResourceRecordSets[].Type": ["NS", "SOA", "CNAME"]}),
    ),
    Case(
        "a CNAME at the apex",
        f"{TYPES}#CNAMEFormat",
        ZONE,
        create(record("example.com", "CNAME", "shop.example.net")).refused(
            *wrong("RRSet of type CNAME with DNS name example.com. is not permitted at apex in zone example.com.")
        ),
    ),
    Case("an A record at the apex", TYPES, ZONE, create(record("example.com", "A", "192.0.2.1"))),
    Case(
        "a name outside the zone",
        CHANGES,
        ZONE,
        create(record("www.example.net", "A", "192.0.2.1")).refused(
            *wrong("RRSet with DNS name www.example.net. is not permitted in zone example.com.")
        ),
        create(record("notexample.com", "A", "192.0.2.1")).refused(
            *wrong("RRSet with DNS name notexample.com. is not permitted in zone example.com.")
        ),
    ),
    Case(
        "the zone's own NS record is kept",
        OWN,
        ZONE,
        LIST.keep(own="ResourceRecordSets[0]"),
        delete("$own").refused(*wrong(NS_STAYS)),
        LIST.answers({"length(ResourceRecordSets)": 2}),
    ),
    Case(
        "the zone's own SOA record is kept",
        OWN,
        ZONE,
        LIST.keep(own="ResourceRecordSets[1]"),
        delete("$own").refused(*wrong(SOA_STAYS)),
    ),
    Case(
        "a second SOA record",
        OWN,
        ZONE,
        create(record("sub.example.com", "SOA", "ns1.example.net. admin.example.net. 1 2 3 4 5")).refused(
            *wrong(SOA_STAYS)
        ),
    ),
    Case(
        "a wildcard that delegates",
        FORMAT,
        ZONE,
        create(record("*.example.com", "NS", "ns1.example.net.")).refused(
            *wrong(
                "RRSet of type NS with DNS name \\052.example.com. is not permitted as a wildcard in zone example.com."
            )
        ),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_record_sets_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
