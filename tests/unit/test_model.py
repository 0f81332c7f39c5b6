from __future__ import annotations

import pytest
from pydantic import ValidationError

from kubewire.model import REPLACE, UNIQUE, Ref
from tests.unit.nets import Kind, Net, Node, only_fault


class TestWire:
    def test_is_json_with_camel_case_and_without_none(self) -> None:
        net = Net(nodes=(Node(zone="eu-1", ports={8080: Kind.WEB}),))
        assert net.to_wire() == {
            "podCidr": "10.0.0.0/8",
            "size": 1,
            "nodes": [{"zone": "eu-1", "ports": {"8080": "web"}}],
            "tags": {},
        }
        assert type(net.to_wire()["nodes"][0]["ports"]["8080"]) is str

    def test_is_read_again(self) -> None:
        net = Net(vpc=Ref(name="main", id="vpc-1"), nodes=(Node(zone="eu-1", ports={8080: Kind.WEB}),))
        assert Net.model_validate(net.to_wire()) == net

    def test_a_port_may_come_as_the_wire_s_number(self) -> None:
        assert Node.model_validate({"zone": "eu-1", "ports": {"80": "web"}}).ports == {80: Kind.WEB}
        assert "valid integer" in str(only_fault({"size": 1.5}))


class TestModel:
    def test_is_frozen(self) -> None:
        with pytest.raises(ValidationError, match="frozen"):
            Net().size = 2  # type: ignore[misc]  # that it can't be set is the test

    def test_knows_its_marks_by_their_wire_names(self) -> None:
        assert Net.marked(REPLACE) == {"podCidr", "vpc"}
        assert Net.marked(UNIQUE) == {"vpc"}

    def test_a_range_has_no_host_bits(self) -> None:
        assert "10.0.0.1/8 has host bits set" in str(only_fault({"podCidr": "10.0.0.1/8"}))
