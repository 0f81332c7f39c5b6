"""Changes of deployed Services: each takes the steps that it must, and no others."""

from __future__ import annotations

import itertools
from typing import Any

import lightkube
import pytest
from lightkube.resources.core_v1 import Service

from tests.e2e.aws import Account, Aws, made_by, named
from tests.e2e.projects import NODE_PORTS, Config, Project, Projects

STACK = "serving/dev"
FRONT_PORTS = itertools.count(next(NODE_PORTS))


@pytest.fixture(scope="module")
def project(projects: Projects) -> Project:
    made = projects.small("serving")
    made.up().ok()
    return made


@pytest.fixture(scope="module")
def aws(account: Account, project: Project) -> Aws:
    return account.of(project.region)


def changed(project: Project, service: str, **values: Any) -> Config:
    config = project.config
    next(item for item in config["cluster:services"] if item["name"] == service).update(values)
    return config


def moved(project: Project, service: str, **port: Any) -> Config:
    config = project.config
    next(item for item in config["cluster:services"] if item["name"] == service)["ports"][0].update(port)
    return config


def admitted(aws: Aws) -> set[tuple[int, str]]:
    """Ports that the nodes open, and to whom."""
    groups = named(aws, STACK, "security-group")
    names = {group: name for name, group in groups.items()}
    found = aws.ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [groups["serving-nodes"]]}])
    return {
        (rule["FromPort"], rule.get("CidrIpv4") or names[rule["ReferencedGroupInfo"]["GroupId"]])
        for rule in found["SecurityGroupRules"]
        if rule["IpProtocol"] == "tcp"
    }


def test_node_port_of_a_load_balancer_moves(project: Project, aws: Aws, kubernetes: lightkube.Client) -> None:
    port = next(FRONT_PORTS)
    project.configure(moved(project, "front", nodePort=port))
    run = project.up().ok()
    assert {step.name for step in run.done if step.op not in ("same", "read")} == {
        "serving.serving.front",
        "serving.serving.front.nodes",
        "serving.serving.front.http",
        "serving.serving.front.80",
    }
    (group,) = named(aws, STACK, "target-group").values()
    health = aws.elbv2.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
    nodes = named(aws, STACK, "instance").values()
    assert {(item["Target"]["Id"], item["Target"]["Port"]) for item in health} == {(node, port) for node in nodes}
    assert (port, "serving-serving-front") in admitted(aws)
    assert len([peer for _, peer in admitted(aws) if peer == "serving-serving-front"]) == 1
    service = kubernetes.get(Service, "front", namespace="serving")
    assert service.spec is not None
    assert [item.nodePort for item in service.spec.ports or []] == [port]
    assert project.up("--expect-no-changes").ok().changes == set()


def test_node_port_of_a_node_port_service_moves_with_its_firewall(project: Project, aws: Aws) -> None:
    port = next(FRONT_PORTS)
    project.configure(moved(project, "admin", nodePort=port))
    changes = project.up().ok().changes
    assert changes == {"update Service serving.serving.admin", "update SecurityGroupRules serving.serving.admin.nodes"}
    assert {opened for opened, peer in admitted(aws) if peer == "10.8.0.0/16"} == {port}


def test_port_of_a_load_balancer_gets_another_name(project: Project, aws: Aws) -> None:
    project.configure(moved(project, "front", name="web"))
    project.up().ok()
    (balancer,) = named(aws, STACK, "load-balancer").values()
    (listener,) = aws.elbv2.describe_listeners(LoadBalancerArn=balancer)["Listeners"]
    assert listener["Port"] == 80
    project.configure(moved(project, "front", name="http"))
    project.up().ok()
    assert project.up("--expect-no-changes").ok().changes == set()


def test_service_changes_its_type_and_stays_the_same_object(
    project: Project, aws: Aws, kubernetes: lightkube.Client
) -> None:
    def uid() -> str | None:
        found = kubernetes.get(Service, "admin", namespace="serving")
        assert found.metadata is not None
        return found.metadata.uid

    former, before = project.config, uid()
    config = changed(project, "admin", type="ClusterIP", ports=[{"name": "http", "port": 8080}])
    next(item for item in config["cluster:services"] if item["name"] == "admin").pop("sources")
    project.configure(config)
    project.up().ok()
    assert uid() == before
    assert [peer for _, peer in admitted(aws) if peer == "10.8.0.0/16"] == []
    project.configure(former)
    project.up().ok()
    assert uid() == before
    assert [peer for _, peer in admitted(aws) if peer == "10.8.0.0/16"] == ["10.8.0.0/16"]
    assert project.up("--expect-no-changes").ok().changes == set()


