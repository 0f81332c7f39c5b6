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
from kubewire.resources.hosted_zone import HostedZone, HostedZoneArgs, HostedZoneState
from kubewire.resources.record import AliasRecord, Record
from kubewire.resources.record_sets import RecordsArgs, RecordsState
from kubewire.resources.records import Records

NOBODY: frozenset[str] = frozenset()
DOMAIN = "example.com"

Zones = Lifecycle[HostedZoneArgs, HostedZoneState]
Sets = Lifecycle[RecordsArgs, RecordsState]


@pytest.fixture
def route53(boto: Callable[[str], Any]) -> Any:
    return boto("route53")


@pytest.fixture
def zones(cloud: AwsCloud, owner: Owner) -> Zones:
    return Lifecycle(HostedZone(cloud, owner))


def put(route53: Any, zone: str, name: str, kind: str, value: str) -> None:
    record = {"Name": name, "Type": kind, "TTL": 60, "ResourceRecords": [{"Value": value}]}
    changes = [{"Action": "UPSERT", "ResourceRecordSet": record}]
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})


def listed(route53: Any, zone: str) -> dict[str, Any]:
    pages = route53.get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone)
    records = pages.build_full_result()["ResourceRecordSets"]
    return {f"{record['Name']} {record['Type']}": record for record in records if record["Type"] not in ("NS", "SOA")}


