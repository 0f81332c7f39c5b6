"""What a LoadBalancer Service's own options make of AWS and of the cluster: each row, on what the engine made."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator

import lightkube
import pytest
from lightkube.resources.core_v1 import Service
from lightkube.resources.discovery_v1 import EndpointSlice

from kubewire.local.cloud import Cloud
from tests.e2e.aws import Account, Aws, made_by, named
from tests.e2e.examples import make_certificate
from tests.e2e.features.balancers import (
    CLIENTS,
    DNS,
    POLICY,
    PRIVATE,
    REGION,
    SPACE,
    STACK,
    SYSLOG,
    balancer,
    group,
    services,
    sliced,
    status,
)
from tests.e2e.features.networks import network, rules
from tests.e2e.projects import IMAGE, Config, Project, Projects, declared
from tests.e2e.runs import Run

IN_PLACE = {"update", "same", "read"}


@pytest.fixture(scope="module")
def aws(account: Account) -> Aws:
    return account.of(REGION)


@pytest.fixture(scope="module")
def certificate(cloud: Cloud) -> str:
    """A server certificate, which the program is only told of."""
    return make_certificate(cloud.environment(), REGION, SPACE)


@pytest.fixture(scope="module")
def allocations(aws: Aws) -> Iterator[list[str]]:
    """Two elastic addresses, which stay whatever becomes of the load balancer."""
    made = [aws.ec2.allocate_address(Domain="vpc")["AllocationId"] for _ in "ab"]
    yield made
    for one in made:
        aws.ec2.release_address(AllocationId=one)


@pytest.fixture(scope="module")
def first(projects: Projects, certificate: str, allocations: list[str]) -> tuple[Project, Run]:
    """The project, and its first run: no pods are there yet."""
    machines = [{"name": f"lb-{zone}", "zone": f"{REGION}{zone}", "image": IMAGE} for zone in "ab"]
    config = network(
        SPACE,
        REGION,
        *services(certificate, allocations),
        vpc={"kind": "new", "cidr": "10.50.0.0/16", "ipv6": True},
        pods={"kind": "vpc"},
        nodes=declared(*machines),
    )
    made = projects.make(SPACE, config)
    return made, made.up().ok()


@pytest.fixture(scope="module")
def project(first: tuple[Project, Run]) -> Project:
    return first[0]


@pytest.fixture(scope="module")
def pods(project: Project, aws: Aws, kubernetes: lightkube.Client) -> list[str]:
    """Pods with addresses of the nodes' interfaces, as the VPC CNI gives them; one isn't ready."""
    del project
    interfaces = named(aws, STACK, "network-interface")
    addresses = []
    for name in ("lb-a", "lb-b"):
        given = aws.ec2.assign_private_ip_addresses(
            NetworkInterfaceId=interfaces[name], SecondaryPrivateIpAddressCount=1
        )
        addresses.append(given["AssignedPrivateIpAddresses"][0]["PrivateIpAddress"])
    kubernetes.create(sliced("api-1", addresses[:1], port=8080))
    kubernetes.create(sliced("api-2", addresses[1:], port=9090))
    kubernetes.create(sliced("api-3", ["10.50.0.99"], port=8080, ready=False))
    return addresses


@pytest.fixture(scope="module")
def with_pods(project: Project, pods: list[str]) -> Run:
    """The run after the pods came."""
    del pods
    return project.up().ok()


def changed(project: Project, change: Callable[[list[Config]], None]) -> Run:
    """Preview other Services, which stay out of the project's file."""
    former = project.config
    config = copy.deepcopy(former)
    change(config["cluster:services"])
    project.configure(config)
    run = project.preview()
    project.configure(former)
    return run


@pytest.fixture(scope="module")
def refused(project: Project) -> str:
    """What a preview says of several mistakes at once."""

    def change(described: list[Config]) -> None:
        edge, dns, api = described
        del edge["scheme"]
        edge["ports"][0]["tls"]["policy"] = "ELBSecurityPolicy-TLS99"
        del dns["ports"][1]["nodePort"]
        api["healthCheck"] = {"protocol": "HTTP", "path": "ready"}

    run = changed(project, change)
    assert run.code > 0
    (error,) = run.errors
    return error


