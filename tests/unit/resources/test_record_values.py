from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubewire.errors import InvalidInputError
from kubewire.resources.record_values import RecordType, canonical_value, from_route53, to_route53


@pytest.mark.parametrize(
    ("kind", "value", "written"),
    [
        (RecordType.A, "192.0.2.1", "192.0.2.1"),
        (RecordType.AAAA, "2001:0DB8:0:0::1", "2001:db8::1"),
        (RecordType.CNAME, "Shop.ELB.example.net.", "shop.elb.example.net"),
        (RecordType.MX, "10  Mail.example.com.", "10 mail.example.com"),
        (RecordType.MX, "0 .", "0 ."),
        (RecordType.SRV, "1 10 5269 xmpp.example.com.", "1 10 5269 xmpp.example.com"),
        (RecordType.CAA, ' 0 issue "letsencrypt.org"', '0 issue "letsencrypt.org"'),
        (RecordType.TXT, " kept  as it is ", " kept  as it is "),
    ],
)
def test_each_value_has_one_form(kind: RecordType, value: str, written: str) -> None:
    assert canonical_value(kind, value) == written


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (RecordType.A, "2001:db8::1"),
        (RecordType.A, "192.0.2.256"),
        (RecordType.AAAA, "192.0.2.1"),
        (RecordType.CNAME, "192.0.2.1"),
        (RecordType.CNAME, "not a name"),
        (RecordType.MX, "mail.example.com"),
        (RecordType.SRV, "10 mail.example.com"),
        (RecordType.CAA, " "),
        (RecordType.TXT, '"quoted by hand"'),
        (RecordType.TXT, "é" * 1000),
    ],
)
def test_what_a_type_cannot_say_is_refused(kind: RecordType, value: str) -> None:
    with pytest.raises(InvalidInputError):
        canonical_value(kind, value)


def test_texts_are_quoted_escaped_and_cut() -> None:
    assert to_route53(RecordType.TXT, 'a "b" \\ é') == '"a \\"b\\" \\\\ \\303\\251"'
    assert to_route53(RecordType.TXT, "") == '""'
    assert to_route53(RecordType.TXT, "x" * 256) == f'"{"x" * 255}" "x"'


def test_strings_of_others_are_read_as_one_text() -> None:
    assert from_route53(RecordType.TXT, '"v=spf1 "  "-all"') == "v=spf1 -all"
    assert from_route53(RecordType.TXT, "unquoted") == "unquoted"
    assert from_route53(RecordType.CNAME, "Not A Name") == "Not A Name"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=600))
def test_route53_gives_back_every_text(text: str) -> None:
    wire = to_route53(RecordType.TXT, text)
    assert wire.isascii()
    assert wire.isprintable()
    strings = re.findall(r'"((?:[^"\\]|\\.)*)"', wire)
    assert all(len(re.sub(r"\\([0-7]{3}|.)", "x", string)) <= 255 for string in strings)
    assert from_route53(RecordType.TXT, wire) == text
