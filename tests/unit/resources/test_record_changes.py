from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kubewire.errors import RefusedError
from kubewire.resources.record import AliasRecord, Record
from kubewire.resources.record_changes import batches, creation, replacement, submit, wait_in_sync


def alias(name: str) -> AliasRecord:
    return AliasRecord(dns_name=name, hosted_zone_id="Z1")


def one(index: int, size: int = 9) -> Any:
    return creation(f"host-{index}.example.com TXT", Record(values=("x" * (size - 2),)))


def apart(changes: Iterable[Any]) -> dict[str, list[Any]]:
    """Give changes of a name each."""
    return {change["ResourceRecordSet"]["Name"]: [change] for change in changes}


def test_a_thousand_values_are_one_batch() -> None:
    assert [len(batch) for batch in batches(apart(one(index) for index in range(1001)))] == [1000, 1]


def test_replacements_count_twice() -> None:
    changes = [replacement(f"host-{index}.example.com A", Record(values=("192.0.2.1",))) for index in range(501)]
    assert [len(batch) for batch in batches(apart(changes))] == [500, 1]


def test_characters_are_counted_too() -> None:
    changes = apart(one(index, 3000 + 2 * 11) for index in range(11))
    assert [len(batch) for batch in batches(changes)] == [10, 1]


def test_aliases_are_counted() -> None:
    changes = [creation(f"host-{index}.example.com A", alias("shop.elb.example.net")) for index in range(1001)]
    assert [len(batch) for batch in batches(apart(changes))] == [1000, 1]


def test_what_changes_of_one_name_is_never_torn_apart() -> None:
    units = {f"host-{index}": [one(index), one(index), one(index)] for index in range(400)}
    assert [len(batch) for batch in batches(units)] == [999, 201]


@given(st.lists(st.tuples(st.integers(1, 900), st.sampled_from(["CREATE", "UPSERT", "DELETE"])), max_size=12))
def test_39_no_batch_is_more_than_route53_takes_and_nothing_is_lost(sizes: list[tuple[int, str]]) -> None:
    units: dict[str, Any] = {}
    for index, (number, action) in enumerate(sizes):
        values = [{"Value": "x" * 30}] * (number if action != "UPSERT" else number // 2 + 1)
        record = {"Name": f"host-{index}.example.com.", "Type": "TXT", "TTL": 1, "ResourceRecords": values}
        units[f"host-{index}"] = [{"Action": action, "ResourceRecordSet": record}]
    found = list(batches(units))
    weights = [
        [len(change["ResourceRecordSet"]["ResourceRecords"]) * (1 + (change["Action"] == "UPSERT")) for change in batch]
        for batch in found
    ]
    assert all(sum(batch) <= 1000 and sum(batch) * 30 <= 32_000 for batch in weights)
    flat = [change["ResourceRecordSet"]["Name"] for batch in found for change in batch]
    assert sorted(flat) == sorted(f"{name}.example.com." for name in units)
    removed = [change["Action"] == "DELETE" for batch in found for change in batch]
    assert removed == sorted(removed)


def test_39_an_alias_comes_after_what_it_leads_to_and_goes_before_it() -> None:
    def unit(action: Any, name: str, target: str | None) -> list[Any]:
        change = creation(f"{name} A", alias(target) if target else Record(values=("192.0.2.1",)))
        return [{**change, "Action": action}]

    names = {"a.example.com": "b.example.com", "b.example.com": "c.example.com", "c.example.com": None}
    for action, order in (("CREATE", "cba"), ("DELETE", "abc")):
        (batch,) = batches({name: unit(action, name, target) for name, target in names.items()})
        assert "".join(change["ResourceRecordSet"]["Name"][0] for change in batch) == order


def test_nothing_is_no_batch() -> None:
    assert list(batches({})) == []


def test_a_change_is_waited_for_until_it_is_everywhere(cloud: Any) -> None:
    cloud.route53.answers["change_resource_record_sets"] = {"ChangeInfo": {"Id": "/change/C1", "Status": "PENDING"}}
    change = submit(cloud, "Z1", [one(1)])
    assert change == "/change/C1"
    answers = iter(["PENDING", "PENDING", "INSYNC"])
    cloud.route53.answers["get_change"] = lambda **_: {"ChangeInfo": {"Status": next(answers)}}
    wait_in_sync(cloud, change)
    assert cloud.route53.operations == ["change_resource_record_sets", *["get_change"] * 3]


def test_waiting_has_an_end(cloud: Any) -> None:
    cloud.route53.answers["get_change"] = {"ChangeInfo": {"Status": "PENDING"}}
    with pytest.raises(RefusedError, match="publish the change C1"):
        wait_in_sync(cloud, "C1")
