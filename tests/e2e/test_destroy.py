"""A destroy leaves nothing behind, whoever looks."""

from __future__ import annotations

import lightkube
from lightkube.resources.core_v1 import Namespace, Service

from tests.e2e.aws import Account, inventory
from tests.e2e.projects import Projects


def names(kubernetes: lightkube.Client) -> tuple[set[str], set[str]]:
    """Namespaces, and Services of all namespaces."""
    spaces = {item.metadata.name or "" for item in kubernetes.list(Namespace) if item.metadata}
    services = kubernetes.list(Service, namespace="*")
    return spaces, {f"{item.metadata.namespace}/{item.metadata.name}" for item in services if item.metadata}


def test_destroy_leaves_nothing(projects: Projects, account: Account, kubernetes: lightkube.Client) -> None:
    project = projects.small("passing", nat="per-zone")
    aws = account.of(project.region)
    in_aws = {thing.id for thing in inventory(aws)}
    in_kubernetes = names(kubernetes)
    project.up().ok()
    kinds = {thing.kind for thing in inventory(aws) if thing.id not in in_aws}
    assert kinds >= {"vpc", "load-balancer", "target-group", "zone", "address", "network-interface", "nat-gateway"}
    assert names(kubernetes)[0] > in_kubernetes[0]

    run = project.destroy().ok()
    assert {step.op for step in run.done} == {"delete"}
    assert {thing.id for thing in inventory(aws)} == in_aws
    assert names(kubernetes) == in_kubernetes
    assert project.state() == []
