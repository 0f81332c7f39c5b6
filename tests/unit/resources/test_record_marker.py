from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubewire.errors import InvalidInputError
from kubewire.resources.base import Owner
from kubewire.resources.record import AliasRecord, Record, to_listed
from kubewire.resources.record_marker import Marker, MarkNames, mark_of
from kubewire.resources.record_marks import Mark, owner_id, read_mark
from kubewire.resources.record_routing import FailoverRole, FailoverRouting, WeightedRouting
from kubewire.resources.record_values import RecordType, from_route53
from kubewire.resources.zone_records import Present
from tests.unit.resources.external_dns import Mapper, labels

DOMAIN = "example.com"
OWNER = Owner(stack="shop/dev", resource="kubewire:index:Records/main", state="0123456789abcdef")
ALIAS = AliasRecord(dns_name="shop.elb.eu-west-1.amazonaws.com", hosted_zone_id="Z2IFOLAFXWLO4F")

label = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)
host = st.lists(label, min_size=1, max_size=3).map(lambda labels: f"{'.'.join(labels)}.{DOMAIN}")
kinds = st.sampled_from(["A", "AAAA", "CNAME"])
prefixes = st.sampled_from(["", "kw-", "kw.", "%{record_type}-kw.", "kw-%{record_type}-", "_%{record_type}."])


def present(key: str, record: Any, mark: Any) -> Present:
    written: Any = to_listed(key, record)
    return Present([written, mark])


def text(name: str, said: str, **more: Any) -> Any:
    return {"Name": f"{name}.", "Type": "TXT", "TTL": 300, "ResourceRecords": [{"Value": f'"{said}"'}], **more}


def theirs(owner: str = "default") -> str:
    return f"heritage=external-dns,external-dns/owner={owner},external-dns/resource=ingress/web/front"


@given(host, kinds, prefixes)
def test_39_external_dns_names_our_marks_as_we_do_and_reads_whose_they_are(name: str, kind: str, prefix: str) -> None:
    marker, mapper = Marker(resource="service/shop/front", names=MarkNames(prefix=prefix)), Mapper(prefix)
    written = marker.names.name(f"{name} {kind}", DOMAIN)
    assert written == mapper.txt_name(name, kind)
    assert mapper.endpoint(written) == (name, kind)
    said = marker.record(ALIAS, OWNER).values[0]
    assert labels(f'"{said}"') == {"owner": owner_id(OWNER), "resource": "service/shop/front"}


@given(kinds, st.sampled_from(["%{record_type}-kw.", "_%{record_type}."]))
def test_39_an_apex_is_marked_as_external_dns_does_it_where_its_prefix_can(kind: str, prefix: str) -> None:
    assert MarkNames(prefix=prefix).name(f"{DOMAIN} {kind}", DOMAIN) == Mapper(prefix).txt_name(DOMAIN, kind)


@pytest.mark.parametrize("prefix", ["", "kw-", "kw.", "%{record_type}-kw"])
def test_39_an_apexs_mark_is_in_the_zone_whatever_the_prefix(prefix: str) -> None:
    assert MarkNames(prefix=prefix).name(f"{DOMAIN} A", DOMAIN) == "a-_apex.example.com"


def test_a_wildcards_mark_is_no_wildcard() -> None:
    names = MarkNames(wildcard_replacement="any")
    assert (
        names.name("*.example.com A", DOMAIN) == Mapper("", "any").txt_name("*.example.com", "A") == "a-any.example.com"
    )


