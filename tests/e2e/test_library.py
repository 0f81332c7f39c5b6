"""kubewire in a project of somebody else: typed arguments in Python, no environment file, no settings."""

from __future__ import annotations

import lightkube
from lightkube.resources.core_v1 import Service

from tests.e2e.aws import Aws, named
from tests.e2e.projects import Projects
from tests.e2e.runs import Run

PROGRAM = """
import pulumi
from kubewire import (
    ClusterIPService, ClusterIPServiceArgs, ClusterNetwork, ClusterNetworkArgs, DeclaredNodes,
    LoadBalancerService, LoadBalancerServiceArgs, Nat, NewVpc, Node, NodeServicePort, RoutedPods, Scheme, ServicePort,
)

network = ClusterNetwork(ClusterNetworkArgs(
    name="theirs",
    region="eu-west-1",
    vpc=NewVpc(cidr="10.60.0.0/20"),
    zones=["eu-west-1a"],
    nat=Nat.NONE,
    pods=RoutedPods(cidr="100.90.0.0/16"),
    service_cidr="10.96.0.0/16",
    nodes=DeclaredNodes(machines=[
        Node(name="one", zone="eu-west-1a", image="ami-0d71ea30463e0ff8d", pod_cidr="100.90.0.0/24"),
    ]),
))
cache = ClusterIPService(ClusterIPServiceArgs(
    name="their-cache", selector={"app": "cache"}, ports=[ServicePort(port=6379)],
), network)
web = LoadBalancerService(LoadBalancerServiceArgs(
    name="their-web", selector={"app": "web"}, scheme=Scheme.INTERNAL, sources=["10.60.0.0/20"],
    ports=[NodeServicePort(port=80, target_port=8080)],
), network)
pulumi.export("host", web.host_name)
"""


def previewed(projects: Projects, name: str, *changes: tuple[str, str]) -> Run:
    """Preview the program with something replaced in it."""
    program = PROGRAM.replace("their-", f"{name}-")
    for old, new in changes:
        assert old in program
        program = program.replace(old, new)
    return projects.program(name, program).preview()


def check_error(run: Run, *words: str) -> None:
    assert run.code > 0
    assert "Traceback" not in run.said
    (error,) = run.errors
    for word in words:
        assert word in error


def test_program_of_25_lines_deploys(projects: Projects, aws: Aws, kubernetes: lightkube.Client) -> None:
    stack = projects.program("theirs", PROGRAM)
    stack.up().ok()
    (arn,) = named(aws, "theirs/dev", "load-balancer").values()
    balancer = aws.elbv2.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"][0]
    assert stack.said("stack", "output", "host").strip() == balancer["DNSName"]
    web = kubernetes.get(Service, "their-web", namespace="default")
    assert web.status is not None
    assert web.status.loadBalancer is not None
    assert [item.hostname for item in web.status.loadBalancer.ingress or []] == [balancer["DNSName"]]
    assert stack.up("--expect-no-changes").ok().changes == set()


def test_wrong_field_is_named(projects: Projects) -> None:
    run = previewed(projects, "wrongfield", ("scheme=Scheme.INTERNAL", "schema=Scheme.INTERNAL"))
    check_error(run, "LoadBalancerServiceArgs", "schema: unknown key", "scheme: required")


def test_overlap_is_named(projects: Projects) -> None:
    run = previewed(projects, "overlapping", ("100.90.0.0", "10.60.0.0"))
    check_error(run, "ClusterNetworkArgs", "overlaps")


def test_node_port_of_two_services_is_named(projects: Projects) -> None:
    port = "NodeServicePort(port=80, target_port=8080)"
    again = """
LoadBalancerService(LoadBalancerServiceArgs(
    name="again", selector={"app": "web"}, scheme=Scheme.INTERNAL, sources=["10.60.0.0/20"],
    ports=[NodeServicePort(port=80, node_port=31999)],
), network)
"""
    changes = (port, "NodeServicePort(port=80, node_port=31999)"), ("pulumi.export", f"{again}\npulumi.export")
    check_error(previewed(projects, "sameport", *changes), "31999 belongs to default/sameport-web already")
