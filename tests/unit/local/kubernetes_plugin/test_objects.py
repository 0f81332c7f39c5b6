"""Questions asked of any object."""

from __future__ import annotations

from typing import Any

import pytest

from kubewire.deferred import UNKNOWN
from kubewire.local.kubernetes_plugin.checkpoint import Checkpoint
from kubewire.local.kubernetes_plugin.objects import Address, has_unknown, pruned
from kubewire.local.kubernetes_plugin.reading import importable


@pytest.mark.parametrize(("written", "address"), [("shop/web", Address("web", "shop")), ("shop", Address("shop"))])
def test_an_id_is_an_address(written: str, address: Address) -> None:
    assert Address.parse(written) == address
    assert str(address) == written


def test_unknowns_are_found_at_any_depth() -> None:
    assert has_unknown({"a": [{"b": UNKNOWN}]})
    assert not has_unknown({"a": [{"b": "UNKNOWN"}]})


@pytest.mark.parametrize(
    ("live", "shape", "kept"),
    [
        ({"a": 1, "b": 2}, {"a": 0}, {"a": 1}),
        ({"a": 1}, {"a": 0, "b": 0}, {"a": 1}),
        ([{"a": 1, "b": 2}, {"a": 3}], [{"a": 0}], [{"a": 1}]),
        ({"a": "text"}, {"a": {}}, {"a": "text"}),
    ],
)
def test_a_live_object_is_cut_to_what_was_declared(live: Any, shape: Any, kept: Any) -> None:
    assert pruned(live, shape) == kept


def test_an_import_takes_what_can_be_declared() -> None:
    live = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {
            "name": "web",
            "uid": "1",
            "managedFields": [],
            "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{}", "team": "shop"},
        },
        "spec": {"type": "ClusterIP"},
        "status": {},
    }

    assert importable(live) == {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web", "annotations": {"team": "shop"}},
        "spec": {"type": "ClusterIP"},
    }


def test_a_state_has_the_live_object_and_the_inputs_as_the_official_plugin_writes_them() -> None:
    checkpoint = Checkpoint({"kind": "Service"}, {"kind": "Service", "status": {}}, "manager")
    state = checkpoint.to_wire()

    assert state == {
        "kind": "Service",
        "status": {},
        "__inputs": {"kind": "Service"},
        "__initialApiVersion": "v1",
        "__fieldManager": "manager",
    }
    assert Checkpoint.read(state) == checkpoint
