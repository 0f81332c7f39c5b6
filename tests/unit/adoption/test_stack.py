from __future__ import annotations

import json

import pytest

from kubewire.adoption.stack import Stack
from kubewire.errors import InvalidInputError
from tests.unit.adoption.things import stack, state


def test_a_state_says_network_provider_and_what_is_there() -> None:
    known = stack()
    assert (known.network, known.vpc, known.subnets) == ("main", "vpc-1", frozenset({"subnet-a"}))
    assert known.settings == {"region": "eu-west-1"}
    assert (known.provider, known.kubernetes) == (None, None)
    assert "vpc-1" in known.ids.values()


def test_what_waits_for_its_deletion_is_not_there() -> None:
    urn = "urn:pulumi:dev::shop::kubewire:index:Vpc::old"
    assert urn not in stack({"urn": urn, "type": "kubewire:index:Vpc", "id": "vpc-9", "delete": True}).ids


@pytest.mark.parametrize(
    ("networks", "named", "said"),
    [
        ((), None, "the stack has no network yet"),
        (("a", "b"), None, "it must be clear which network it is in"),
        (("a", "b"), "c", "the stack has no network c"),
    ],
)
def test_it_must_be_clear_which_network(networks: tuple[str, ...], named: str | None, said: str) -> None:
    with pytest.raises(InvalidInputError, match=said):
        Stack.read(state(networks=networks), named)


def test_one_of_several_networks_is_named() -> None:
    assert Stack.read(state(networks=("a", "b")), "b").network == "b"


def test_an_empty_stack_has_no_network() -> None:
    with pytest.raises(InvalidInputError, match="no network yet"):
        Stack.read(json.dumps({"deployment": {}}), None)
