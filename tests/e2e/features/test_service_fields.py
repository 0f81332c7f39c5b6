"""Services with every field that they can have, on what the engine made; and the namespaces that they are in."""

from __future__ import annotations

import copy
from typing import Any

import lightkube
import pytest
from lightkube.models.core_v1 import ServicePort, ServiceSpec
from lightkube.models.meta_v1 import ObjectMeta
from lightkube.resources.core_v1 import Namespace, Service

from tests.e2e.aws import Account, Aws, named
from tests.e2e.features.networks import network, rules
from tests.e2e.projects import IMAGE, Config, Project, Projects, declared

REGION = "ap-southeast-3"
STACK = "fields/dev"
# Node ports and fixed addresses belong to the whole cluster; no other test has these.
SHARED, FRONT = 31300, 31301
ADDRESS = "10.96.231.7"

LISTED: list[Config] = [
    {
        "type": "ClusterIP",
        "namespace": "fields",
        "name": "peers",
        "labels": {"app": "store"},
        "annotations": {"example.com/team": "store"},
        "selector": {"app": "store"},
        "clusterIP": "None",
        "publishNotReadyAddresses": True,
        "ports": [{"name": "gossip", "port": 7946, "protocol": "UDP"}, {"name": "sctp", "port": 9, "protocol": "SCTP"}],
    },
    {
        "type": "ClusterIP",
        "namespace": "fields",
        "name": "store",
        "selector": {"app": "store"},
        "clusterIP": ADDRESS,
        "ipFamilies": ["IPv4"],
        "ipFamilyPolicy": "SingleStack",
        "sessionAffinity": {"kind": "ClientIP", "timeoutSeconds": 600},
        "internalTrafficPolicy": "Local",
        "trafficDistribution": "PreferClose",
        "ports": [
            {"name": "a-port-with-a-long-name", "port": 80, "targetPort": "http", "appProtocol": "example.com/x"}
        ],
    },
    {
        "type": "ClusterIP",
        "namespace": "fields",
        "name": "elsewhere",
        "selector": "none",
        "ports": [{"port": 5432}],
    },
    {
        "type": "NodePort",
        "namespace": "fields",
        "name": "dns",
        "selector": {"app": "dns"},
        "sources": ["10.8.0.0/16"],
        "externalTrafficPolicy": "Local",
        "ports": [
            {"name": "tcp", "port": 53, "nodePort": SHARED},
            {"name": "udp", "port": 53, "nodePort": SHARED, "protocol": "UDP"},
        ],
    },
    {
        "type": "LoadBalancer",
        "namespace": "fields",
        "name": "front",
        "selector": {"app": "front"},
        "scheme": "internal",
        "sources": ["10.8.0.0/16", "10.12.0.0/16"],
        "externalTrafficPolicy": "Local",
        "sessionAffinity": "ClientIP",
        "preserveClientIp": False,
        "ports": [{"name": "http", "port": 80, "nodePort": FRONT}],
    },
]


@pytest.fixture(scope="module")
def aws(account: Account) -> Aws:
    return account.of(REGION)


@pytest.fixture(scope="module")
def project(projects: Projects) -> Project:
    machine = {"name": "fields-a", "zone": f"{REGION}a", "podCidr": "100.64.0.0/24", "image": IMAGE}
    made = projects.make("fields", network("fields", REGION, *LISTED, letters="a", nodes=declared(machine)))
    # What the API server will choose is unknown in a preview, and no reason to fail.
    assert made.preview().ok().warnings == []
    assert made.up().ok().warnings == []
    return made


def spec(kubernetes: lightkube.Client, name: str) -> ServiceSpec:
    found = kubernetes.get(Service, name, namespace="fields").spec
    assert found is not None
    return found


def test_row_41_a_second_run_and_a_refresh_change_nothing(project: Project) -> None:
    assert project.up("--expect-no-changes").ok().changes == set()
    assert project.refresh().ok().changes == set()
    assert project.up("--expect-no-changes").ok().changes == set()


def test_row_42_a_headless_service_has_no_address(project: Project, kubernetes: lightkube.Client) -> None:
    del project
    found = spec(kubernetes, "peers")
    assert (found.clusterIP, found.publishNotReadyAddresses) == ("None", True)
    assert [(port.port, port.protocol) for port in found.ports or []] == [(7946, "UDP"), (9, "SCTP")]
    metadata = kubernetes.get(Service, "peers", namespace="fields").metadata
    assert metadata is not None
    assert (metadata.annotations or {})["example.com/team"] == "store"


def test_row_41_fields_are_kept_as_they_are_described(project: Project, kubernetes: lightkube.Client) -> None:
    del project
    found = spec(kubernetes, "store")
    assert (found.clusterIP, found.ipFamilies, found.ipFamilyPolicy) == (ADDRESS, ["IPv4"], "SingleStack")
    assert (found.internalTrafficPolicy, found.trafficDistribution) == ("Local", "PreferClose")
    assert found.sessionAffinityConfig is not None
    assert found.sessionAffinityConfig.clientIP is not None
    assert (found.sessionAffinity, found.sessionAffinityConfig.clientIP.timeoutSeconds) == ("ClientIP", 600)
    assert [(port.targetPort, port.appProtocol) for port in found.ports or []] == [("http", "example.com/x")]
    assert spec(kubernetes, "elsewhere").selector is None


