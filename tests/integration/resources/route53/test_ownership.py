"""Records with marks, in a zone that an external-dns and people write to as well."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kubewire.cloud.aws import AwsCloud
from kubewire.errors import PartlyCreatedError, RefusedError
from kubewire.model import Ref
from kubewire.provider.diff import compare
from kubewire.provider.lifecycle import Lifecycle
from kubewire.resources.base import Owner
from kubewire.resources.record import AliasRecord, Record
from kubewire.resources.record_marker import Marker, MarkNames
from kubewire.resources.record_routing import FailoverRole, FailoverRouting, WeightedRouting
from kubewire.resources.record_sets import RecordsArgs, RecordsState
from kubewire.resources.records import Records

NOBODY: frozenset[str] = frozenset()
DOMAIN = "example.com"
WWW = "www.example.com CNAME"
MARKER = Marker(resource="service/shop/front")
OURS = "heritage=external-dns,external-dns/owner=kubewire-shop/dev,external-dns/resource=service/shop/front"
THEIRS = "heritage=external-dns,external-dns/owner=default,external-dns/resource=ingress/web/front"

Sets = Lifecycle[RecordsArgs, RecordsState]


@pytest.fixture
def sets(cloud: AwsCloud, owner: Owner) -> Sets:
    return Lifecycle(Records(cloud, owner))


@pytest.fixture
def put(route53: Any, zone: Ref) -> Callable[..., None]:
    def put(name: str, kind: str, value: str, action: str = "UPSERT", **more: Any) -> None:
        said = f'"{value}"' if kind == "TXT" else value
        record = {"Name": name, "Type": kind, "TTL": 60, "ResourceRecords": [{"Value": said}], **more}
        changes = [{"Action": action, "ResourceRecordSet": record}]
        route53.change_resource_record_sets(HostedZoneId=zone.id, ChangeBatch={"Changes": changes})

    return put


@pytest.fixture
def listed(route53: Any, zone: Ref) -> Callable[[], dict[str, str]]:
    """Give what is in the zone: name, type and identifier to the value."""

    def listed() -> dict[str, str]:
        found = {}
        pages = route53.get_paginator("list_resource_record_sets")
        for record in pages.paginate(HostedZoneId=zone.id).build_full_result()["ResourceRecordSets"]:
            if record["Type"] not in ("NS", "SOA"):
                key = f"{record['Name']} {record['Type']} {record.get('SetIdentifier', '')}".strip()
                values = record.get("ResourceRecords") or [{"Value": record["AliasTarget"]["DNSName"]}]
                found[key] = values[0]["Value"]
        return found

    return listed


def args(zone: Ref, *, value: str = "lb.example.net", **more: Any) -> RecordsArgs:
    rows = {WWW: Record(values=(value,))}
    return RecordsArgs(**{"zone": zone, "records": rows, "marker": MARKER, **more})


def test_a_record_and_its_mark_come_and_go_in_one_change(sets: Sets, zone: Ref, listed: Any, put: Any) -> None:
    put("theirs.example.com", "A", "192.0.2.9")
    before = listed()
    object_id, state = sets.create(args(zone), NOBODY)
    assert listed() == before | {
        "www.example.com. CNAME": "lb.example.net",
        "cname-www.example.com. TXT": f'"{OURS}"',
    }
    assert sets.read(object_id, args(zone)) == state
    assert not compare(RecordsArgs, state.to_wire(), args(zone).to_wire()).changes
    sets.delete(object_id, state)
    assert listed() == before


def test_39_what_external_dns_has_is_never_touched(sets: Sets, zone: Ref, listed: Any, put: Any) -> None:
    put("www.example.com", "CNAME", "ingress.example.net")
    put("cname-www.example.com", "TXT", THEIRS)
    before = listed()
    for adopt in ((), (WWW,)):
        with pytest.raises(RefusedError, match=r"it belongs to default \(ingress/web/front\)"):
            sets.create(args(zone, adopt=adopt), NOBODY)
    assert listed() == before


def test_39_nor_what_it_took_over_since(sets: Sets, zone: Ref, listed: Any, put: Any) -> None:
    object_id, state = sets.create(args(zone), NOBODY)
    put("www.example.com", "CNAME", "ingress.example.net")
    put("cname-www.example.com", "TXT", THEIRS)
    before = listed()
    with pytest.raises(PartlyCreatedError, match="it belongs to default"):
        sets.update(object_id, state, args(zone, value="other.example.net"))
    found = sets.read(object_id, args(zone))
    assert found
    assert found.records == {}
    sets.delete(object_id, state)
    assert listed() == before


def test_39_what_bears_no_mark_is_a_strangers_even_if_it_says_the_same(
    sets: Sets, zone: Ref, listed: Any, put: Any
) -> None:
    put("www.example.com", "CNAME", "lb.example.net")
    before = listed()
    with pytest.raises(RefusedError, match="nobody's mark is on") as caught:
        sets.create(args(zone), NOBODY)
    assert "adopt: true" in caught.value.detail
    assert listed() == before


def test_what_a_killed_run_made_is_gone_on_with_even_to_another_value(sets: Sets, zone: Ref, listed: Any) -> None:
    sets.create(args(zone, value="first.example.net"), NOBODY)
    object_id, state = sets.create(args(zone), NOBODY)
    assert listed() == {"www.example.com. CNAME": "lb.example.net", "cname-www.example.com. TXT": f'"{OURS}"'}
    assert sets.read(object_id, args(zone)) == state


def test_row_71_what_bears_no_mark_is_taken_over_where_that_is_written(
    sets: Sets, zone: Ref, listed: Any, put: Any
) -> None:
    put("www.example.com", "CNAME", "old.example.net")
    object_id, state = sets.create(args(zone, adopt=(WWW,)), NOBODY)
    assert listed() == {"www.example.com. CNAME": "lb.example.net", "cname-www.example.com. TXT": f'"{OURS}"'}
    sets.delete(object_id, state)
    assert listed() == {}


def test_a_text_where_the_mark_belongs_is_left_alone(sets: Sets, zone: Ref, listed: Any, put: Any) -> None:
    put("cname-www.example.com", "TXT", "google-site-verification=1")
    before = listed()
    with pytest.raises(RefusedError, match="says something else"):
        sets.create(args(zone), NOBODY)
    assert listed() == before


def test_records_of_an_older_kubewire_are_marked_and_nothing_else(sets: Sets, zone: Ref, listed: Any) -> None:
    object_id, state = sets.create(args(zone, marker=None), NOBODY)
    assert listed() == {"www.example.com. CNAME": "lb.example.net"}
    state = sets.update(object_id, state, args(zone))
    assert listed() == {"www.example.com. CNAME": "lb.example.net", "cname-www.example.com. TXT": f'"{OURS}"'}
    sets.update(object_id, state, args(zone, marker=None))
    assert listed() == {"www.example.com. CNAME": "lb.example.net"}


def test_a_mark_that_somebody_removed_shows_and_comes_back(sets: Sets, zone: Ref, listed: Any, put: Any) -> None:
    object_id, _ = sets.create(args(zone), NOBODY)
    before = listed()
    put("cname-www.example.com", "TXT", OURS, "DELETE", TTL=300)
    found = sets.read(object_id, args(zone))
    assert found
    assert set(compare(RecordsArgs, found.to_wire(), args(zone).to_wire()).changes) == {"marker"}
    sets.update(object_id, found, args(zone))
    assert listed() == before


def test_row_76_a_changed_value_is_put_right_and_goes_with_the_set(
    sets: Sets, zone: Ref, listed: Any, put: Any
) -> None:
    object_id, state = sets.create(args(zone), NOBODY)
    put("www.example.com", "CNAME", "elsewhere.example.net")
    found = sets.read(object_id, args(zone))
    assert found
    assert list(compare(RecordsArgs, found.to_wire(), args(zone).to_wire()).changes) == [
        f'records["{WWW}"].ttl',
        f'records["{WWW}"].values',
    ]
    sets.update(object_id, found, args(zone))
    assert listed()["www.example.com. CNAME"] == "lb.example.net"
    put("www.example.com", "CNAME", "elsewhere.example.net")
    sets.delete(object_id, state)
    # The mark is still ours, so the record is: left behind, it would lead to a stranger.
    assert listed() == {}


def test_a_record_passes_from_one_set_of_a_stack_to_another(
    sets: Sets, cloud: AwsCloud, owner: Owner, zone: Ref, listed: Any
) -> None:
    object_id, state = sets.create(args(zone), NOBODY)
    renamed: Sets = Lifecycle(Records(cloud, Owner(owner.stack, "kubewire:index:Records/renamed")))
    taken = args(zone, value="other.example.net", marker=Marker(resource="service/shop/renamed"))
    _, after = renamed.create(taken, NOBODY)
    # The engine removes what is declared no more last.
    sets.delete(object_id, state)
    assert listed() == {
        "www.example.com. CNAME": "other.example.net",
        "cname-www.example.com. TXT": f'"{OURS.replace("front", "renamed")}"',
    }
    renamed.delete(object_id, after)
    assert listed() == {}


def test_a_record_passes_to_a_set_with_the_same_mark(
    sets: Sets, cloud: AwsCloud, owner: Owner, zone: Ref, listed: Any
) -> None:
    """A cluster's Service has the same one as that of the next cluster, or of the same one under another name."""
    object_id, state = sets.create(args(zone), NOBODY)
    renamed: Sets = Lifecycle(Records(cloud, Owner(owner.stack, "kubewire:index:Records/next.shop.front")))
    _, after = renamed.create(args(zone, value="other.example.net"), NOBODY)
    sets.delete(object_id, state)
    assert listed() == {"www.example.com. CNAME": "other.example.net", "cname-www.example.com. TXT": f'"{OURS}"'}
    renamed.delete(object_id, after)
    assert listed() == {}


