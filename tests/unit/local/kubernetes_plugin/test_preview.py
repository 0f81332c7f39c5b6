"""What of a dry run's outcome will be so in earnest."""

from __future__ import annotations

from typing import Any

from kubewire.deferred import UNKNOWN
from kubewire.local.kubernetes_plugin.allocations import allocations, without
from kubewire.local.kubernetes_plugin.preview import foreseen

OUTCOME: dict[str, Any] = {
    "metadata": {"name": "web", "uid": "1", "resourceVersion": "", "managedFields": []},
    "spec": {
        "clusterIP": "10.96.0.9",
        "clusterIPs": ["10.96.0.9"],
        "type": "NodePort",
        "ports": [{"port": 80, "protocol": "TCP", "nodePort": 31000}, {"port": 81, "nodePort": 30081}],
    },
    "status": {"loadBalancer": {}},
}


def test_what_the_server_draws_is_unknown_and_what_is_declared_is_not() -> None:
    declared = {"spec": {"ports": [{"port": 80}, {"port": 81, "nodePort": 30081}]}}

    assert foreseen(OUTCOME, declared, {}) == {
        "metadata": {"name": "web"},
        "spec": {
            "clusterIP": UNKNOWN,
            "clusterIPs": UNKNOWN,
            "type": "NodePort",
            "ports": [{"port": 80, "protocol": "TCP", "nodePort": UNKNOWN}, {"port": 81, "nodePort": 30081}],
        },
    }


def test_what_the_object_has_already_it_keeps() -> None:
    assert foreseen(OUTCOME, {}, OUTCOME)["spec"] == OUTCOME["spec"]


def test_headless_stays_headless() -> None:
    spec = {"clusterIP": "None", "clusterIPs": ["None"]}

    assert foreseen({"metadata": {}, "spec": spec}, {"spec": {"clusterIP": "None"}}, {})["spec"] == spec


def test_what_a_predecessor_has_is_taken_out() -> None:
    taken = allocations({"spec": {"clusterIP": "10.96.0.9", "ports": [{"nodePort": 31000}]}})

    assert taken == {"10.96.0.9", 31000}
    assert without(OUTCOME, taken)["spec"] == {
        "type": "NodePort",
        "ports": [{"port": 80, "protocol": "TCP"}, {"port": 81, "nodePort": 30081}],
    }
    assert without(OUTCOME, frozenset({"10.96.0.1"})) == OUTCOME