def test_row_45_two_protocols_share_a_node_port(project: Project, aws: Aws) -> None:
    del project
    opened = rules(aws, named(aws, STACK, "security-group")["fields-nodes"])
    found = {rule[1] for rule in opened if rule[2] == (SHARED, SHARED) and rule[3] == "10.8.0.0/16"}
    assert found == {"tcp", "udp"}


def test_row_53_the_health_check_asks_at_the_port_that_the_api_server_chose(
    project: Project, aws: Aws, kubernetes: lightkube.Client
) -> None:
    del project
    found = spec(kubernetes, "front")
    chosen = found.healthCheckNodePort
    assert chosen is not None
    (arn,) = named(aws, STACK, "target-group").values()
    group: Any = aws.elbv2.describe_target_groups(TargetGroupArns=[arn])["TargetGroups"][0]
    checked = group["HealthCheckProtocol"], group["HealthCheckPort"], group["HealthCheckPath"]
    assert checked == ("HTTP", str(chosen), "/healthz")
    groups = named(aws, STACK, "security-group")
    peer = groups["fields-fields-front"]
    assert ("in", "tcp", (chosen, chosen), peer) in rules(aws, groups["fields-nodes"])
    assert ("out", "tcp", (chosen, chosen), groups["fields-nodes"]) in rules(aws, peer)


def test_row_54_a_client_stays_with_its_node(project: Project, aws: Aws) -> None:
    del project
    (arn,) = named(aws, STACK, "target-group").values()
    answer = aws.elbv2.describe_target_group_attributes(TargetGroupArn=arn)["Attributes"]
    attributes = {item["Key"]: item["Value"] for item in answer}
    assert (attributes["stickiness.enabled"], attributes["stickiness.type"]) == ("true", "source_ip")
    assert attributes["preserve_client_ip.enabled"] == "false"


def test_row_52_kubectl_shows_the_sources(project: Project, kubernetes: lightkube.Client) -> None:
    del project
    assert spec(kubernetes, "front").loadBalancerSourceRanges == ["10.8.0.0/16", "10.12.0.0/16"]


def test_row_65_the_hairpin_trap_is_told_in_the_preview(project: Project) -> None:
    former = project.config
    config = copy.deepcopy(former)
    config["cluster:services"][-1] |= {"preserveClientIp": True, "sources": ["10.50.0.0/16"]}
    project.configure(config)
    run = project.preview().ok()
    project.configure(former)
    (warning,) = run.warnings
    assert "fields/front admits 10.50.0.0/16, where its own nodes and their pods are" in warning


def test_fields_change_in_place_and_back(project: Project, kubernetes: lightkube.Client) -> None:
    former = project.config
    config = copy.deepcopy(former)
    for service in config["cluster:services"]:
        for key in ("sessionAffinity", "internalTrafficPolicy", "externalTrafficPolicy", "trafficDistribution"):
            service.pop(key, None)
    project.configure(config)
    run = project.up().ok()
    assert {step.op for step in run.done} <= {"update", "same", "read"}
    assert spec(kubernetes, "store").sessionAffinity == "None"
    assert spec(kubernetes, "store").internalTrafficPolicy == "Cluster"
    assert spec(kubernetes, "front").externalTrafficPolicy == "Cluster"
    assert project.up("--expect-no-changes").ok().changes == set()
    project.configure(former)
    run = project.up().ok()
    assert {step.op for step in run.done} <= {"update", "same", "read"}
    assert spec(kubernetes, "front").healthCheckNodePort
    assert project.up("--expect-no-changes").ok().changes == set()


def test_services_in_a_namespace_of_others_leave_it_as_it_is(project: Project, kubernetes: lightkube.Client) -> None:
    """The last Service of the stack goes; the namespace and what its owners have in it stay."""
    former = project.config
    kubernetes.create(Namespace(metadata=ObjectMeta(name="owners")))
    theirs = Service(
        metadata=ObjectMeta(name="theirs", namespace="owners"), spec=ServiceSpec(ports=[ServicePort(port=80)])
    )
    kubernetes.create(theirs)
    config = copy.deepcopy(former)
    guest = {"type": "ClusterIP", "namespace": "owners", "name": "guest", "selector": {"app": "guest"}}
    config["cluster:services"].append({**guest, "ports": [{"port": 80}]})
    project.configure(config)
    assert {change for change in project.up().ok().changes if "Namespace" in change} == set()
    project.configure(former)
    project.up().ok()
    left = {item.metadata.name for item in kubernetes.list(Service, namespace="owners") if item.metadata}
    assert left == {"theirs"}
    owned = kubernetes.get(Namespace, "owners")
    assert owned.status is not None
    assert owned.status.phase == "Active"
    kubernetes.delete(Namespace, "owners")


def test_destroy_takes_the_namespace_of_the_stack(project: Project, kubernetes: lightkube.Client) -> None:
    project.destroy().ok()
    assert project.state() == []
    spaces = {item.metadata.name for item in kubernetes.list(Namespace) if item.metadata}
    assert "fields" not in spaces
