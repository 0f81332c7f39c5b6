"""Nodes that the stack doesn't make: those of a cluster, of an autoscaling group, and machines in slots."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import lightkube
import pytest
from lightkube.resources.core_v1 import Node

from kubewire.local.cloud import Cloud
from tests.e2e.aws import Account, Aws, named
from tests.e2e.features.machines import (
    autoscaled,
    checked,
    launched,
    launched_on,
    registered,
    second_interface,
)
from tests.e2e.features.networks import destination, led, mistaken, network, tables
from tests.e2e.projects import NODE_PORTS, Project, Projects

REGION = "us-east-2"
A, B = f"{REGION}a", f"{REGION}b"
SIZES = ["m5.large", "m6i.xlarge"]


@pytest.fixture(scope="module")
def aws(account: Account) -> Aws:
    return account.of(REGION)


def balancer(namespace: str, node_port: int) -> dict[str, Any]:
    return {
        "type": "LoadBalancer",
        "namespace": namespace,
        "name": "front",
        "selector": {"app": "front"},
        "scheme": "internal",
        "sources": ["10.9.0.0/16"],
        "ports": [{"name": "http", "port": 80, "nodePort": node_port}],
    }


def targets(aws: Aws, stack: str) -> set[str]:
    (group,) = named(aws, stack, "target-group").values()
    health = aws.elbv2.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
    return {item["Target"]["Id"] for item in health if item["TargetHealth"]["State"] != "draining"}


def routed(aws: Aws, stack: str) -> list[dict[str, str]]:
    """Of every table: pod ranges to interfaces."""
    return [led(rows, "NetworkInterfaceId") for rows in tables(aws, stack).values()]


@pytest.fixture(scope="module")
def found(projects: Projects) -> Project:
    """A network for nodes that aren't there yet."""
    nodes = {"kind": "cluster", "selector": {"cluster": "found"}}
    made = projects.make("found", network("found", REGION, balancer("found", next(NODE_PORTS)), nodes=nodes))
    assert made.up().ok().warnings == []
    return made


@pytest.fixture
def joined(found: Project, aws: Aws, kubernetes: lightkube.Client) -> Iterator[dict[str, tuple[str, str]]]:
    """Two nodes that joined, one of them with a second interface: name to instance and primary interface."""
    del found
    subnets, group = named(aws, "found/dev", "subnet"), named(aws, "found/dev", "security-group")["found-nodes"]
    one = launched(aws, subnets[f"found-private-{A}"], group)
    two = launched(aws, subnets[f"found-private-{B}"], group)
    second_interface(aws, two[0], subnets[f"found-private-{B}"])
    registered(kubernetes, "found-one", one[0], A, "100.64.0.0/24", cluster="found")
    registered(kubernetes, "found-two", two[0], B, "100.64.1.0/24", cluster="found")
    yield {"found-one": one, "found-two": two}
    for node in kubernetes.list(Node, labels={"cluster": "found"}):
        assert node.metadata is not None
        kubernetes.delete(Node, str(node.metadata.name))


def test_nodes_of_the_cluster_come_and_go(
    found: Project, aws: Aws, kubernetes: lightkube.Client, joined: dict[str, tuple[str, str]]
) -> None:
    stack = "found/dev"
    plan = found.preview().ok()
    for name in tables(aws, stack):
        assert plan.diff("RouteTable", name) == {'routes["100.64.0.0/24"]', 'routes["100.64.1.0/24"]'}
    found.up().ok()
    # Rows 21 and 22: the primary interface is the one that the route names, however many the instance has.
    primary = {name: interface for name, (_, interface) in joined.items()}
    for routes in routed(aws, stack):
        assert routes == {"100.64.0.0/24": primary["found-one"], "100.64.1.0/24": primary["found-two"]}
    assert not any(checked(aws, interface) for interface in primary.values())
    assert targets(aws, stack) == {instance for instance, _ in joined.values()}
    assert found.up("--expect-no-changes").ok().changes == set()

    kubernetes.delete(Node, "found-one")
    found.up().ok()
    assert all(routes == {"100.64.1.0/24": primary["found-two"]} for routes in routed(aws, stack))
    assert checked(aws, primary["found-one"]), "a machine that is no node is checked again"
    assert targets(aws, stack) == {joined["found-two"][0]}

    # Row 23: the machine dies, its Node object stays for a while.
    aws.ec2.terminate_instances(InstanceIds=[joined["found-two"][0]])
    aws.ec2.describe_instances()
    run = found.up().ok()
    assert any("instance-gone" in warning and "found-two" in warning for warning in run.warnings), run.warnings
    assert all(routes == {} for routes in routed(aws, stack))
    assert not [row for rows in tables(aws, stack).values() for row in rows if row["State"] == "blackhole"]


