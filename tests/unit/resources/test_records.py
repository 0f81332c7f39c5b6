from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from kubewire.deferred import UNKNOWN
from kubewire.errors import RefusedError
from kubewire.faults import faults
from kubewire.model import Ref
from kubewire.provider.diff import compare
from kubewire.resources.base import Owner
from kubewire.resources.record import Record, to_listed
from kubewire.resources.record_sets import RecordsArgs, RecordsState
from kubewire.resources.records import Records

ZONE = Ref(name="example.com", id="Z1")


def address(last: int) -> Record:
    return Record(values=(f"192.0.2.{last}",))


def wire(**records: Any) -> dict[str, Any]:
    rows = {key: {"kind": "values", "values": values} for key, values in records.items()}
    return {"zone": {"name": "example.com", "id": UNKNOWN}, "records": rows}


class Zone:
    """A zone's records, as Route53 lists them: from a name on, or all."""

    def __init__(self, records: dict[str, Record]) -> None:
        self.records = [to_listed(key, record) for key, record in records.items()]

    def __call__(self, **asked: Any) -> dict[str, Any]:
        def order(record: Any) -> tuple[list[str], str]:
            return record["Name"].removesuffix(".").split(".")[::-1], record["Type"]

        start = {"Name": asked.get("StartRecordName", ""), "Type": asked.get("StartRecordType", "")}
        after = [
            record for record in sorted(self.records, key=order) if not start["Name"] or order(record) >= order(start)
        ]
        return {"ResourceRecordSets": after[: int(asked.get("MaxItems", len(after)))]}


@pytest.fixture
def zone(cloud: Any) -> Any:
    """Give what fills the zone; changes are taken in at once."""
    cloud.route53.answers["change_resource_record_sets"] = {"ChangeInfo": {"Id": "C1", "Status": "INSYNC"}}

    def fill(records: dict[str, Record]) -> None:
        cloud.route53.answers["list_resource_record_sets"] = Zone(records)

    fill({})
    return fill


def sent(cloud: Any) -> list[str]:
    return [
        f"{change['Action']} {change['ResourceRecordSet']['Name']} {change['ResourceRecordSet']['Type']}"
        for operation, asked in cloud.route53.asked
        if operation == "change_resource_record_sets"
        for change in asked["ChangeBatch"]["Changes"]
    ]


@pytest.mark.parametrize(
    ("records", "path"),
    [
        ({"www.example.com": ["192.0.2.1"]}, 'records["www.example.com"]'),
        ({"www.example.com SOA": ["x"]}, 'records["www.example.com SOA"]'),
        ({"WWW.example.com. A": ["192.0.2.1"]}, 'records["WWW.example.com. A"]'),
        ({"www.example.org A": ["192.0.2.1"]}, 'records["www.example.org A"]'),
        ({"example.com CNAME": ["a.example.net"]}, 'records["example.com CNAME"]'),
        ({"example.com NS": ["ns.example.net"]}, 'records["example.com NS"]'),
        ({"*.example.com NS": ["ns.example.net"]}, 'records["*.example.com NS"]'),
        (
            {"a.example.com CNAME": ["b.example.net"], "a.example.com A": ["192.0.2.1"]},
            'records["a.example.com CNAME"]',
        ),
        ({"a.example.com CNAME": ["b.example.net", "c.example.net"]}, 'records["a.example.com CNAME"].values'),
        ({"a.example.com A": ["192.0.2.1", "a.example.net"]}, 'records["a.example.com A"].values[1]'),
        ({"a.example.com A": ["192.0.2.1", "192.0.2.1"]}, 'records["a.example.com A"].values'),
        ({"a.example.com A": []}, 'records["a.example.com A"].values'),
    ],
)
def test_bad_input_is_told_by_its_path(records: dict[str, Any], path: str) -> None:
    given = wire(**records)
    with pytest.raises(ValidationError) as caught:
        RecordsArgs.model_validate(given)
    assert [fault.path for fault in faults(caught.value, given)] == [path]


def test_the_zone_is_named_by_its_domain() -> None:
    with pytest.raises(ValidationError) as caught:
        RecordsArgs(zone=Ref(name="the zone", id="Z1"))
    assert [fault.path for fault in faults(caught.value)] == ["zone.name"]


def test_a_kind_is_asked_for_by_name() -> None:
    given = {"zone": ZONE.to_wire(), "records": {"a.example.com A": {"values": ["192.0.2.1"]}}}
    with pytest.raises(ValidationError) as caught:
        RecordsArgs.model_validate(given)
    assert [fault.path for fault in faults(caught.value, given)] == ['records["a.example.com A"].kind']


def test_values_not_known_yet_pass() -> None:
    given = wire(**{"a.example.com CNAME": [UNKNOWN], "b.example.com A": ["192.0.2.2", UNKNOWN, "192.0.2.1"]})
    given["records"]["c.example.com A"] = {"kind": "alias", "dnsName": UNKNOWN, "hostedZoneId": UNKNOWN}
    rows = RecordsArgs.model_validate(given).to_wire()["records"]
    assert rows["b.example.com A"]["values"] == ["192.0.2.2", UNKNOWN, "192.0.2.1"]
    assert rows["c.example.com A"]["dnsName"] is UNKNOWN


def test_order_and_spelling_are_no_change() -> None:
    one = RecordsArgs.model_validate(wire(**{"a.example.com AAAA": ["2001:db8::2", "2001:db8::1"]})).to_wire()
    two = RecordsArgs.model_validate(wire(**{"a.example.com AAAA": ["2001:DB8:0::1", "2001:db8::2"]})).to_wire()
    assert not compare(RecordsArgs, one, two).changes