def test_a_prefix_moves_the_mark(sets: Sets, zone: Ref, listed: Any) -> None:
    object_id, state = sets.create(args(zone), NOBODY)
    prefixed = Marker(resource=MARKER.resource, names=MarkNames(prefix="%{record_type}-kw."))
    state = sets.update(object_id, state, args(zone, marker=prefixed))
    assert set(listed()) == {"www.example.com. CNAME", "cname-kw.www.example.com. TXT"}
    sets.delete(object_id, state)
    assert listed() == {}


def weighted(zone: Ref, identifier: str, weight: int, value: str = "192.0.2.1", ttl: int = 300) -> RecordsArgs:
    routing = WeightedRouting(set_identifier=identifier, weight=weight)
    rows = {f"www.example.com A {identifier}": Record(values=(value,), ttl=ttl, routing=routing)}
    return RecordsArgs(zone=zone, records=rows, marker=MARKER)


def test_weighted_records_of_two_stacks_stand_side_by_side(sets: Sets, cloud: AwsCloud, zone: Ref, listed: Any) -> None:
    object_id, blue = sets.create(weighted(zone, "blue", 10), NOBODY)
    other: Sets = Lifecycle(Records(cloud, Owner("shop/prod", "kubewire:index:Records/main")))
    _, green = other.create(weighted(zone, "green", 90, "192.0.2.2"), NOBODY)
    assert {key: value for key, value in listed().items() if " A " in key} == {
        "www.example.com. A blue": "192.0.2.1",
        "www.example.com. A green": "192.0.2.2",
    }
    changed = weighted(zone, "blue", 0)
    blue = sets.update(object_id, blue, changed)
    assert sets.read(object_id, changed) == blue
    sets.delete(object_id, blue)
    assert set(listed()) == {"www.example.com. A green", "a-www.example.com. TXT green"}
    other.delete(object_id, green)
    assert listed() == {}