def test_row_48_a_load_balancer_for_each_service_whose_name_kubectl_shows(
    project: Project, aws: Aws, kubernetes: lightkube.Client
) -> None:
    del project
    for name in ("edge", "dns", "api"):
        found = balancer(aws, name)
        assert (found["Type"], found["State"]["Code"]) == ("network", "active")
        assert status(kubernetes, name) == [found["DNSName"]]
        assert kubernetes.get(Service, name, namespace=SPACE).spec.loadBalancerClass == "kubewire.dev/nlb"  # type: ignore[union-attr]


def test_row_50_a_service_without_pods_is_made_with_a_warning(first: tuple[Project, Run], aws: Aws) -> None:
    _, run = first
    assert [warning for warning in run.warnings if "No pods are ready behind balancers/api" in warning]
    assert group(aws, "api", 80)["Targets"] == {}


def test_row_46_row_49_nodes_are_targets_at_the_node_port_that_the_service_has(
    project: Project, aws: Aws, kubernetes: lightkube.Client
) -> None:
    del project
    nodes = named(aws, STACK, "instance").values()
    spec = kubernetes.get(Service, "edge", namespace=SPACE).spec
    assert spec is not None
    for port in spec.ports or []:
        found = group(aws, "edge", port.port)
        assert (found["TargetType"], found["Port"]) == ("instance", port.nodePort)
        assert found["Targets"] == {(node, port.nodePort): "healthy" for node in nodes}


def test_row_51_without_a_scheme_there_is_no_plan(refused: str) -> None:
    assert "services[0].scheme: required, but not given" in refused


def test_row_52_sources_are_let_in_at_listeners_and_nobody_else(project: Project, aws: Aws) -> None:
    del project
    (guard,) = balancer(aws, "edge")["SecurityGroups"]
    admitted = {(rule[2], rule[3]) for rule in rules(aws, guard) if rule[0] == "in" and rule[1] == "tcp"}
    sources = [CLIENTS, "10.12.0.0/16", "2001:db8:8::/48"]
    assert admitted == {((port, port), source) for port in (80, 443) for source in sources}


def test_row_53_with_local_nodes_of_both_protocols_say_themselves_whether_they_have_endpoints(
    project: Project, aws: Aws, kubernetes: lightkube.Client
) -> None:
    del project
    spec = kubernetes.get(Service, "dns", namespace=SPACE).spec
    assert spec is not None
    for port in (53, 514):
        found = group(aws, "dns", port)
        checked = found["HealthCheckProtocol"], found["HealthCheckPort"], found["HealthCheckPath"]
        assert checked == ("HTTP", str(spec.healthCheckNodePort), "/healthz")
        assert set(found["Targets"].values()) == {"healthy"}


def test_row_54_clients_of_both_protocols_stay_with_their_node(project: Project, aws: Aws) -> None:
    del project
    assert [group(aws, "dns", port)["Attributes"]["stickiness.enabled"] for port in (53, 514)] == ["true", "true"]


def test_row_57_dual_stack(project: Project, aws: Aws) -> None:
    del project
    found = balancer(aws, "edge")
    assert found["IpAddressType"] == "dualstack"
    interfaces = aws.ec2.describe_network_interfaces(
        Filters=[{"Name": "description", "Values": [f"ELB net/{found['LoadBalancerName']}/*"]}]
    )["NetworkInterfaces"]
    assert [len(item["Ipv6Addresses"]) for item in interfaces] == [1, 1]


def test_row_58_tcp_and_udp_of_one_port_are_one_listener(
    project: Project, aws: Aws, kubernetes: lightkube.Client
) -> None:
    del project
    found = balancer(aws, "dns")["Listeners"]
    assert {port: item["Protocol"] for port, item in found.items()} == {53: "TCP_UDP", 514: "UDP"}
    both = group(aws, "dns", 53)
    assert (both["Protocol"], both["Port"]) == ("TCP_UDP", DNS)
    spec = kubernetes.get(Service, "dns", namespace=SPACE).spec
    assert spec is not None
    assert [(port.protocol, port.nodePort) for port in spec.ports or []] == [
        ("UDP", DNS),
        ("TCP", DNS),
        ("UDP", SYSLOG),
    ]
    (guard,) = balancer(aws, "dns")["SecurityGroups"]
    opened = {rule[1] for rule in rules(aws, guard) if rule[:1] == ("in",) and rule[2] == (53, 53)}
    assert opened == {"tcp", "udp"}