def test_a_create_is_one_batch_of_creations(cloud: Any, owner: Owner, zone: Any) -> None:
    zone({"theirs.example.com A": address(9)})
    args = RecordsArgs(zone=ZONE, records={"a.example.com A": address(1), "*.example.com A": address(2)})
    assert Records(cloud, owner).create(args) == "Z1"
    assert sent(cloud) == ["CREATE a.example.com. A", "CREATE *.example.com. A"]
    assert cloud.route53.operations.count("change_resource_record_sets") == 1


def test_what_a_killed_run_made_is_not_made_again(cloud: Any, owner: Owner, zone: Any) -> None:
    zone({"a.example.com A": address(1)})
    args = RecordsArgs(zone=ZONE, records={"a.example.com A": address(1), "b.example.com A": address(2)})
    Records(cloud, owner).create(args)
    assert sent(cloud) == ["CREATE b.example.com. A"]


def test_a_strangers_record_stops_all_of_it(cloud: Any, owner: Owner, zone: Any) -> None:
    zone({"a.example.com A": address(9)})
    args = RecordsArgs(zone=ZONE, records={"a.example.com A": address(1), "b.example.com A": address(2)})
    with pytest.raises(RefusedError, match=r"a\.example\.com A"):
        Records(cloud, owner).create(args)
    assert sent(cloud) == []


def test_a_record_that_a_policy_chooses_is_a_strangers(cloud: Any, owner: Owner, zone: Any) -> None:
    zone({})
    weighted = {**to_listed("a.example.com A", address(1)), "SetIdentifier": "half", "Weight": 50}
    cloud.route53.answers["list_resource_record_sets"] = {"ResourceRecordSets": [weighted]}
    args = RecordsArgs(zone=ZONE, records={"a.example.com A": address(1)})
    with pytest.raises(RefusedError, match=r"a\.example\.com A"):
        Records(cloud, owner).create(args)
    read = Records(cloud, owner).read("Z1", args)
    assert read
    assert read.records == {}


def test_what_a_create_asked_for_is_waited_for(cloud: Any, owner: Owner, zone: Any) -> None:
    zone({})
    cloud.route53.answers["change_resource_record_sets"] = {"ChangeInfo": {"Id": "C1", "Status": "PENDING"}}
    cloud.route53.answers["get_change"] = {"ChangeInfo": {"Status": "INSYNC"}}
    args = RecordsArgs(zone=ZONE, records={"a.example.com A": address(1)})
    records = Records(cloud, owner)
    records.create(args)
    assert "get_change" not in cloud.route53.operations
    records.converge("Z1", RecordsState(**dict(args)), args)
    assert cloud.route53.asked[-1] == ("get_change", {"Id": "C1"})


def test_nothing_is_asked_when_nothing_changed(cloud: Any, owner: Owner) -> None:
    args = RecordsArgs(zone=ZONE, records={"a.example.com A": address(1)})
    Records(cloud, owner).converge("Z1", RecordsState(**dict(args)), args)
    assert cloud.route53.asked == []


def test_an_update_removes_replaces_and_creates_in_one_batch(cloud: Any, owner: Owner, zone: Any) -> None:
    old = {"a.example.com A": address(1), "b.example.com A": address(2), "c.example.com A": address(3)}
    zone(old)
    new = {"a.example.com A": address(1), "b.example.com A": address(9), "d.example.com A": address(4)}
    state = RecordsState(zone=ZONE, records=old)
    Records(cloud, owner).converge("Z1", state, RecordsArgs(zone=ZONE, records=new))
    assert sent(cloud) == ["UPSERT b.example.com. A", "CREATE d.example.com. A", "DELETE c.example.com. A"]
    assert cloud.route53.operations.count("change_resource_record_sets") == 1


@pytest.mark.usefixtures("zone")
def test_a_changed_value_alone_needs_no_look(cloud: Any, owner: Owner) -> None:
    state = RecordsState(zone=ZONE, records={"a.example.com A": address(1)})
    Records(cloud, owner).converge("Z1", state, RecordsArgs(zone=ZONE, records={"a.example.com A": address(2)}))
    assert cloud.route53.operations == ["change_resource_record_sets"]


def test_few_are_looked_up_by_name_and_many_listed(cloud: Any, owner: Owner, zone: Any) -> None:
    few = {f"a{index}.example.com A": address(index) for index in range(10)}
    zone(few)
    args = RecordsArgs(zone=ZONE, records=few)
    assert Records(cloud, owner).read("Z1", args) == RecordsState(**dict(args))
    assert len(cloud.route53.asked) == 10
    many = {f"b{index}.example.com A": address(index) for index in range(11)}
    zone(many)
    cloud.route53.asked.clear()
    args = RecordsArgs(zone=ZONE, records=many)
    assert Records(cloud, owner).read("Z1", args) == RecordsState(**dict(args))
    assert cloud.route53.asked == [("list_resource_record_sets", {"HostedZoneId": "Z1"})]


def test_a_delete_is_exact_and_spares_what_others_changed(cloud: Any, owner: Owner, zone: Any) -> None:
    zone({"a.example.com A": address(1), "b.example.com A": address(9)})
    rows = {"a.example.com A": address(1), "b.example.com A": address(2), "gone.example.com A": address(3)}
    Records(cloud, owner).delete("Z1", RecordsState(zone=ZONE, records=rows))
    assert sent(cloud) == ["DELETE a.example.com. A"]
