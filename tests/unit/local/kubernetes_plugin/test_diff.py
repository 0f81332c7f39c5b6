"""Diff: what changes, and what a change means."""

from __future__ import annotations

from typing import Any

import pytest

from kubewire.deferred import UNKNOWN
from kubewire.local.kubernetes_plugin.checkpoint import Checkpoint
from kubewire.local.kubernetes_plugin.diff import difference
from kubewire.local.kubernetes_plugin.kinds import TARGETS
from kubewire.local.kubernetes_plugin.objects import merged
from kubewire.provider.diff import Change, Difference

SERVICE = TARGETS["kubernetes:core/v1:Service"]


def service(spec: dict[str, Any], **metadata: object) -> dict[str, Any]:
    identity = {"name": "web", "namespace": "shop"}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {**identity, **metadata}, "spec": spec}


def compare(old: dict[str, Any], new: dict[str, Any], live: dict[str, Any] | None = None) -> Difference:
    drawn = {"metadata": {"uid": "1", "resourceVersion": "7"}, "spec": {"sessionAffinity": "None"}, "status": {}}
    return difference(SERVICE, Checkpoint(old, merged(merged(old, drawn), live or {}), "manager"), new)


def test_what_the_server_adds_is_no_difference() -> None:
    inputs = service({"type": "ClusterIP", "ports": [{"port": 80}]})
    live = {"spec": {"clusterIP": "10.96.0.9", "ports": [{"port": 80, "protocol": "TCP", "targetPort": 80}]}}

    assert not compare(inputs, inputs, live).changes


def test_nothing_and_empty_are_the_same() -> None:
    assert not compare(service({}), service({"selector": {}}, labels={})).changes


def test_drift_of_what_was_declared_is_a_difference() -> None:
    inputs = service({"ports": [{"port": 80}]})

    assert compare(inputs, inputs, {"spec": {"ports": [{"port": 81}]}}).changes == {"spec.ports[0].port": Change.UPDATE}


def test_paths_name_keys_and_places_in_lists() -> None:
    old = service({"ports": [{"port": 80, "name": "a"}, {"port": 81}]}, annotations={"a.b/c": "1"})
    new = service({"ports": [{"port": 80}], "type": "NodePort"}, annotations={"a.b/c": "2"})

    assert compare(old, new).changes == {
        'metadata.annotations["a.b/c"]': Change.UPDATE,
        "spec.ports[0].name": Change.DELETE,
        "spec.ports[1]": Change.DELETE,
        "spec.type": Change.ADD,
    }


@pytest.mark.parametrize("field", ["name", "namespace"])
def test_another_identity_is_another_object(field: str) -> None:
    found = compare(service({}), service({}, **{field: "other"}))

    assert found.replaces == {f"metadata.{field}"}
    assert found.is_replaced(f"metadata.{field}")
    assert not found.is_replaced("metadata.labels")
    assert not found.delete_before_replace


def test_an_unknown_name_replaces() -> None:
    assert compare(service({}), service({}, name=UNKNOWN)).replaces == {"metadata.name"}


def test_an_unknown_elsewhere_changes() -> None:
    assert compare(service({"externalName": "a"}), service({"externalName": UNKNOWN})).changes == {
        "spec.externalName": Change.UPDATE
    }


@pytest.mark.parametrize(
    ("old", "new", "live", "replaces"),
    [
        ({"clusterIP": "10.96.0.1"}, {"clusterIP": "10.96.0.2"}, {}, True),
        ({"clusterIP": "None"}, {}, {}, True),
        ({}, {"clusterIP": "None"}, {"clusterIP": "10.96.0.1"}, True),
        ({}, {"clusterIP": "10.96.0.1"}, {"clusterIP": "10.96.0.1"}, False),
        ({"type": "ExternalName"}, {"type": "ClusterIP", "clusterIP": "10.96.0.1"}, {}, False),
        ({"clusterIP": "10.96.0.1", "type": "ClusterIP"}, {"type": "ExternalName"}, {}, False),
        (
            {"type": "LoadBalancer", "loadBalancerClass": "a"},
            {"type": "LoadBalancer", "loadBalancerClass": "b"},
            {},
            True,
        ),
        ({"type": "LoadBalancer", "loadBalancerClass": "a"}, {"type": "ClusterIP"}, {}, False),
        ({"type": "ClusterIP"}, {"type": "NodePort"}, {}, False),
    ],
)
def test_what_the_server_calls_immutable_replaces(
    old: dict[str, Any], new: dict[str, Any], live: dict[str, Any], *, replaces: bool
) -> None:
    found = compare(service(old), service(new), {"spec": live})

    assert found.changes
    assert bool(found.replaces) == replaces
    # It keeps its name, so the old one must go first.
    assert found.delete_before_replace == replaces


def test_a_made_up_name_can_be_drawn_again() -> None:
    mark = {"pulumi.com/autonamed": "true"}
    found = compare(service({"clusterIP": "None"}, annotations=mark), service({}, annotations=mark))

    assert found.replaces
    assert not found.delete_before_replace


@pytest.mark.parametrize("kept", [{"clusterIP": "10.96.0.7"}, {"ports": [{"port": 80, "nodePort": 30080}]}])
def test_two_objects_cant_have_one_address_or_node_port(kept: dict[str, Any]) -> None:
    found = compare(service(kept), service(kept, name="other"))

    assert found.replaces == {"metadata.name"}
    assert found.delete_before_replace


def test_a_patch_never_replaces_what_it_patches() -> None:
    state = Checkpoint(service({"clusterIP": "10.96.0.1"}), service({"clusterIP": "10.96.0.1"}), "manager")
    patch = TARGETS["kubernetes:core/v1:ServicePatch"]

    assert not difference(patch, state, service({"clusterIP": "10.96.0.2"})).replaces
    assert difference(patch, state, service({}, name="other")).replaces == {"metadata.name"}


def test_a_namespace_of_what_lies_in_none_is_no_difference() -> None:
    target = TARGETS["kubernetes:core/v1:Node"]
    inputs = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "a", "namespace": "b"}}
    live = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "a"}}

    assert not difference(target, Checkpoint(inputs, live, ""), inputs).changes