class TestHostedZone:
    """A zone, from its making to its end."""

    @pytest.fixture
    def vpcs(self, boto: Callable[[str], Any]) -> dict[str, str]:
        ec2 = boto("ec2")
        return {name: ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"] for name in ("one", "two")}

    def test_a_public_zone_is_made_tagged_and_read(self, zones: Zones, route53: Any, owner: Owner) -> None:
        args = HostedZoneArgs(domain="Example.COM.", comment="the shop", tags={"team": "shop"})
        zone_id, state = zones.create(args, NOBODY)
        assert "/" not in zone_id
        made = route53.get_hosted_zone(Id=zone_id)
        assert made["HostedZone"]["Name"] == "example.com."
        assert made["HostedZone"]["Config"] == {"Comment": "the shop", "PrivateZone": False}
        tagged = route53.list_tags_for_resource(ResourceType="hostedzone", ResourceId=zone_id)["ResourceTagSet"]["Tags"]
        assert {tag["Key"]: tag["Value"] for tag in tagged} == {"team": "shop", "Name": DOMAIN, **owner.tags()}
        assert set(state.name_servers) == set(made["DelegationSet"]["NameServers"])
        assert zones.read(zone_id, args) == state
        assert not compare(HostedZoneArgs, state.to_wire(), args.to_wire()).changes

    def test_a_private_zone_changes_its_vpcs(self, zones: Zones, route53: Any, vpcs: dict[str, str]) -> None:
        zone_id, state = zones.create(HostedZoneArgs(domain=DOMAIN, vpcs={"one": vpcs["one"]}), NOBODY)
        wanted = HostedZoneArgs(domain=DOMAIN, vpcs={"two": vpcs["two"]}, comment="moved")
        zones.update(zone_id, state, wanted)
        made = route53.get_hosted_zone(Id=zone_id)
        assert made["VPCs"] == [{"VPCRegion": "eu-west-1", "VPCId": vpcs["two"]}]
        assert made["HostedZone"]["Config"] == {"Comment": "moved", "PrivateZone": True}
        read = zones.read(zone_id, wanted)
        assert read
        assert read.vpcs == wanted.vpcs

    def test_is_found_again_by_its_caller_reference(self, zones: Zones, cloud: AwsCloud, route53: Any) -> None:
        args = HostedZoneArgs(domain=DOMAIN)
        route53.create_hosted_zone(Name=DOMAIN, CallerReference="a stranger's")
        stranger = Owner(stack="shop/prod", resource="kubewire:index:Thing/main")
        Lifecycle(HostedZone(cloud, stranger)).create(args, NOBODY)
        first, _ = zones.create(args, NOBODY)
        second, _ = zones.create(args, NOBODY)
        assert first == second
        assert len(route53.list_hosted_zones()["HostedZones"]) == 3

    def test_is_imported_by_its_id(self, zones: Zones, route53: Any) -> None:
        made = route53.create_hosted_zone(Name=DOMAIN, CallerReference="a stranger's")
        found = zones.read(made["HostedZone"]["Id"].removeprefix("/hostedzone/"), None)
        assert found
        assert (found.domain, found.private, found.ownership) == (DOMAIN, False, {})

    def test_is_not_deleted_with_others_records(self, zones: Zones, route53: Any) -> None:
        zone_id, state = zones.create(HostedZoneArgs(domain=DOMAIN), NOBODY)
        put(route53, zone_id, "www.example.com", "A", "192.0.2.1")
        with pytest.raises(RefusedError) as caught:
            zones.delete(zone_id, state)
        assert "www.example.com A" in caught.value.detail
        assert "NS" not in caught.value.detail

    def test_deleting_it_twice_is_fine(self, zones: Zones, route53: Any) -> None:
        zone_id, state = zones.create(HostedZoneArgs(domain=DOMAIN), NOBODY)
        zones.delete(zone_id, state)
        zones.delete(zone_id, state)
        assert route53.list_hosted_zones()["HostedZones"] == []
        assert zones.read(zone_id, None) is None


class TestRecords:
    """One owner's records beside others'."""

    @pytest.fixture
    def zone(self, zones: Zones) -> Ref:
        zone_id, _ = zones.create(HostedZoneArgs(domain=DOMAIN), NOBODY)
        return Ref(name=DOMAIN, id=zone_id)

    @pytest.fixture
    def sets(self, cloud: AwsCloud, owner: Owner) -> Sets:
        return Lifecycle(Records(cloud, owner))

    @pytest.fixture
    def args(self, zone: Ref) -> RecordsArgs:
        records = {
            "www.example.com CNAME": Record(values=("shop.elb.example.net",)),
            "*.example.com A": Record(ttl=60, values=("192.0.2.2", "192.0.2.1")),
            "example.com TXT": Record(values=('he said "hi" \\o/ ' + "é" * 200,)),
            "example.com A": AliasRecord(dns_name="shop.elb.example.net", hosted_zone_id="Z32O12XQLNTSW2"),
        }
        return RecordsArgs(zone=zone, records=records)

    def test_are_made_and_read(self, sets: Sets, args: RecordsArgs, route53: Any) -> None:
        zone_id, state = sets.create(args, NOBODY)
        assert zone_id == args.zone.id
        made = listed(route53, zone_id)
        assert set(made) == {"www.example.com. CNAME", "*.example.com. A", "example.com. TXT", "example.com. A"}
        assert made["www.example.com. CNAME"]["ResourceRecords"] == [{"Value": "shop.elb.example.net"}]
        assert made["example.com. A"]["AliasTarget"]["HostedZoneId"] == "Z32O12XQLNTSW2"
        text = made["example.com. TXT"]["ResourceRecords"][0]["Value"]
        assert text.startswith('"he said \\"hi\\" \\\\o/ \\303\\251')
        assert sets.read(zone_id, args) == state
        assert not compare(RecordsArgs, state.to_wire(), args.to_wire()).changes

    def test_rows_come_go_and_change_beside_others(self, sets: Sets, args: RecordsArgs, route53: Any) -> None:
        zone_id, state = sets.create(args, NOBODY)
        put(route53, zone_id, "theirs.example.com", "A", "192.0.2.9")
        rows = {
            "www.example.com A": Record(values=("192.0.2.3",)),
            "example.com TXT": Record(values=("plain",)),
            "example.com A": args.records["example.com A"],
        }
        wanted = args.model_copy(update={"records": rows})
        sets.update(zone_id, state, wanted)
        made = listed(route53, zone_id)
        assert set(made) == {"www.example.com. A", "example.com. TXT", "example.com. A", "theirs.example.com. A"}
        assert made["example.com. TXT"]["ResourceRecords"] == [{"Value": '"plain"'}]
        assert sets.read(zone_id, wanted) == state.model_copy(update=dict(wanted))

    def test_a_strangers_record_is_never_overwritten(self, sets: Sets, args: RecordsArgs, route53: Any) -> None:
        put(route53, args.zone.id, "www.example.com", "CNAME", "elsewhere.example.net")
        with pytest.raises(RefusedError, match=r"www\.example\.com CNAME"):
            sets.create(args, NOBODY)
        made = listed(route53, args.zone.id)
        assert list(made) == ["www.example.com. CNAME"]
        assert made["www.example.com. CNAME"]["ResourceRecords"] == [{"Value": "elsewhere.example.net"}]

    def test_nor_in_an_update(self, sets: Sets, args: RecordsArgs, route53: Any) -> None:
        zone_id, state = sets.create(args, NOBODY)
        put(route53, zone_id, "new.example.com", "A", "192.0.2.9")
        rows = {**args.records, "new.example.com A": Record(values=("192.0.2.3",))}
        with pytest.raises(PartlyCreatedError, match=r"new\.example\.com A"):
            sets.update(zone_id, state, args.model_copy(update={"records": rows}))

    def test_what_a_killed_run_made_is_taken_over(self, sets: Sets, args: RecordsArgs, route53: Any) -> None:
        sets.create(args, NOBODY)
        before = listed(route53, args.zone.id)
        sets.create(args, NOBODY)
        assert listed(route53, args.zone.id) == before

    def test_many_are_found_in_one_list(self, sets: Sets, zone: Ref, route53: Any) -> None:
        rows = {f"host-{index}.example.com A": Record(values=("192.0.2.1",)) for index in range(1100)}
        args = RecordsArgs(zone=zone, records=rows)
        zone_id, state = sets.create(args, NOBODY)
        assert len(listed(route53, zone_id)) == 1100
        assert state.records == args.records
        sets.delete(zone_id, state)
        assert listed(route53, zone_id) == {}

    def test_an_import_takes_all_but_the_zones_own(self, sets: Sets, zone: Ref, route53: Any) -> None:
        put(route53, zone.id, "www.example.com", "CNAME", "Elsewhere.example.net.")
        found = sets.read(zone.id, None)
        assert found
        assert found.zone == zone
        assert found.records == {"www.example.com CNAME": Record(ttl=60, values=("elsewhere.example.net",))}

    def test_one_removed_behind_our_back_shows_and_comes_back(
        self, sets: Sets, args: RecordsArgs, route53: Any
    ) -> None:
        zone_id, _ = sets.create(args, NOBODY)
        gone = listed(route53, zone_id)["www.example.com. CNAME"]
        changes = [{"Action": "DELETE", "ResourceRecordSet": gone}]
        route53.change_resource_record_sets(HostedZoneId=zone_id, ChangeBatch={"Changes": changes})
        read = sets.read(zone_id, args)
        assert read
        changed = compare(RecordsArgs, read.to_wire(), args.to_wire()).changes
        assert list(changed) == ['records["www.example.com CNAME"]']
        sets.update(zone_id, read, args)
        assert "www.example.com. CNAME" in listed(route53, zone_id)

    def test_deleting_leaves_what_others_changed(self, sets: Sets, args: RecordsArgs, route53: Any) -> None:
        zone_id, state = sets.create(args, NOBODY)
        put(route53, zone_id, "www.example.com", "CNAME", "elsewhere.example.net")
        sets.delete(zone_id, state)
        assert list(listed(route53, zone_id)) == ["www.example.com. CNAME"]

    def test_they_are_gone_with_their_zone(self, sets: Sets, args: RecordsArgs) -> None:
        absent = args.model_copy(update={"zone": Ref(name=DOMAIN, id="ZNOSUCHZONE")})
        assert sets.read(absent.zone.id, absent) is None
