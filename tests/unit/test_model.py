from __future__ import annotations

import pytest
from pydantic import ValidationError

from kubewire.faults import faults
from kubewire.model import REPLACE, UNIQUE, AnyCidr, Cidr6, Model, Ref
from tests.unit.nets import Kind, Net, Node, only_fault


class Ranges(Model):
    """Ranges of either family."""

    six: Cidr6
    routes: dict[AnyCidr, str] = {}


class TestRanges:
    def test_of_either_family_are_written_as_aws_writes_them(self) -> None:
        ranges = Ranges.model_validate({"six": "2001:DB8:0:0::/56", "routes": {"10.0.0.0/8": "a", "0::/0": "b"}})
        assert ranges.to_wire() == {"six": "2001:db8::/56", "routes": {"10.0.0.0/8": "a", "::/0": "b"}}
        assert Ranges.model_validate(ranges.to_wire()) == ranges

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"six": "2001:db8::1/56"}, "six: 2001:db8::1/56 has host bits set\n  Write 2001:db8::/56"),
            ({"six": "10.0.0.0/8"}, "six: Input is not a valid IPv6 network"),
            ({"six": "::/0", "routes": {"10.0.0.1/8": "a"}}, "10.0.0.1/8 has host bits set\n  Write 10.0.0.0/8"),
            ({"six": "::/0", "routes": {"2001:db8::1/32": "a"}}, "2001:db8::1/32 has host bits set"),
            ({"six": "::/0", "routes": {"out": "a"}}, "'out' is no range of addresses"),
            ({"six": "::/0", "routes": {"10.0.0.0/33": "a"}}, "'10.0.0.0/33' is no range of addresses"),
        ],
    )
    def test_a_mistake_is_told_once(self, given: dict[str, object], said: str) -> None:
        with pytest.raises(ValidationError) as caught:
            Ranges.model_validate(given)
        (fault,) = faults(caught.value, given)
        assert said in str(fault)


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