def test_row_58_two_node_ports_for_one_listener_are_refused(refused: str) -> None:
    assert "services[1].ports[1].nodePort: must be the other protocol's" in refused


def test_row_59_tls_ends_at_the_listener(project: Project, aws: Aws, certificate: str) -> None:
    del project
    listener = balancer(aws, "edge")["Listeners"][443]
    assert (listener["Protocol"], listener["SslPolicy"]) == ("TLS", POLICY)
    assert listener["Certificates"] == [{"CertificateArn": certificate}]
    assert listener["AlpnPolicy"] == ["HTTP2Preferred"]
    assert group(aws, "edge", 443)["Protocol"] == "TCP"


def test_row_59_a_policy_that_is_none_is_refused(refused: str) -> None:
    assert "services[0].ports[0].tls.policy: 'ELBSecurityPolicy-TLS99' is no security policy of TLS" in refused


def test_row_61_addresses_are_those_that_were_chosen(project: Project, aws: Aws, allocations: list[str]) -> None:
    del project
    zones = balancer(aws, "edge")["AvailabilityZones"]
    assert {zone["ZoneName"]: zone["LoadBalancerAddresses"][0]["AllocationId"] for zone in zones} == {
        f"{REGION}a": allocations[0],
        f"{REGION}b": allocations[1],
    }
    zones = balancer(aws, "dns")["AvailabilityZones"]
    assert {zone["ZoneName"]: zone["LoadBalancerAddresses"][0]["PrivateIPv4Address"] for zone in zones} == PRIVATE


def test_row_56_row_50_ready_pods_are_targets_by_their_addresses(
    with_pods: Run, aws: Aws, pods: list[str], kubernetes: lightkube.Client
) -> None:
    assert {step.op for step in with_pods.done} <= {*IN_PLACE, "create"}
    found = group(aws, "api", 80)
    assert found["TargetType"] == "ip"
    assert found["Targets"] == {(pods[0], 8080): "healthy", (pods[1], 9090): "healthy"}
    assert found["Attributes"]["preserve_client_ip.enabled"] == "false"
    spec = kubernetes.get(Service, "api", namespace=SPACE).spec
    assert spec is not None
    assert (spec.allocateLoadBalancerNodePorts, [port.nodePort for port in spec.ports or []]) == (False, [None])


def test_row_50_pods_ports_are_open_for_their_load_balancer_alone(with_pods: Run, aws: Aws) -> None:
    del with_pods
    (guard,) = balancer(aws, "api")["SecurityGroups"]
    nodes = named(aws, STACK, "security-group")[f"{SPACE}-nodes"]
    wanted = {("tcp", (port, port)) for port in (8080, 8081, 9090)}
    assert {rule[1:3] for rule in rules(aws, nodes) if rule[0] == "in" and rule[3] == guard} == wanted
    assert {rule[1:3] for rule in rules(aws, guard) if rule[0] == "out"} == wanted


def test_row_60_proxy_protocol_tells_pods_who_asks(with_pods: Run, aws: Aws) -> None:
    del with_pods
    assert group(aws, "api", 80)["Attributes"]["proxy_protocol_v2.enabled"] == "true"
    checked = group(aws, "api", 80)
    assert [checked[f"HealthCheck{key}"] for key in ("Protocol", "Port", "Path", "IntervalSeconds")] == [
        "HTTP",
        "8081",
        "/ready",
        15,
    ]


def test_row_64_in_place_of_a_readiness_gate_an_update_waits_for_healthy_targets(
    project: Project, with_pods: Run, kubernetes: lightkube.Client
) -> None:
    """Nothing of kubewire's runs in the cluster, so no gate holds a rollout: the update after it waits instead."""
    assert "targets" in " ".join(with_pods.diff("HealthyTargets", f"{SPACE}.{SPACE}.api.http"))
    kubernetes.create(sliced("api-4", ["10.50.0.77"], port=8080))
    run = changed(project, lambda _: None).ok()
    assert {"update TargetGroup", "update HealthyTargets"} <= {f"{step.op} {step.kind}" for step in run.steps}
    kubernetes.delete(EndpointSlice, "api-4", namespace=SPACE)


