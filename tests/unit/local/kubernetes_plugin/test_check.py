"""Check: defaults and refusals as the official plugin has them."""

from __future__ import annotations

from typing import Any

import pytest

from kubewire.deferred import UNKNOWN
from kubewire.errors import InvalidInputError
from kubewire.local.kubernetes_plugin.check import checked
from kubewire.local.kubernetes_plugin.kinds import TARGETS, target_of
from kubewire.provider.protocol import Subject

SERVICE = "kubernetes:core/v1:Service"
SUBJECT = Subject(f"urn:pulumi:dev::shop::{SERVICE}::web", seed=b"seed")


def check(new: dict[str, Any], old: dict[str, Any] | None = None, kind: str = SERVICE) -> dict[str, Any]:
    inputs, failures = checked(SUBJECT, TARGETS[kind], old or {}, new, "default")
    assert failures == []
    return inputs


def refusals(new: dict[str, Any], kind: str = SERVICE) -> list[str]:
    return [failure.path for failure in checked(SUBJECT, TARGETS[kind], {}, new, "default")[1]]


def test_everything_that_is_missing_has_a_default() -> None:
    inputs = check({"spec": {"type": "ClusterIP", "externalName": None}})

    assert inputs["apiVersion"] == "v1"
    assert inputs["kind"] == "Service"
    assert inputs["metadata"]["namespace"] == "default"
    assert inputs["spec"] == {"type": "ClusterIP"}


def test_a_made_up_name_is_marked_and_the_same_for_the_same_seed() -> None:
    first, second = check({}), check({})

    assert first["metadata"]["name"] == second["metadata"]["name"]
    assert first["metadata"]["name"].startswith("web-")
    assert len(first["metadata"]["name"]) == len("web-") + 8
    assert first["metadata"]["annotations"] == {"pulumi.com/autonamed": "true"}


def test_a_made_up_name_is_kept_for_life() -> None:
    before = check({})
    again, failures = checked(
        Subject(SUBJECT.urn, seed=b"another"), TARGETS[SERVICE], before, {"spec": {"type": "NodePort"}}, "default"
    )

    assert not failures
    assert again["metadata"]["name"] == before["metadata"]["name"]


def test_a_given_name_is_left_alone() -> None:
    assert check({"metadata": {"name": "web", "namespace": "shop"}})["metadata"] == {"name": "web", "namespace": "shop"}


@pytest.mark.parametrize("metadata", [UNKNOWN, {"name": UNKNOWN, "namespace": UNKNOWN}])
def test_what_only_the_apply_knows_is_left_alone(metadata: object) -> None:
    assert check({"metadata": metadata})["metadata"] == metadata


def test_what_lies_in_no_namespace_gets_none() -> None:
    assert "namespace" not in check({}, kind="kubernetes:core/v1:Namespace")["metadata"]


def test_the_managed_by_label_is_kept_alive_and_not_introduced() -> None:
    label = {"app.kubernetes.io/managed-by": "pulumi"}

    assert "labels" not in check({"metadata": {"name": "web"}})["metadata"]
    assert (
        check({"metadata": {"name": "web"}}, {"metadata": {"name": "web", "labels": label}})["metadata"]["labels"]
        == label
    )


def test_a_patch_needs_a_name() -> None:
    assert refusals({}, kind="kubernetes:core/v1:ServicePatch") == ["metadata.name"]


@pytest.mark.parametrize(
    ("inputs", "path"),
    [
        ({"apiVersion": "v2"}, "apiVersion"),
        ({"kind": "Pod"}, "kind"),
        ({"metadata": {"generateName": "web-"}}, "metadata.generateName"),
        ({"metadata": {"annotations": {"pulumi.com/waitFor": "x"}}}, 'metadata.annotations["pulumi.com/waitFor"]'),
    ],
)
def test_what_cant_be_done_is_refused_with_its_path(inputs: dict[str, Any], path: str) -> None:
    assert refusals(inputs) == [path]


def test_another_type_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(InvalidInputError, match="apps/v1:Deployment") as refusal:
        target_of("kubernetes:apps/v1:Deployment")

    assert SERVICE in refusal.value.detail
