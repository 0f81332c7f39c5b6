from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.local.aws.case import Case, route53
from tests.integration.local.aws.dns import API, GUIDE, LIMITS, LIST, ZONE, create, delete, record, upsert, wrong

RECORD_SET = f"{API}/API_ResourceRecordSet.html"
WEIGHTED = f"{GUIDE}/routing-policy-weighted.html"
LATENCY = f"{GUIDE}/routing-policy-latency.html"
FAILOVER = f"{GUIDE}/routing-policy-failover.html"
NAME = "www.example.com"
POLICIES = "Weight, Region, Failover, GeoLocation, MultiValueAnswer, CidrRoutingConfig, or GeoProximityLocation"
WHICH = "RRSet with DNS name www.example.com., type A, SetIdentifier two"


def one(identifier: str | None, value: str = "192.0.2.1", **members: Any) -> dict[str, Any]:
    return record(NAME, "A", value, SetIdentifier=identifier, **members)


SIMPLE = record(NAME, "A", "192.0.2.1")
HEALTH = route53.create_health_check(
    CallerReference="one", HealthCheckConfig={"Type": "TCP", "IPAddress": "192.0.2.1", "Port": 443}
).keep(health="HealthCheck.Id")
CHOSEN = "ResourceRecordSets[?Type=='A'].SetIdentifier"