def test_what_cannot_stand_beside_others_is_refused_before_anything_is_asked(
    sets: Sets, cloud: AwsCloud, zone: Ref, listed: Any
) -> None:
    sets.create(weighted(zone, "blue", 10), NOBODY)
    before = listed()
    other: Sets = Lifecycle(Records(cloud, Owner("shop/prod", "kubewire:index:Records/main")))
    simple = RecordsArgs(zone=zone, records={"www.example.com A": Record(values=("192.0.2.2",))}, marker=MARKER)
    role = FailoverRouting(set_identifier="green", role=FailoverRole.SECONDARY)
    failover = RecordsArgs(zone=zone, records={"www.example.com A green": Record(values=("192.0.2.2",), routing=role)})
    for wrong, words in (
        (simple, "chosen in another way"),
        (failover, "chosen in another way"),
        (weighted(zone, "green", 1, ttl=60), "a TTL of 300"),
        (args(zone), r"www\.example\.com A blue is there"),
    ):
        with pytest.raises(RefusedError, match=words):
            other.create(wrong, NOBODY)
    assert listed() == before


def test_what_stands_in_the_way_of_one_of_several_of_the_stack_has_a_way_out(
    sets: Sets, cloud: AwsCloud, owner: Owner, zone: Ref
) -> None:
    sets.create(weighted(zone, "blue", 10), NOBODY)
    marker = Marker(resource="service/shop/api")
    for wrong in (weighted(zone, "green", 1, ttl=60), args(zone)):
        (found,) = Records(cloud, owner).refuse_present(None, wrong.model_copy(update={"marker": marker}))
        assert "leave out all but one in an update" in found.detail


