from __future__ import annotations

import pytest

from kubewire.faults import dotted
from tests.unit.nets import faults_of, only_fault


class TestFaults:
    def test_name_the_way_to_the_field(self) -> None:
        fault = only_fault({"nodes": [{"zone": "eu-1"}, {"zone": "x"}]})
        assert fault.path == "nodes[1].zone"
        assert "at least 2 characters" in fault.summary
        assert fault.detail == "Given: 'x'."

    def test_join_the_path_of_an_error_of_ours(self) -> None:
        fault = only_fault({"nodes": [{"zone": "moon"}]})
        assert str(fault) == "nodes[0].zone: no zone\n  Take one on earth."

    def test_tell_unknown_keys_and_missing_ones(self) -> None:
        assert str(only_fault({"podCird": "10.0.0.0/8"})).startswith("podCird: unknown key")
        assert str(only_fault({"nodes": [{}]})) == "nodes[0].zone: required, but not given"

    def test_come_one_for_each_field(self) -> None:
        given = {"podCidr": "10.0.0.1/8", "nodes": [{}], "more": 1}
        assert [fault.path for fault in faults_of(given)] == ["podCidr", "nodes[0].zone", "more"]

    def test_show_no_objects(self) -> None:
        assert only_fault({"nodes": {"secret": "hush"}}).detail == ""

    @pytest.mark.parametrize("key", ["Name", "aws:created", "kubewire:stack"])
    def test_keep_tags_that_are_not_the_user_s(self, key: str) -> None:
        assert f"the tag {key} is set by AWS or by kubewire itself" in str(only_fault({"tags": {key: "x"}}))


@pytest.mark.parametrize(
    ("location", "path"),
    [((), ""), (("a",), "a"), (("a", 2, "b"), "a[2].b"), ((0, "a"), "[0].a"), (("a", "10.0.0.0/8"), 'a["10.0.0.0/8"]')],
)
def test_dotted(location: tuple[int | str, ...], path: str) -> None:
    assert dotted(location) == path