CASES = [
    Case(
        "weighted records",
        WEIGHTED,
        ZONE,
        create(one("one", Weight=1), one("two", "192.0.2.2", Weight=255)),
        LIST.answers({"ResourceRecordSets[?Type=='A'].[SetIdentifier, Weight]": [["one", 1], ["two", 255]]}),
        upsert(one("one", Weight=0)),
        delete(one("two", "192.0.2.2", Weight=255)),
        LIST.answers({"ResourceRecordSets[?Type=='A'].[SetIdentifier, Weight]": [["one", 0]]}),
    ),
    Case(
        "a weight of 256",
        WEIGHTED,
        ZONE,
        create(one("one", Weight=256)).refused(
            "InvalidInput",
            "1 validation error detected: Value '256' at 'changeBatch.changes.1.member.resourceRecordSet.weight' "
            "failed to satisfy constraint: Member must have value less than or equal to 255",
        ),
    ),
    Case(
        "a weight without an identifier",
        RECORD_SET,
        ZONE,
        create(one(None, Weight=1)).refused(
            "InvalidInput",
            "Invalid request: Missing field 'SetIdentifier' in Change with "
            "[Action=CREATE, Name=www.example.com, Type=A, SetIdentifier=null]",
        ),
    ),
    Case(
        "an identifier without a policy",
        RECORD_SET,
        ZONE,
        create(one("one")).refused(
            "InvalidInput",
            f"Invalid request: Expected exactly one of [{POLICIES}], but found none in Change with "
            "[Action=CREATE, Name=www.example.com, Type=A, SetIdentifier=one]",
        ),
    ),
    Case(
        "two policies at once",
        RECORD_SET,
        ZONE,
        create(one("one", Weight=1, Region="eu-west-1")).refused(
            "InvalidInput",
            f"Invalid request: Expected exactly one of [{POLICIES}], but found more than one in Change with "
            "[Action=CREATE, Name=www.example.com, Type=A, SetIdentifier=one]",
        ),
    ),
    Case(
        "an identifier twice",
        RECORD_SET,
        ZONE,
        create(one("one", Weight=1)),
        create(one("one", "192.0.2.2", Weight=2)).refused(
            *wrong(
                "Tried to create resource record set [name='www.example.com.', type='A', set-identifier='one'] "
                "but it already exists"
            )
        ),
    ),
    Case(
        "deleting with another identifier",
        RECORD_SET,
        ZONE,
        create(one("one", Weight=1)),
        delete(one("two", Weight=1)).refused(
            *wrong(
                "Tried to delete resource record set [name='www.example.com.', type='A', set-identifier='two'] "
                "but it was not found"
            )
        ),
    ),
    Case(
        "deleting with another weight",
        RECORD_SET,
        ZONE,
        create(one("one", Weight=1)),
        delete(one("one", Weight=2)).refused(
            *wrong(
                "Tried to delete resource record set [name='www.example.com.', type='A', set-identifier='one'] "
                "but the values provided do not match the current values"
            )
        ),
    ),
    Case(
        "a weighted record beside a simple one",
        RECORD_SET,
        ZONE,
        create(SIMPLE),
        create(one("two", Weight=1)).refused(
            *wrong(f"{WHICH} cannot be created as a non-weighted set exists with the same name and type.")
        ),
    ),
    Case(
        "a simple record beside a weighted one",
        RECORD_SET,
        ZONE,
        create(one("one", Weight=1)),
        upsert(SIMPLE).refused(
            *wrong(
                "RRSet with DNS name www.example.com., type A cannot be created as other RRSets exist with the same "
                "name and type."
            )
        ),
    ),
    Case(
        "a simple record of another type beside a weighted one",
        RECORD_SET,
        ZONE,
        create(one("one", Weight=1)),
        create(record(NAME, "AAAA", "2001:db8::1")),
    ),
    Case(
        "a weighted record beside one by latency",
        RECORD_SET,
        ZONE,
        create(one("one", Region="eu-west-1")),
        create(one("two", Weight=1)).refused(
            *wrong(f"{WHICH} cannot be created as a non-weighted set exists with the same name and type.")
        ),
    ),
    Case(
        "weighted records of several times to live",
        RECORD_SET,
        ZONE,
        create(one("one", Weight=1)),
        create(one("two", Weight=1, TTL=300)).refused(
            *wrong(f"{WHICH} cannot be created as weighted sets must contain the same TTL.")
        ),
    ),
    Case(
        "records by latency",
        LATENCY,
        ZONE,
        create(one("one", Region="eu-west-1"), one("two", Region="us-east-1")),
        LIST.answers({"ResourceRecordSets[?Type=='A'].Region": ["eu-west-1", "us-east-1"]}),
    ),
    Case(
        "a region twice",
        LATENCY,
        ZONE,
        create(one("one", Region="eu-west-1")),
        create(one("two", Region="eu-west-1")).refused(
            *wrong(
                f"{WHICH}, and Region Name=eu-west-1 cannot be created because a latency RRSet with the same name, "
                "type and region already exists."
            )
        ),
    ),
    Case(
        "a primary and a secondary record",
        FAILOVER,
        ZONE,
        HEALTH,
        create(one("one", Failover="PRIMARY", HealthCheckId="$health"), one("two", Failover="SECONDARY")),
        LIST.answers({"ResourceRecordSets[?Type=='A'].Failover": ["PRIMARY", "SECONDARY"]}),
    ),
    Case(
        "a primary record without a health check",
        f"{GUIDE}/dns-failover-configuring-options.html",
        ZONE,
        create(one("one", Failover="PRIMARY")).refused(
            *wrong("A non-alias primary ResourceRecordSet must have an associated health check. No changes made.")
        ),
    ),
    Case(
        "two secondary records",
        FAILOVER,
        ZONE,
        create(one("one", Failover="SECONDARY")),
        create(one("two", Failover="SECONDARY")).refused(
            *wrong(
                f"{WHICH}, and Failover=SECONDARY cannot be created because a failover RRSet with the same name, type "
                "and failover type already exists."
            )
        ),
    ),
    Case(
        "a health check that isn't there",
        RECORD_SET,
        ZONE,
        create(record(NAME, "A", "192.0.2.1", HealthCheckId="abc")).refused(
            "NoSuchHealthCheck", "A health check with id abc does not exist.", status=404
        ),
    ),
    Case(
        "a health check comes and goes",
        f"{API}/API_DeleteHealthCheck.html",
        HEALTH,
        route53.list_health_checks().answers({"HealthChecks[].Id": ["$health"], "IsTruncated": False}),
        route53.delete_health_check(HealthCheckId="$health"),
        route53.delete_health_check(HealthCheckId="$health").refused(
            "NoSuchHealthCheck", "A health check with id $health does not exist.", status=404
        ),
    ),
    Case(
        "multivalue answers",
        f"{GUIDE}/routing-policy-multivalue.html",
        ZONE,
        create(one("one", MultiValueAnswer=True), one("two", "192.0.2.2", MultiValueAnswer=True)),
        LIST.answers({CHOSEN: ["one", "two"]}),
    ),
    Case(
        "a multivalue answer beside a simple record",
        f"{GUIDE}/routing-policy-multivalue.html",
        ZONE,
        create(SIMPLE),
        create(one("two", MultiValueAnswer=True)).refused(
            *wrong(
                f"{WHICH} cannot be created because a non multivalue answer rrset exists with the same name and type."
            )
        ),
    ),
    Case(
        "100 weighted records of a name and type",
        LIMITS,
        ZONE,
        create(*[one(f"n{number}", Weight=1) for number in range(100)]),
        create(one("n100", Weight=1)).refused(
            *wrong("Exceeded limit on number of weighted RRSets for www.example.com., type A in this zone.")
        ),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_routing_policies_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
