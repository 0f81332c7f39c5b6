"""No controller may see a Service that bears its finalizer and wants no load balancer any more."""

from __future__ import annotations

import json
from typing import Any

from kubewire.adoption.described import Wishes, described
from kubewire.adoption.detaching import NOTE, as_it_was, first_patch, is_detached, is_half_detached, second_patch
from tests.unit.adoption.things import balancer, guard, service

Wire = dict[str, Any]


def merged(into: Wire, patch: Wire) -> Wire:
    """What a merge patch makes of an object: https://www.rfc-editor.org/rfc/rfc7386."""
    whole = dict(into)
    for key, value in patch.items():
        if value is None:
            whole.pop(key, None)
        else:
            whole[key] = merged(whole.get(key) or {}, value) if isinstance(value, dict) else value
    return whole


def test_finalizers_and_type_go_in_one_patch_that_holds_for_one_version() -> None:
    patch = first_patch(service())
    assert patch["metadata"]["finalizers"] == ["example.com/other"]
    assert patch["metadata"]["resourceVersion"] == "7"
    assert patch["metadata"]["annotations"]["service.beta.kubernetes.io/aws-load-balancer-type"] == "external"
    assert patch["spec"]["type"] == "NodePort"
    assert (
        first_patch(service(finalizers=["service.kubernetes.io/load-balancer-cleanup"]))["metadata"]["finalizers"]
        is None
    )


def test_the_first_patch_leaves_nothing_that_another_type_cannot_have() -> None:
    ranges = {"service.beta.kubernetes.io/load-balancer-source-ranges": "10.1.0.0/16"}
    local = {"externalTrafficPolicy": "Local", "healthCheckNodePort": 31000}
    half = merged(service(local, annotations=ranges), first_patch(service(local, annotations=ranges)))
    assert (
        half["spec"]
        .keys()
        .isdisjoint(
            {"loadBalancerClass", "loadBalancerSourceRanges", "healthCheckNodePort", "allocateLoadBalancerNodePorts"}
        )
    )
    assert half["spec"]["externalTrafficPolicy"] == "Local"
    assert half["metadata"]["annotations"].keys().isdisjoint(ranges)
    assert half["spec"]["ports"] == service()["spec"]["ports"]


def test_a_service_without_node_ports_gets_none() -> None:
    bare = {"ports": [{"port": 80, "protocol": "TCP"}], "allocateLoadBalancerNodePorts": False}
    patch = first_patch(service(bare))
    assert (patch["spec"]["type"], patch["spec"]["externalTrafficPolicy"]) == ("ClusterIP", None)


def test_a_run_that_was_cut_off_goes_on_from_the_note_and_ends_with_the_same_service() -> None:
    local = {"externalTrafficPolicy": "Local", "healthCheckNodePort": 31000}
    before = service(local)
    args, _ = described(before, balancer(guard()), Wishes())
    assert not is_half_detached(before)
    half = merged(before, first_patch(before))
    assert is_half_detached(half)
    assert not is_detached(half)
    again, _ = described(half, balancer(guard()), Wishes())
    assert again == args
    whole = merged(half, second_patch(half, again))
    assert is_detached(whole)
    assert not is_half_detached(whole)
    assert NOTE not in whole["metadata"]["annotations"]
    assert whole["spec"] == {
        **before["spec"],
        "loadBalancerClass": "kubewire.dev/nlb",
        "loadBalancerSourceRanges": ["10.8.0.0/16"],
    }
    last, _ = described(whole, balancer(guard()), Wishes())
    assert last == args


def test_the_note_is_no_annotation_of_the_users() -> None:
    noted = service(annotations={NOTE: json.dumps({"healthCheckNodePort": 31000}), "example.com/team": "shop"})
    found = as_it_was(noted)
    assert found["metadata"]["annotations"] == {"example.com/team": "shop"}
    assert found["spec"]["healthCheckNodePort"] == 31000