def test_pods_outside_the_declared_range_are_refused_before_apply(
    found: Project, joined: dict[str, tuple[str, str]]
) -> None:
    assert joined
    (error,) = mistaken(found, pods={"kind": "routed", "cidr": "100.70.0.0/16"}).errors
    assert "node found-one has pods in 100.64.0.0/24" in error
    assert "found: pods.cidr" in error


def test_slots_wait_for_machines(projects: Projects, aws: Aws) -> None:
    nodes = {"kind": "slots", "zones": {A: 2, B: 1}}
    slotted = projects.make("slotted", network("slotted", REGION, balancer("slotted", next(NODE_PORTS)), nodes=nodes))
    slotted.up().ok()
    stack = "slotted/dev"
    names = {f"slot-{A}-0", f"slot-{A}-1", f"slot-{B}-0"}
    interfaces = named(aws, stack, "network-interface")
    assert interfaces.keys() == names
    # The zones take turns at the pods' range: eight of them.
    ranges = {f"slot-{A}-0": "100.64.0.0/24", f"slot-{B}-0": "100.64.1.0/24", f"slot-{A}-1": "100.64.8.0/24"}
    waiting = {destination(row): row["NetworkInterfaceId"] for rows in tables(aws, stack).values() for row in rows
               if row.get("NetworkInterfaceId")}  # fmt: skip
    assert waiting == {cidr: interfaces[name] for name, cidr in ranges.items()}
    assert slotted.refresh().ok().changes == set()
    assert targets(aws, stack) == {"10.50.0.10", "10.50.0.11", "10.50.32.10"}

    launched_on(aws, interfaces[f"slot-{A}-0"])
    for routes in routed(aws, stack):
        assert routes == {"100.64.0.0/24": interfaces[f"slot-{A}-0"]}
    assert slotted.refresh().ok().changes == set()
    assert slotted.up("--expect-no-changes").ok().changes == set()
    assert not any(checked(aws, interface) for interface in interfaces.values())


def test_machines_of_an_autoscaling_group_are_targets(projects: Projects, aws: Aws, cloud: Cloud) -> None:
    """And rows 26 and 27: what a cluster with VPC pods is to be told."""
    stack, port = "scaled/dev", next(NODE_PORTS)
    vpc = {"kind": "new", "cidr": "10.50.0.0/16", "secondary": [{"cidr": "100.66.0.0/16"}]}
    described = network(
        "scaled",
        REGION,
        balancer("scaled", port),
        vpc=vpc,
        pods={"kind": "vpc", "instanceTypes": SIZES},
        nodes={"kind": "auto-scaling-group", "group": "scaled-workers"},
    )
    scaled = projects.make("scaled", described)
    scaled.up().ok()
    assert targets(aws, stack) == set()
    subnets = named(aws, stack, "subnet")
    private = [subnets[f"scaled-private-{zone}"] for zone in (A, B)]
    autoscaled(cloud.environment(), REGION, "scaled-workers", private)
    scaled.up().ok()
    assert len(targets(aws, stack)) == 2
    gone = min(targets(aws, stack))
    aws.ec2.terminate_instances(InstanceIds=[gone])
    scaled.up().ok()
    assert gone not in targets(aws, stack)

    shown = outputs(scaled)
    assert set(shown["nonMasqueradeCidrs"]) == {"10.50.0.0/16", "100.66.0.0/16"}
    assert shown["maxPods"] == {"m5.large": 110, "m6i.xlarge": 110}
    assert shown["podSubnetIds"] == {zone: subnets[f"scaled-pods-{zone}"] for zone in (A, B)}


def test_row_27_prefix_delegation_and_what_nodes_hold(projects: Projects) -> None:
    """Without prefixes an m5.large holds 29 pods, as AWS's list says: three interfaces of ten addresses.

    https://github.com/aws/amazon-vpc-cni-k8s/blob/master/misc/eni-max-pods.txt
    """
    pods = {"kind": "vpc", "prefixDelegation": False, "instanceTypes": [*SIZES, "t2.medium"]}
    plain = projects.make("plain", network("plain", REGION, pods=pods))
    plain.up().ok()
    assert outputs(plain)["maxPods"] == {"m5.large": 29, "m6i.xlarge": 58, "t2.medium": 17}
    (error,) = mistaken(plain, pods={**pods, "prefixDelegation": True}).errors
    assert "plain: pods.prefixDelegation: interfaces of a t2.medium take no prefixes" in error
    plain.destroy().ok()


def outputs(project: Project) -> dict[str, Any]:
    shown: dict[str, Any] = json.loads(project.said("stack", "output", "network", "--json"))
    return shown
