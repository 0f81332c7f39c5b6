"""Changes that a plan ends with, though the inputs are right."""

from __future__ import annotations

from typing import Any

import pytest

from kubewire.errors import InvalidInputError
from kubewire.provider.kubewire import KubewireProvider
from kubewire.provider.protocol import Subject
from kubewire.resources.record_sets import RecordsArgs
from kubewire.resources.records import Records

SUBNET = Subject("urn:pulumi:dev::shop::kubewire:index:Subnet::main")
OLD: dict[str, Any] = {
    "name": "main",
    "tags": {},
    "vpc": {"name": "shop", "id": "vpc-1"},
    "cidr": "10.0.0.0/20",
    "zone": "eu-west-1a",
    "publicAddresses": False,
}
MOVED = {**OLD, "cidr": "10.0.16.0/20"}


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> KubewireProvider:
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    return KubewireProvider()


def test_a_preview_in_which_a_subnet_would_move_is_refused(provider: KubewireProvider) -> None:
    inputs, (failure,) = provider.check(SUBNET, OLD, MOVED)
    assert inputs == MOVED
    assert failure.path == "cidr"
    assert failure.summary == "main would move from 10.0.0.0/20 to 10.0.16.0/20"
    assert "`moves: true`" in failure.detail


def test_one_that_moves_on_purpose_is_replaced(provider: KubewireProvider) -> None:
    inputs, failures = provider.check(SUBNET, OLD, {**MOVED, "moves": True})
    assert failures == []
    assert provider.diff(Subject(SUBNET.urn, "subnet-1"), OLD, inputs).replaces == {"cidr"}


def test_a_new_one_or_an_imported_one_is_anywhere(provider: KubewireProvider) -> None:
    assert provider.check(SUBNET, {}, MOVED)[1] == []


def test_one_that_stays_changes_otherwise(provider: KubewireProvider) -> None:
    assert provider.check(SUBNET, OLD, {**OLD, "publicAddresses": True, "name": "other"})[1] == []


def test_a_mistake_is_told_before_a_refused_change(provider: KubewireProvider) -> None:
    _, failures = provider.check(SUBNET, OLD, {**MOVED, "cidr": "10.0.16.1/20"})
    assert [failure.summary for failure in failures] == ["10.0.16.1/20 has host bits set"]


class Taken(Records):
    """Records that others have already; what is there is asked in every plan."""

    def refuse_present(self, old: Any, new: RecordsArgs) -> list[InvalidInputError]:
        there = sorted(new.records.keys() - (old or {}).get("records", {}))
        return [InvalidInputError(f"{key} is there", path="records") for key in there]


def test_what_others_made_is_told_in_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    provider = KubewireProvider({Taken.token(): Taken})
    subject = Subject(f"urn:pulumi:dev::shop::{Taken.token()}::main")
    row = {"kind": "values", "ttl": 60, "values": ["192.0.2.1"]}
    new = {"zone": {"name": "example.com", "id": "Z1"}, "records": {"a.example.com A": row}}
    _, failures = provider.check(subject, {}, new)
    assert [failure.summary for failure in failures] == ["a.example.com A is there"]
    assert provider.check(subject, new, new)[1] == []
