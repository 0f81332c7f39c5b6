"""A hundred Services of all four types in one stack: up, up, destroy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import lightkube
import pytest
from lightkube.resources.core_v1 import Service

from tests.e2e.aws import Account, Aws, inventory, made_by
from tests.e2e.features.networks import network
from tests.e2e.projects import IMAGE, Config, Project, Projects, declared

REGION = "us-west-1"
NAMESPACE = "hundred"
INSIDE, ON_NODES, BALANCED, NAMES = 40, 25, 20, 15
FIRST_PORT = 31500
"""Of the node ports that no other test has."""


def services() -> Iterator[Config]:
    for number in range(INSIDE):
        yield {
            **common("ClusterIP", f"inside-{number}"),
            "selector": {"app": f"inside-{number}"},
            # Every eighth is a name for pods alone.
            "clusterIP": "None" if number % 8 == 0 else "Auto",
            "ports": [{"name": "main", "port": 8000 + number}, {"name": "dns", "port": 53, "protocol": "UDP"}],
        }
    for number in range(ON_NODES):
        # One half of the ports is written down, the API server chooses the other.
        chosen = {"nodePort": FIRST_PORT + number} if number % 2 else {}
        yield {
            **common("NodePort", f"on-nodes-{number}"),
            "selector": {"app": f"on-nodes-{number}"},
            "sources": [f"10.8.{number % 3}.0/24"],
            "ports": [{"port": 80, "targetPort": "http", **chosen}],
        }
    for number in range(BALANCED):
        yield {
            **common("LoadBalancer", f"balanced-{number}"),
            "selector": {"app": f"balanced-{number}"},
            "scheme": "internal",
            "sources": ["10.8.0.0/16"],
            "ports": [{"port": 443, "targetPort": 8443, "nodePort": FIRST_PORT + 100 + number}],
        }
    for number in range(NAMES):
        record = {"cname": {"name": f"name-{number}"}} if number % 3 else {}
        yield {**common("ExternalName", f"name-{number}"), "externalName": f"of-{number}.example.com", **record}


def common(kind: str, name: str) -> Config:
    return {"type": kind, "namespace": NAMESPACE, "name": name}


@pytest.fixture(scope="module")
def aws(account: Account) -> Aws:
    return account.of(REGION)


@pytest.fixture(scope="module")
def before(aws: Aws) -> set[str]:
    return {thing.id for thing in inventory(aws)}


@pytest.fixture(scope="module")
def project(projects: Projects, before: set[str]) -> Project:
    del before
    listed = list(services())
    assert len(listed) == 100
    machine = {"name": "node-a", "zone": f"{REGION}a", "podCidr": "100.64.0.0/24", "image": IMAGE}
    fields: Config = {"letters": "a", "domain": f"{NAMESPACE}.internal", "nodes": declared(machine)}
    made = projects.make(NAMESPACE, network(NAMESPACE, REGION, *listed, **fields))
    assert made.up().ok().warnings == []
    return made


def test_all_are_there(project: Project, aws: Aws, kubernetes: lightkube.Client) -> None:
    assert project.state() != []
    present = list(kubernetes.list(Service, namespace=NAMESPACE))
    kinds = Counter(item.spec.type for item in present if item.spec)
    assert kinds == {"ClusterIP": INSIDE, "NodePort": ON_NODES, "LoadBalancer": BALANCED, "ExternalName": NAMES}
    shown = [item.status.loadBalancer for item in present if item.status]
    assert sum(bool(balancer and balancer.ingress) for balancer in shown) == BALANCED
    made = Counter(thing.kind for thing in made_by(aws, f"{NAMESPACE}/dev"))
    assert (made["load-balancer"], made["target-group"], made["zone"]) == (BALANCED, BALANCED, 1)


def test_a_second_run_changes_nothing(project: Project) -> None:
    assert project.up("--expect-no-changes").ok().changes == set()


def test_destroy_leaves_nothing(project: Project, aws: Aws, before: set[str], kubernetes: lightkube.Client) -> None:
    run = project.destroy().ok()
    assert {step.op for step in run.done} == {"delete"}
    assert project.state() == []
    assert {thing.id for thing in inventory(aws)} == before
    left = {item.metadata.namespace for item in kubernetes.list(Service, namespace="*") if item.metadata}
    assert NAMESPACE not in left
