from __future__ import annotations

import pytest

from kubewire.deferred import UNKNOWN, is_deferred
from tests.unit.nets import Net, only_fault


class Output:
    """What a program holds of a value to come."""

    def apply(self) -> None:
        """Whatever Pulumi's does."""


class TestLater:
    @pytest.mark.parametrize("value", [UNKNOWN, Output()])
    def test_takes_what_is_to_come(self, value: object) -> None:
        assert is_deferred(value)
        assert Net.model_validate({"size": value}).to_wire()["size"] is value

    def test_validates_what_is_there(self) -> None:
        assert Net.model_validate({"size": 2.0}).size == 2
        fault = only_fault({"size": 0})
        assert (fault.path, fault.summary) == ("size", "Input should be greater than or equal to 1")
        assert fault.detail == "Given: 0."

    def test_is_what_a_reference_s_id_is(self) -> None:
        assert Net.model_validate({"vpc": {"name": "main", "id": UNKNOWN}}).to_wire()["vpc"]["id"] is UNKNOWN

    def test_is_not_what_a_reference_s_name_is(self) -> None:
        fault = only_fault({"vpc": {"name": UNKNOWN, "id": "vpc-1"}})
        assert (fault.path, fault.summary) == ("vpc.name", "must be known before the apply")

    @pytest.mark.parametrize("field", ["podCidr", "vpc", "nodes", "tags"])
    def test_a_whole_object_that_is_to_come_is_refused_by_its_path(self, field: str) -> None:
        fault = only_fault({field: UNKNOWN})
        assert (fault.path, fault.summary) == (field, "must be known before the apply")
