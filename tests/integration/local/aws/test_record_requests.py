from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.local.aws.case import Case, config
from tests.integration.local.aws.dns import (
    API,
    BARE,
    GUIDE,
    LIMITS,
    LIST,
    NAMES,
    ZONE,
    alias,
    batch,
    create,
    delete,
    fatal,
    record,
    upsert,
    wrong,
)

FORMAT = f"{GUIDE}/DomainNameFormat.html"
RECORD_SET = f"{API}/API_ResourceRecordSet.html"
BATCH_LIMITS = f"{LIMITS}#limits-api-requests-changeresourcerecordsets"

WWW = record("www.example.com", "A", "192.0.2.1")
TEXT = record("www.example.com", "TXT", '"shop"')
ANSWERS = "AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId"


CASES = [
    Case(
        "a record without a time to live",
        RECORD_SET,
        ZONE,
        create(record("www.example.com", "A", "192.0.2.1", TTL=None)).refused(
            "InvalidInput",
            f"Invalid request: Expected exactly one of [{ANSWERS}], but found none in Change with "
            "[Action=CREATE, Name=www.example.com, Type=A, SetIdentifier=null]",
        ),
    ),
    Case(
        "an alias with values",
        RECORD_SET,
        ZONE,
        *BARE,
        create({**alias("www.example.com", "A", "example.com"), **WWW}).refused(
            "InvalidInput",
            f"Invalid request: Expected exactly one of [{ANSWERS}], but found more than one in Change with "
            "[Action=CREATE, Name=www.example.com, Type=A, SetIdentifier=null]",
        ),
    ),
    Case(
        "an alias with a time to live",
        RECORD_SET,
        ZONE,
        *BARE,
        create(alias("www.example.com", "A", "example.com", TTL=60)).refused(
            "InvalidInput",
            f"Invalid request: Expected exactly one of [{ANSWERS}], but found more than one in Change with "
            "[Action=CREATE, Name=www.example.com, Type=A, SetIdentifier=null]",
        ),
    ),
    Case(
        "times to live at their bounds",
        RECORD_SET,
        ZONE,
        create(
            record("a.example.com", "A", "192.0.2.1", TTL=0), record("b.example.com", "A", "192.0.2.1", TTL=2**31 - 1)
        ),
        create(record("c.example.com", "A", "192.0.2.1", TTL=2**31)).refused(
            "InvalidInput",
            "1 validation error detected: Value '2147483648' at 'changeBatch.changes.1.member.resourceRecordSet.tTL' "
            "failed to satisfy constraint: Member must have value less than or equal to 2147483647",
        ),
        create(record("c.example.com", "A", "192.0.2.1", TTL=-1)).refused(
            "InvalidInput",
            "1 validation error detected: Value '-1' at 'changeBatch.changes.1.member.resourceRecordSet.tTL' "
            "failed to satisfy constraint: Member must have value greater than or equal to 0",
        ),
    ),
    Case(
        "1,000 records in a batch",
        BATCH_LIMITS,
        ZONE,
        create(*[record(f"h{number}.example.com", "A", "192.0.2.1") for number in range(1000)]),
        create(*[record(f"i{number}.example.com", "A", "192.0.2.1") for number in range(1001)]).refused(
            *wrong("Number of records limit of 1000 exceeded.")
        ),
    ),
    Case(
        "an upsert counts twice",
        BATCH_LIMITS,
        ZONE,
        upsert(*[record(f"h{number}.example.com", "A", "192.0.2.1") for number in range(501)]).refused(
            *wrong("Number of records limit of 1000 exceeded.")
        ),
        LIST.answers({NAMES: []}),
    ),
    Case(
        "32,000 characters in a batch",
        BATCH_LIMITS,
        ZONE,
        create(*[record(f"h{number}.example.com", "TXT", f'"{"x" * 198}"') for number in range(160)]),
        create(*[record(f"i{number}.example.com", "TXT", f'"{"x" * 199}"') for number in range(160)]).refused(
            *wrong("RDATA character limit of 32000 exceeded.")
        ),
        upsert(*[record(f"i{number}.example.com", "TXT", f'"{"x" * 199}"') for number in range(80)]).refused(
            *wrong("RDATA character limit of 32000 exceeded.")
        ),
    ),
    Case(
        "as many records as a zone may have",
        LIMITS,
        config(quotas={"route53-records-per-zone": 3}),
        ZONE,
        *BARE,
        create(WWW),
        create(TEXT).refused(*wrong("Exceeded limit MAX_RRSETS_BY_ZONE for zone: $bare")),
        batch(("DELETE", WWW), ("CREATE", TEXT)),
    ),
    Case(
        "a wildcard is listed as a code",
        FORMAT,
        ZONE,
        create(record("*.example.com", "A", "192.0.2.1")),
        LIST.answers({NAMES: ["\\052.example.com."]}),
        create(record("\\052.example.com", "A", "192.0.2.1")).refused(
            *wrong("Tried to create resource record set [name='\\052.example.com.', type='A'] but it already exists")
        ),
        delete(record("*.example.com", "A", "192.0.2.1")),
    ),
    Case(
        "names are listed in lower case, with their last dot",
        FORMAT,
        ZONE,
        create(record("WwW.Example.COM", "A", "192.0.2.1"), record("_sip._tcp.example.com.", "SRV", "1 1 5060 a.b")),
        LIST.answers({NAMES: ["_sip._tcp.example.com.", "www.example.com."]}),
    ),
    Case(
        "a name with an empty label",
        FORMAT,
        ZONE,
        create(record("www..example.com", "A", "192.0.2.1")).refused(
            *wrong(fatal("DomainLabelEmpty", "Domain label is empty", "www..example.com"))
        ),
    ),
    Case(
        "a name with too long a label",
        FORMAT,
        ZONE,
        create(record(f"{'w' * 64}.example.com", "A", "192.0.2.1")).refused(
            *wrong(fatal("DomainLabelTooLong", "Domain label is too long", "w" * 64))
        ),
    ),
    Case(
        "a name with a character that isn't ASCII's",
        FORMAT,
        ZONE,
        create(record("straße.example.com", "A", "192.0.2.1")).refused(
            *wrong(fatal("UnsupportedCharacter", "Value contains unsupported characters", "ß"))
        ),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_requests_for_records_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
