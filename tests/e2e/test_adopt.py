"""Load balancers that controllers made, taken over: the same load balancer and listeners go on to take the traffic."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lightkube
import pytest
import yaml
from lightkube.generic_resource import create_global_resource
from lightkube.models.meta_v1 import ObjectMeta
from lightkube.resources.core_v1 import Namespace, Service

from tests.e2e.aws import Account, Aws, inventory, made_by, named
from tests.e2e.controllers import BINDINGS, Binding, Controller, Made, bind, make
from tests.e2e.features.networks import network, rules
from tests.e2e.projects import Project, Projects, declared, node

REGION = "eu-south-2"
STACK = "adopted/dev"
OFFICE = "10.8.0.0/16"
PAGE = (Path(__file__).parents[2] / "docs" / "manifests.md").read_text()
COMMANDS = re.findall(r"^    kubewire (adopt .*)$", PAGE, re.MULTILINE)
AWS_CONTROLLER = Controller(
    tags={"elbv2.k8s.aws/cluster": "adopted", "service.k8s.aws/stack": "shop/web"},
    roles="service.k8s.aws/resource",
    finalizer="service.k8s.aws/resources",
    spec={"loadBalancerClass": "service.k8s.aws/nlb", "loadBalancerSourceRanges": [OFFICE]},
    notes={
        "service.beta.kubernetes.io/aws-load-balancer-scheme": "internal",
        "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type": "instance",
    },
    has_group=True,
)
PROVIDER = Controller(
    tags={"kubernetes.io/cluster/adopted": "owned", "kubernetes.io/service-name": "shop/api"},
    roles="",
    finalizer="service.kubernetes.io/load-balancer-cleanup",
    spec={"loadBalancerSourceRanges": [OFFICE], "externalTrafficPolicy": "Local"},
    notes={
        "service.beta.kubernetes.io/aws-load-balancer-type": "nlb",
        "service.beta.kubernetes.io/aws-load-balancer-internal": "true",
    },
    has_group=False,
)
Definition = create_global_resource(
    "apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions"
)


@pytest.fixture(scope="module")
def aws(account: Account) -> Aws:
    return account.of(REGION)


@pytest.fixture(scope="module")
def project(projects: Projects) -> Project:
    """A network that is deployed, with two nodes and no Service."""
    machines = [node(name, f"{REGION}{name}", f"100.64.{at}.0/24") for at, name in enumerate("ab")]
    config = network("adopted", REGION, nodes=declared(*machines))
    made = projects.make("adopted", {**config, "cluster:namespaces": []})
    made.up().ok()
    return made


@pytest.fixture(scope="module", autouse=True)
def shop(kubernetes: lightkube.Client) -> Iterator[None]:
    kubernetes.create(Namespace(metadata=ObjectMeta(name="shop")))
    kubernetes.create(Definition.from_dict(BINDINGS))
    yield
    kubernetes.delete(Definition, "targetgroupbindings.elbv2.k8s.aws")
    kubernetes.delete(Namespace, "shop")


@pytest.fixture(scope="module")
def web(project: Project, aws: Aws, kubernetes: lightkube.Client) -> Made:
    """What the AWS Load Balancer Controller makes."""
    del project
    made = make(AWS_CONTROLLER, aws, kubernetes, STACK, name="web", ports=(80, 443), source=OFFICE)
    bind(kubernetes, "web", made.groups[80])
    return made


MAIN = "from kubewire.cli import main; main()"
DIES = f"""
from kubewire.cloud.adopting.services import AdoptedServices

patch, patched = AdoptedServices.patch, []

def dies(self, *given):
    if patched:
        raise SystemExit("killed between two patches")
    patched.append(given)
    return patch(self, *given)