def test_row_65_the_hairpin_trap_is_told_for_both_protocols_and_not_for_pods(project: Project, with_pods: Run) -> None:
    del with_pods

    def change(described: list[Config]) -> None:
        for service in described[1:]:
            service["sources"] = ["10.50.0.0/16"]

    (warning,) = (one for one in changed(project, change).ok().warnings if "sent back to its own node" in one)
    assert warning.startswith(f"{SPACE}/dns admits 10.50.0.0/16")
    assert "preserveClientIp" not in warning


def test_row_67_more_targets_than_a_load_balancer_has_are_refused(project: Project) -> None:
    former = project.config
    config = copy.deepcopy(former)
    config["cluster:network"]["quotas"] = {"targetsPerZoneOfLoadBalancer": 3}
    project.configure(config)
    run = project.preview()
    assert [error for error in run.errors if "services[0].ports: 4 targets" in error], run.errors
    project.configure(former)


def test_options_change_in_place_and_a_second_run_changes_nothing(project: Project, with_pods: Run, aws: Aws) -> None:
    del with_pods
    before = {name: balancer(aws, name)["LoadBalancerArn"] for name in ("edge", "dns", "api")}
    config = copy.deepcopy(project.config)
    edge, dns, api = config["cluster:services"]
    edge["loadBalancer"]["ipAddressType"] = "ipv4"
    edge["sources"].pop()
    edge["ports"][0]["tls"] |= {"policy": "ELBSecurityPolicy-TLS13-1-2-2021-06", "alpn": "HTTP1Only"}
    edge["deregistrationDelaySeconds"] = 60
    edge["proxyProtocol"] = True
    dns["loadBalancer"]["crossZone"] = True
    api |= {"proxyProtocol": False, "preserveClientIp": True, "healthCheck": {"protocol": "TCP"}}
    project.configure(config)
    run = project.up().ok()
    replaced = {str(step) for step in run.done if "replace" in step.op or step.op == "delete"}
    assert replaced == set()
    found = balancer(aws, "edge")
    assert found["IpAddressType"] == "ipv4"
    assert found["Listeners"][443]["AlpnPolicy"] == ["HTTP1Only"]
    attributes = group(aws, "edge", 80)["Attributes"]
    assert attributes["deregistration_delay.timeout_seconds"] == "60"
    assert attributes["proxy_protocol_v2.enabled"] == "true"
    assert balancer(aws, "dns")["Attributes"]["load_balancing.cross_zone.enabled"] == "true"
    attributes = group(aws, "api", 80)["Attributes"]
    assert (attributes["proxy_protocol_v2.enabled"], attributes["preserve_client_ip.enabled"]) == ("false", "true")
    assert group(aws, "api", 80)["HealthCheckProtocol"] == "TCP"
    assert {name: balancer(aws, name)["LoadBalancerArn"] for name in before} == before
    assert project.up("--expect-no-changes").ok().changes == set()
    assert project.refresh().ok().changes == set()


def test_row_63_what_is_protected_stops_a_destroy_before_it_begins(project: Project, aws: Aws) -> None:
    """The engine refuses it in the plan of the destroy: nothing is gone, and what to do is told."""
    before = {thing.id for thing in made_by(aws, STACK)}
    # Not `--skip-preview`, which goes ahead until AWS itself refuses.
    run = project.start("destroy").end()
    assert run.code > 0
    assert "Traceback" not in run.said
    assert "protected" in run.said
    assert {thing.id for thing in made_by(aws, STACK)} == before
    config = copy.deepcopy(project.config)
    config["cluster:services"][0]["loadBalancer"]["deletionProtection"] = False
    project.configure(config)
    assert project.up().ok().changes == {f"update NetworkLoadBalancer {SPACE}.{SPACE}.edge"}
    assert balancer(aws, "edge")["Attributes"]["deletion_protection.enabled"] == "false"
    project.destroy().ok()
    assert made_by(aws, STACK) == []
