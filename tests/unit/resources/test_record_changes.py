from __future__ import annotations

from typing import Any

import pytest

from kubewire.errors import RefusedError
from kubewire.resources.record import AliasRecord, Record
from kubewire.resources.record_changes import batches, creation, replacement, submit, wait_in_sync


def one(index: int, size: int = 9) -> Any:
    return creation(f"host-{index}.example.com TXT", Record(values=("x" * (size - 2),)))


def test_a_thousand_values_are_one_batch() -> None:
    assert [len(batch) for batch in batches(one(index) for index in range(1001))] == [1000, 1]


def test_replacements_count_twice() -> None:
    changes = [replacement(f"host-{index}.example.com A", Record(values=("192.0.2.1",))) for index in range(501)]
    assert [len(batch) for batch in batches(changes)] == [500, 1]


def test_characters_are_counted_too() -> None:
    assert [len(batch) for batch in batches(one(index, 3000 + 2 * 11) for index in range(11))] == [10, 1]


def test_aliases_are_counted() -> None:
    alias = AliasRecord(dns_name="shop.elb.example.net", hosted_zone_id="Z1")
    changes = [creation(f"host-{index}.example.com A", alias) for index in range(1001)]
    assert [len(batch) for batch in batches(changes)] == [1000, 1]


def test_nothing_is_no_batch() -> None:
    assert list(batches([])) == []


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