def test_a_failover_of_values_and_alias(sets: Sets, zone: Ref, route53: Any, listed: Any) -> None:
    config = {"Type": "TCP", "IPAddress": "192.0.2.1", "Port": 443}
    check = route53.create_health_check(CallerReference="one", HealthCheckConfig=config)["HealthCheck"]["Id"]
    primary = FailoverRouting(set_identifier="one", role=FailoverRole.PRIMARY, health_check_id=check)
    secondary = FailoverRouting(set_identifier="two", role=FailoverRole.SECONDARY)
    rows = {
        "spare.example.com A": Record(values=("192.0.2.2",)),
        "www.example.com A one": Record(values=("192.0.2.1",), routing=primary),
        "www.example.com A two": AliasRecord(
            dns_name="spare.example.com", hosted_zone_id=zone.id, evaluate_target_health=True, routing=secondary
        ),
    }
    wanted = RecordsArgs(zone=zone, records=rows, marker=MARKER)
    object_id, state = sets.create(wanted, NOBODY)
    assert sets.read(object_id, wanted) == state
    assert len(listed()) == 6
    sets.delete(object_id, state)
    assert listed() == {}


def test_row_72_more_than_a_batch_is_ordered_so_that_nothing_dangles(sets: Sets, zone: Ref, listed: Any) -> None:
    hosts = {f"host-{index}.example.com A": Record(values=("192.0.2.1",)) for index in range(700)}
    first = AliasRecord(dns_name="host-699.example.com", hosted_zone_id=zone.id)
    wanted = RecordsArgs(zone=zone, records={"aaa.example.com A": first, **hosts}, marker=MARKER)
    object_id, state = sets.create(wanted, NOBODY)
    assert len(listed()) == 2 * 701
    sets.delete(object_id, state)
    assert listed() == {}