AdoptedServices.patch = dies
{MAIN}
"""


def kubewire(project: Project, *arguments: str, program: str = MAIN) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", program, *arguments],
        cwd=project.folder,
        env=dict(project.environment),
        capture_output=True,
        text=True,
        check=False,
    )


def live(kubernetes: lightkube.Client, name: str) -> Any:
    return kubernetes.get(Service, name, namespace="shop")


def test_it_is_shown_first_and_nothing_is_written(
    project: Project, web: Made, aws: Aws, kubernetes: lightkube.Client
) -> None:
    state, there, service = project.state(), inventory(aws), live(kubernetes, "web")
    ran = kubewire(project, *shlex.split(COMMANDS[0]))
    assert ran.returncode == 0, ran.stderr
    assert re.search(r"load balancer k8s-shop-web-f00ba47f00 +kept", ran.stderr)
    assert re.search(r"listener TCP 443 +kept", ran.stderr)
    assert re.search(r"target group k8s-shop-web-8000ba47 +`up` makes a new one, then deletes it", ran.stderr)
    assert re.search(rf"security group \S+ \({web.security_group}\) +`up` makes a new one", ran.stderr)
    assert "LoadBalancerServiceArgs(" in ran.stdout
    compile(ran.stdout, "service.py", "exec")
    assert (project.state(), inventory(aws), live(kubernetes, "web")) == (state, there, service)


@pytest.fixture(scope="module")
def adopted(project: Project, web: Made) -> dict[str, Any]:
    """What is printed for the environment file, when it's taken over."""
    del web
    ran = kubewire(project, *shlex.split(COMMANDS[1]))
    assert ran.returncode == 0, ran.stderr
    config: dict[str, Any] = yaml.safe_load(ran.stdout)
    return config


def test_its_controller_lets_go_of_it_and_it_stays_what_it_is(
    project: Project, web: Made, adopted: dict[str, Any], aws: Aws, kubernetes: lightkube.Client
) -> None:
    del adopted
    found = live(kubernetes, "web")
    assert not found.metadata.finalizers
    assert (found.spec.type, found.spec.loadBalancerClass) == ("LoadBalancer", "kubewire.dev/nlb")
    assert (found.spec.clusterIP, found.metadata.uid) == (web.service.spec.clusterIP, web.service.metadata.uid)  # type: ignore[union-attr]
    assert found.spec.ports == web.service.spec.ports  # type: ignore[union-attr]
    assert [item.hostname for item in found.status.loadBalancer.ingress] == [web.dns_name]
    assert list(kubernetes.list(Binding, namespace="shop")) == []
    for group in web.groups.values():
        health = aws.elbv2.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
        assert {item["TargetHealth"]["State"] for item in health} <= {"healthy", "initial", "unused", "unhealthy"}
        assert len(health) == len(named(aws, STACK, "instance"))
    assert {web.arn, *web.listeners.values()} <= {row.get("id") for row in project.state()}


def test_what_is_imported_is_not_deleted_for_not_being_declared(project: Project, adopted: dict[str, Any]) -> None:
    del adopted
    run = project.preview()
    assert run.code > 0
    assert any("protected" in error for error in run.errors)


def test_again_it_does_nothing_and_prints_the_same(project: Project, adopted: dict[str, Any]) -> None:
    state = project.state()
    ran = kubewire(project, *shlex.split(COMMANDS[1]))
    assert ran.returncode == 0, ran.stderr
    assert yaml.safe_load(ran.stdout) == adopted
    assert project.state() == state


def test_up_keeps_the_load_balancer_and_its_listeners(
    project: Project, web: Made, adopted: dict[str, Any], aws: Aws, kubernetes: lightkube.Client
) -> None:
    project.configure({**project.config, **adopted})
    run = project.up().ok()
    gone = {(step.kind, step.op) for step in run.done if "delete" in step.op or "replace" in step.op}
    assert {kind for kind, _ in gone} == {"TargetGroup", "SecurityGroup"}
    order = [(step.kind, step.op) for step in run.done]
    assert order.index(("SecurityGroupRules", "create")) < order.index(("NetworkLoadBalancer", "update"))
    (balancer,) = aws.elbv2.describe_load_balancers(LoadBalancerArns=[web.arn])["LoadBalancers"]
    (guard,) = balancer["SecurityGroups"]
    assert guard == named(aws, STACK, "security-group")["adopted-shop-web"]
    admitted = {rule for rule in rules(aws, guard) if rule[0] == "in" and rule[1] == "tcp"}
    assert admitted == {("in", "tcp", (80, 80), OFFICE), ("in", "tcp", (443, 443), OFFICE)}
    listeners = aws.elbv2.describe_listeners(LoadBalancerArn=web.arn)["Listeners"]
    assert {item["Port"]: item["ListenerArn"] for item in listeners} == web.listeners
    groups = {item["DefaultActions"][0]["TargetGroupArn"] for item in listeners}
    assert groups.isdisjoint(web.groups.values())
    ports = {port.port: port.nodePort for port in live(kubernetes, "web").spec.ports}
    nodes = rules(aws, named(aws, STACK, "security-group")["adopted-nodes"])
    assert {("in", "tcp", (port, port), guard) for port in ports.values()} <= nodes
    for item in aws.elbv2.describe_target_groups(TargetGroupArns=list(groups))["TargetGroups"]:
        assert item["Port"] in ports.values()
        assert (item["HealthCheckIntervalSeconds"], item["HealthCheckTimeoutSeconds"]) == (15, 10)
    tags = aws.elbv2.describe_tags(ResourceArns=[web.arn])["TagDescriptions"][0]["Tags"]
    assert not [tag for tag in tags if "k8s.aws" in tag["Key"]]
    assert live(kubernetes, "web").metadata.uid == web.service.metadata.uid  # type: ignore[union-attr]