def test_a_service_that_is_made_anew_shows_its_load_balancer_again(
    project: Project, kubernetes: lightkube.Client
) -> None:
    former, shown = project.config, []
    for config in (changed(project, "front", loadBalancerClass="example.com/nobodys"), former):
        project.configure(config)
        project.up().ok()
        found = kubernetes.get(Service, "front", namespace="serving")
        assert found.status
        assert found.status.loadBalancer
        shown.append([item.hostname for item in found.status.loadBalancer.ingress or []])
        assert project.up("--expect-no-changes").ok().changes == set()
    assert shown[0] == shown[1] != []


def test_scheme_of_a_load_balancer_changes_by_replacement(project: Project, aws: Aws) -> None:
    (before,) = named(aws, STACK, "load-balancer").values()
    project.configure(changed(project, "front", scheme="internet-facing", sources=["anywhere"]))
    project.up().ok()
    (balancer,) = aws.elbv2.describe_load_balancers(Names=["serving-serving-front-public"])["LoadBalancers"]
    assert balancer["LoadBalancerArn"] != before
    assert balancer["Scheme"] == "internet-facing"
    public = {subnet for name, subnet in named(aws, STACK, "subnet").items() if "-public-" in name}
    assert {zone["SubnetId"] for zone in balancer["AvailabilityZones"]} == public
    listeners = aws.elbv2.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    assert [listener["Port"] for listener in listeners] == [80]
    assert len([thing for thing in made_by(aws, STACK) if thing.kind in ("load-balancer", "listener")]) == 2
    assert project.up("--expect-no-changes").ok().changes == set()


def test_service_comes_and_goes(project: Project, aws: Aws, kubernetes: lightkube.Client) -> None:
    things = {thing.id for thing in made_by(aws, STACK)}
    former = project.config
    more: list[dict[str, Any]] = [
        {"type": "ClusterIP", "name": "cache", "ports": [{"port": 6379}]},
        {
            "type": "LoadBalancer",
            "name": "mail",
            "scheme": "internal",
            "sources": ["10.50.0.0/16"],
            # The API server chooses its node port.
            "ports": [{"name": "smtp", "port": 25, "targetPort": "smtp"}],
        },
    ]
    common = {"namespace": "serving", "selector": {"app": "more"}}
    config = project.config
    config["cluster:services"] += [{**common, **service} for service in more]
    project.configure(config)
    run = project.up().ok()
    assert {step.op for step in run.done} == {"same", "create"}
    assert {step.name for step in run.done if step.op == "create"} == {
        "serving.serving.cache",
        "serving.serving.mail",
        "serving.serving.mail.nodes",
        "serving.serving.mail.smtp",
        "serving.serving.mail.25",
    }
    mail = kubernetes.get(Service, "mail", namespace="serving")
    assert mail.spec is not None
    (port,) = mail.spec.ports or []
    assert port.nodePort is not None
    assert (port.nodePort, "serving-serving-mail") in admitted(aws)
    assert project.up("--expect-no-changes").ok().changes == set()

    project.configure(former)
    run = project.up().ok()
    assert {step.op for step in run.done} == {"same", "delete"}
    assert {thing.id for thing in made_by(aws, STACK)} == things
    left = {item.metadata.name for item in kubernetes.list(Service, namespace="serving") if item.metadata}
    assert left == {"front", "admin", "bank"}


def test_a_namespace_is_kept_while_services_are_in_it(project: Project, kubernetes: lightkube.Client) -> None:
    former = project.config
    project.configure(former | {"cluster:namespaces": []})
    run = project.up()
    project.configure(former)
    assert run.code > 0
    (error,) = run.errors
    assert "namespace serving is this stack's, and would be deleted with its Services" in error
    assert len(list(kubernetes.list(Service, namespace="serving"))) == 3
    assert project.up("--expect-no-changes").ok().changes == set()
