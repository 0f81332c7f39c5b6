from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.local.aws.case import Case
from tests.integration.local.aws.dns import GUIDE, LIMITS, LIST, ZONE, create, delete, fatal, invalid, record, wrong

TYPES = f"{GUIDE}/ResourceRecordTypes.html"
UNQUOTED = "Value should be enclosed in quotation marks"


def good(title: str, kind: str, *values: str) -> Case:
    """Values that are taken, listed as they were written, and deleted."""
    made = record("www.example.com", kind, *values)
    listed = LIST.answers({"ResourceRecordSets[?Name=='www.example.com.'][].ResourceRecords[].Value": list(values)})
    return Case(title, f"{TYPES}#{kind}Format", ZONE, create(made), listed, delete(made))


def bad(title: str, kind: str, value: str, message: str) -> Case:
    """A value that is refused."""
    return Case(
        title, f"{TYPES}#{kind}Format", ZONE, create(record("www.example.com", kind, value)).refused(*wrong(message))
    )


CASES = [
    good("IPv4 addresses", "A", "192.0.2.1", "10.0.0.1"),
    bad(
        "what is no IPv4 address",
        "A",
        "192.0.2",
        invalid("ARRDATAIllegalIPv4Address", "Value is not a valid IPv4 address", "192.0.2"),
    ),
    bad(
        "an octet of 256",
        "A",
        "192.0.2.256",
        invalid("ARRDATAIllegalIPv4Address", "Value is not a valid IPv4 address", "192.0.2.256"),
    ),
    bad(
        "an IPv6 address in an A record",
        "A",
        "2001:db8::1",
        invalid("ARRDATAIllegalIPv4Address", "Value is not a valid IPv4 address", "2001:db8::1"),
    ),
    bad(
        "two addresses in one value",
        "A",
        "192.0.2.1, 192.0.2.2",
        invalid("ARRDATANotSingleField", "Value contains spaces", "192.0.2.1, 192.0.2.2"),
    ),
    Case(
        "an address twice",
        TYPES,
        ZONE,
        create(record("www.example.com", "A", "192.0.2.1", "192.0.2.1")).refused(
            *wrong("Duplicate Resource Record: '192.0.2.1'")
        ),
    ),
    Case(
        "400 values of a record",
        LIMITS,
        ZONE,
        create(record("www.example.com", "A", *[f"10.0.{number // 200}.{number % 200}" for number in range(400)])),
        create(
            record("api.example.com", "A", *[f"10.0.{number // 200}.{number % 200}" for number in range(401)])
        ).refused(*wrong("Cannot have more than 400 records in a RRSet.")),
    ),
    good("IPv6 addresses", "AAAA", "2001:db8::1", "::ffff:192.0.2.1"),
    bad(
        "an IPv4 address in an AAAA record",
        "AAAA",
        "192.0.2.1",
        invalid("AAAARRDATAIllegalIPv6Address", "Value is not a valid IPv6 address", "192.0.2.1"),
    ),
    good("another name", "CNAME", "shop.example.net"),
    good("another name with underscores", "CNAME", "_a1b2.acm-validations.aws."),
    bad(
        "another name with an empty label",
        "CNAME",
        "shop..example.net",
        f"Invalid Resource Record: '{fatal('DomainLabelEmpty', 'Domain label is empty', 'shop..example.net')}'",
    ),
    Case(
        "two other names",
        f"{TYPES}#CNAMEFormat",
        ZONE,
        create(record("www.example.com", "CNAME", "a.example.net", "b.example.net")).refused(
            *wrong("Cannot have more than 1 records in a RRSet of type CNAME.")
        ),
    ),
    good("a text", "TXT", '"v=spf1 -all"', '"it says \\"hello\\""'),
    good("a text of several strings", "TXT", f'"{"a" * 255}" "{"b" * 255}"'),
    good("a text with codes", "TXT", '"stra\\337e"'),
    good("an empty text", "TXT", '""'),
    bad("a text without quotes", "TXT", "hello", invalid("InvalidCharacterString", UNQUOTED, "hello")),
    bad("a text with half its quotes", "TXT", '"hello', invalid("InvalidCharacterString", UNQUOTED, '"hello')),
    bad(
        "a string of 256 characters",
        "TXT",
        f'"{"a" * 256}"',
        invalid("CharacterStringTooLong", "Value is too long", f'"{"a" * 256}"'),
    ),
    bad(
        "a text with a character that isn't ASCII's",
        "TXT",
        '"straße"',
        f"Invalid Resource Record: '{fatal('UnsupportedCharacter', 'Value contains unsupported characters', 'ß')}'",
    ),
    Case(
        "a value of more than 4,000 characters",
        f"{TYPES}#TXTFormat",
        ZONE,
        create(record("www.example.com", "TXT", f'"{"x" * 3999}"')).refused(
            "InvalidInput",
            f"1 validation error detected: Value '\"{'x' * 3999}\"' at "
            "'changeBatch.changes.1.member.resourceRecordSet.resourceRecords.1.member.value' failed to satisfy "
            "constraint: Member must have length less than or equal to 4000",
        ),
    ),
    good("mail servers", "MX", "10 mail1.example.net", "20 mail2.example.net."),
    bad(
        "a mail server without a priority",
        "MX",
        "mail.example.net",
        invalid("MXRRDATANotTwoFields", "MX record doesn't have 2 fields", "mail.example.net"),
    ),
    bad(
        "a mail server's priority that is no number",
        "MX",
        "high mail.example.net",
        invalid("MXRRDATAIllegalPriority", "Priority is not a number between 0 and 65535", "high mail.example.net"),
    ),
    good("a service", "SRV", "1 10 5269 xmpp.example.net", "2 10 5269 ."),
    bad(
        "a service without a port",
        "SRV",
        "1 10 xmpp.example.net",
        invalid("SRVRRDATANotFourFields", "SRV record doesn't have 4 fields", "1 10 xmpp.example.net"),
    ),
    bad(
        "a service at port 65536",
        "SRV",
        "1 10 65536 xmpp.example.net",
        invalid("SRVRRDATAIllegalPort", "Port is not a number between 0 and 65535", "1 10 65536 xmpp.example.net"),
    ),
    good("certificate authorities", "CAA", '0 issue "ca.example.net; account=1"', '128 iodef "mailto:a@example.net"'),
    bad(
        "a certificate authority without quotes",
        "CAA",
        "0 issue ca.example.net",
        invalid("InvalidCharacterString", UNQUOTED, "ca.example.net"),
    ),
    bad(
        "a certificate authority without a tag",
        "CAA",
        '0 "ca.example.net"',
        invalid("CAARRDATANotThreeFields", "CAA record doesn't have 3 fields", '0 "ca.example.net"'),
    ),
    bad(
        "flags of 256",
        "CAA",
        '256 issue "ca.example.net"',
        invalid("CAARRDATAIllegalFlags", "Flags is not a number between 0 and 255", '256 issue "ca.example.net"'),
    ),
    good("name servers of a subdomain", "NS", "ns1.example.net.", "ns2.example.net."),
    bad(
        "a name server with a space",
        "NS",
        "ns1 example.net",
        f"Invalid Resource Record: '{fatal('UnsupportedCharacter', 'Value contains unsupported characters', ' ')}'",
    ),
    good("a pointer", "PTR", "host.example.net."),
    bad(
        "a pointer to nothing",
        "PTR",
        ".",
        f"Invalid Resource Record: '{fatal('DomainNameEmpty', 'Domain name is empty', '.')}'",
    ),
    good("a naming authority pointer", "NAPTR", '100 50 "u" "E2U+sip" "!^.*$!sip:a@example.net!" .'),
    bad(
        "a delegation signer with three fields",
        "DS",
        "123 4 5",
        invalid("DSRRDATANotFourFields", "DS record doesn't have 4 fields", "123 4 5"),
    ),
    good("a service binding", "HTTPS", "1 . alpn=h2"),
    Case(
        "names are compared without case and last dot when they are deleted",
        f"{TYPES}#CNAMEFormat",
        ZONE,
        create(record("www.example.com", "CNAME", "Shop.example.net")),
        delete(record("www.example.com", "CNAME", "shop.example.net.")),
    ),
    Case(
        "a type that Route53 doesn't have",
        TYPES,
        ZONE,
        create(record("www.example.com", "LOC", "52 N")).refused(
            "InvalidInput",
            "1 validation error detected: Value 'LOC' at 'changeBatch.changes.1.member.resourceRecordSet.type' failed "
            "to satisfy constraint: Member must satisfy enum value set: [SOA, A, TXT, NS, CNAME, MX, NAPTR, PTR, SRV, "
            "SPF, AAAA, CAA, DS, TLSA, SSHFP, SVCB, HTTPS]",
        ),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=repr)
def test_record_values_are_as_on_aws(case: Case, run: Callable[[Case], None]) -> None:
    run(case)