def test_without_security_groups_it_is_replaced_if_that_is_asked_for_and_a_run_that_was_cut_off_goes_on(
    project: Project, adopted: dict[str, Any], aws: Aws, kubernetes: lightkube.Client
) -> None:
    del adopted
    api = make(PROVIDER, aws, kubernetes, STACK, name="api", ports=(80,), source=OFFICE)
    health_port = api.service.spec.healthCheckNodePort  # type: ignore[union-attr]
    again = shlex.split(COMMANDS[2].replace("shop/old", "shop/api"))
    assert "killed between two patches" in kubewire(project, *again, program=DIES).stderr
    half = live(kubernetes, "api")
    assert (half.spec.type, half.metadata.finalizers) == ("NodePort", None)
    # Without this, cloud-provider-aws would delete the load balancer of a Service that wants none.
    assert half.metadata.annotations["service.beta.kubernetes.io/aws-load-balancer-type"] == "external"

    ran = kubewire(project, *again)
    assert ran.returncode == 0, ran.stderr
    whole = live(kubernetes, "api")
    assert (whole.spec.type, whole.spec.healthCheckNodePort) == ("LoadBalancer", health_port)
    assert whole.spec.ports == api.service.spec.ports  # type: ignore[union-attr]
    (service,) = yaml.safe_load(ran.stdout)["cluster:services"]
    assert "name" not in service["loadBalancer"]
    config = project.config
    (web,) = config["cluster:services"]
    project.configure({**config, "cluster:services": [{**web, "sources": ["10.9.0.0/16"]}, service]})
    run = project.up().ok()
    assert ("create-replacement", "NetworkLoadBalancer") in {(step.op, step.kind) for step in run.done}
    (new,) = (arn for arn in named(aws, STACK, "load-balancer").values() if "shop-api" in arn)
    (balancer,) = aws.elbv2.describe_load_balancers(LoadBalancerArns=[new])["LoadBalancers"]
    assert balancer["SecurityGroups"]
    # What adopting wrote into a Service is Pulumi's to change.
    assert live(kubernetes, "web").spec.loadBalancerSourceRanges == ["10.9.0.0/16"]
    assert "service.beta.kubernetes.io/aws-load-balancer-type" not in live(kubernetes, "web").metadata.annotations
    shown = live(kubernetes, "api")
    assert [item.hostname for item in shown.status.loadBalancer.ingress] == [balancer["DNSName"]]
    assert shown.metadata.uid == api.service.metadata.uid  # type: ignore[union-attr]
    assert project.up("--expect-no-changes").ok().changes == set()
    there = {thing.id for thing in inventory(aws)}
    assert there.isdisjoint({api.arn, *api.groups.values(), *api.listeners.values()})


def test_destroy_leaves_nothing(
    project: Project, web: Made, adopted: dict[str, Any], aws: Aws, kubernetes: lightkube.Client
) -> None:
    del adopted
    project.destroy().ok()
    assert project.state() == []
    assert made_by(aws, STACK) == []
    there = {thing.id for thing in inventory(aws)}
    assert there.isdisjoint({web.arn, *web.groups.values(), *web.listeners.values(), web.security_group})
    assert list(kubernetes.list(Service, namespace="shop")) == []