class TestPreview:
    """What a plan finds: nothing is asked but what is there."""

    @pytest.fixture
    def records(self, cloud: AwsCloud, owner: Owner) -> Records:
        return Records(cloud, owner)

    def test_row_69_a_strangers_record_is_found(self, records: Records, zone: Ref, put: Any) -> None:
        put("www.example.com", "CNAME", "elsewhere.example.net")
        (found,) = records.refuse_present(None, args(zone))
        assert (found.path, "adopt: true" in found.detail) == (f'records["{WWW}"]', True)
        assert records.refuse_present(None, args(zone, adopt=(WWW,))) == []

    def test_row_69_a_cname_finds_what_it_cannot_stand_beside(self, records: Records, zone: Ref, put: Any) -> None:
        put("www.example.com", "A", "192.0.2.1")
        (found,) = records.refuse_present(None, args(zone))
        assert "www.example.com A is there" in found.summary

    def test_row_69_and_a_record_the_cname_that_is_there(self, records: Records, zone: Ref, put: Any) -> None:
        put("www.example.com", "CNAME", "elsewhere.example.net")
        rows = {"www.example.com A": Record(values=("192.0.2.1",))}
        (found,) = records.refuse_present(None, args(zone, records=rows))
        assert "www.example.com CNAME is there" in found.summary

    def test_row_71_another_owners_is_found_and_cannot_be_adopted(self, records: Records, zone: Ref, put: Any) -> None:
        put("www.example.com", "CNAME", "elsewhere.example.net")
        put("cname-www.example.com", "TXT", THEIRS)
        (found,) = records.refuse_present(None, args(zone, adopt=(WWW,)))
        assert "belongs to default" in found.summary

    def test_what_stays_is_not_looked_at(self, records: Records, zone: Ref, put: Any) -> None:
        put("www.example.com", "CNAME", "elsewhere.example.net")
        assert records.refuse_present(args(zone).to_wire(), args(zone)) == []

    def test_what_is_to_be_marked_now_is_looked_at(self, records: Records, zone: Ref, put: Any) -> None:
        put("www.example.com", "CNAME", "lb.example.net")
        put("cname-www.example.com", "TXT", THEIRS)
        (found,) = records.refuse_present(args(zone, marker=None).to_wire(), args(zone))
        assert "belongs to default" in found.summary

    def test_row_69_an_alias_of_nothing_is_found(self, records: Records, zone: Ref, put: Any) -> None:
        rows = {"example.com A": AliasRecord(dns_name="www.example.com", hosted_zone_id=zone.id)}
        (found,) = records.refuse_present(None, args(zone, records=rows))
        assert "no www.example.com A to be an alias of" in found.summary
        both = {**rows, "www.example.com A": Record(values=("192.0.2.1",))}
        assert records.refuse_present(None, args(zone, records=both)) == []
        put("old.example.com", "A", "192.0.2.1")
        rows = {"example.com A": AliasRecord(dns_name="old.example.com", hosted_zone_id=zone.id)}
        fresh = Records(AwsCloud(records.cloud.config), records.owner)  # type: ignore[attr-defined]
        assert fresh.refuse_present(None, args(zone, records=rows)) == []

    def test_what_a_killed_run_made_is_no_obstacle(self, records: Records, zone: Ref, sets: Sets) -> None:
        sets.create(args(zone), NOBODY)
        assert records.refuse_present(None, args(zone)) == []

    def test_a_cname_makes_way_for_its_successor(self, records: Records, zone: Ref, sets: Sets) -> None:
        sets.create(args(zone), NOBODY)
        rows = {"www.example.com A": Record(values=("192.0.2.1",))}
        assert records.refuse_present(args(zone).to_wire(), args(zone, records=rows)) == []

    def test_a_zone_that_is_not_there_is_told(self, records: Records) -> None:
        (found,) = records.refuse_present(None, args(Ref(name=DOMAIN, id="ZNOSUCHZONE")))
        assert (found.path, "no hosted zone" in found.summary) == ("zone.id", True)

    def test_one_list_does_for_all(self, records: Records, zone: Ref, cloud: AwsCloud, owner: Owner, put: Any) -> None:
        assert records.refuse_present(None, args(zone)) == []
        put("www.example.com", "CNAME", "elsewhere.example.net")
        assert Records(cloud, owner).refuse_present(None, args(zone)) == []