@pytest.mark.parametrize(
    ("key", "record", "name"),
    [
        ("www.example.com A", Record(values=("192.0.2.1",)), "a-www.example.com"),
        ("www.example.com A", ALIAS, "a-www.example.com"),
        ("www.example.com A", ALIAS, "cname-www.example.com"),
        ("www.example.com AAAA", ALIAS, "aaaa-www.example.com"),
        ("www.example.com CNAME", Record(values=("x.example.net",)), "cname-www.example.com"),
        ("www.example.com A", Record(values=("192.0.2.1",)), "www.example.com"),
    ],
    ids=["A", "alias", "alias of old", "AAAA", "CNAME", "untyped of old"],
)
def test_39_what_external_dns_wrote_is_read_in_all_its_forms(key: str, record: Any, name: str) -> None:
    assert mark_of(key, DOMAIN, MarkNames(), present(key, record, text(name, theirs()))) == Mark(
        "default", "ingress/web/front"
    )


@pytest.mark.parametrize(
    ("key", "record", "mark"),
    [
        ("www.example.com A", Record(values=("192.0.2.1",)), text("cname-www.example.com", theirs())),
        ("www.example.com AAAA", ALIAS, text("www.example.com", theirs())),
        ("www.example.com A", ALIAS, text("a-www.example.com", "v=spf1 -all")),
        ("www.example.com A", ALIAS, text("a-www.example.com", theirs(), SetIdentifier="blue", Weight=1)),
        ("www.example.com A", ALIAS, text("a-other.example.com", theirs())),
    ],
    ids=["another type's", "an untyped one", "no mark", "another set's", "another name's"],
)
def test_39_a_mark_of_something_else_is_none(key: str, record: Any, mark: Any) -> None:
    assert mark_of(key, DOMAIN, MarkNames(), present(key, record, mark)) is None


@pytest.mark.parametrize("said", ["v=spf1 -all", "", "heritage=other,external-dns/owner=default", "owner=default"])
def test_a_text_that_is_no_mark(said: str) -> None:
    assert read_mark(said) is None
    assert labels(said) is None


def test_a_state_has_an_owner_of_its_own() -> None:
    ids = {
        owner_id(Owner(stack=stack, resource="r", state=state))
        for stack in ("shop/dev", "shop/prod", f"shop/{'x' * 100}1", f"shop/{'x' * 100}2")
        for state in ("0123456789abcdef", "fedcba9876543210", None)
    }
    assert len(ids) == 12
    # One string of a TXT record, with the longest names that a Service and its namespace have.
    resource = f"service/{'n' * 63}/{'s' * 63}"
    assert all(len(Mark(one, resource).text()) <= 255 for one in ids)
    assert all(not set(one) & set('," =') for one in ids)


def test_a_chosen_records_mark_is_chosen_as_well_and_needs_no_health_check() -> None:
    marker = Marker(resource="service/shop/front")
    weighted = ALIAS.model_copy(update={"routing": WeightedRouting(set_identifier="blue", weight=7)})
    failover = FailoverRouting(set_identifier="one", role=FailoverRole.PRIMARY)
    assert marker.key("www.example.com A blue", DOMAIN) == "a-www.example.com TXT blue"
    assert marker.record(weighted, OWNER).routing == WeightedRouting(set_identifier="blue", weight=7)
    primary = ALIAS.model_copy(update={"evaluate_target_health": True, "routing": failover})
    assert marker.record(primary, OWNER).routing == WeightedRouting(set_identifier="one", weight=1)


def test_a_mark_is_written_as_external_dns_quotes_it() -> None:
    written = to_listed("a-www.example.com TXT", Marker(resource="service/shop/front").record(ALIAS, OWNER))
    (value,) = written["ResourceRecords"]
    said = (
        "heritage=external-dns,external-dns/owner=kubewire-shop/dev-01234567,external-dns/resource=service/shop/front"
    )
    assert value["Value"] == f'"{said}"'
    assert from_route53(RecordType.TXT, value["Value"]) == said


@pytest.mark.parametrize("prefix", ["a b", "ä", "%{type}-", ".", "*."])
def test_a_prefix_that_no_name_can_have_is_refused(prefix: str) -> None:
    with pytest.raises(InvalidInputError, match="can't stand in a DNS name"):
        MarkNames(prefix=prefix)
