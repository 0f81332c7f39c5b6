"""Services out of published manifests, deployed; and those of a cluster, taken over by the program that is printed."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lightkube
import pytest
import yaml
from lightkube import ALL_NS
from lightkube.models.core_v1 import ServicePort, ServiceSpec
from lightkube.models.meta_v1 import ObjectMeta
from lightkube.resources.core_v1 import Namespace, Service

from kubewire.local.cloud import Cloud
from tests.e2e.aws import Account, Aws, made_by, named
from tests.e2e.features.networks import network, rules
from tests.e2e.projects import Projects, declared, node
from tests.e2e.pulumi import Stack
from tests.e2e.runs import Run

REGION = "us-west-2"
FIXTURES = Path(__file__).parents[2] / "fixtures" / "manifests"
FILES = ("online-boutique.yaml", "sock-shop.yaml", "voting-app.yaml")
SOURCES = "10.8.0.0/16"
NETWORK = f"""
import pulumi
from kubewire import *

SIZE = ClusterNetworkArgs(
    name="{{name}}",
    region="{REGION}",
    vpc=NewVpc(cidr="10.70.0.0/20"),
    zones=["{REGION}a"],
    nat="none",
    pods=RoutedPods(cidr="100.90.0.0/16"),
    service_cidr="10.96.0.0/16",
    nodes=DeclaredNodes(machines=[
        Node(name="one", zone="{REGION}a", image="ami-0d71ea30463e0ff8d", pod_cidr="100.90.0.0/24"),
    ]),
)
"""
PAGE = (Path(__file__).parents[3] / "docs" / "manifests.md").read_text()
(APPS,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
(COMMAND,) = re.findall(r"^    kubewire (.*) > services.py$", PAGE, re.MULTILINE)
TAKEN_OVER = """
from services import SERVICES, declare

network = ClusterNetwork(fitted(SIZE, SERVICES))
declare(network)
"""
Ports = list[tuple[int, int | str]]

# What each application's own documentation says of its Services: type, and ports with what pods listen on.
BOUTIQUE: dict[str, tuple[str, Ports]] = {
    "adservice": ("ClusterIP", [(9555, 9555)]),
    "cartservice": ("ClusterIP", [(7070, 7070)]),
    "checkoutservice": ("ClusterIP", [(5050, 5050)]),
    "currencyservice": ("ClusterIP", [(7000, 7000)]),
    "emailservice": ("ClusterIP", [(5000, 8080)]),
    "frontend": ("ClusterIP", [(80, 8080)]),
    "frontend-external": ("LoadBalancer", [(80, 8080)]),
    "paymentservice": ("ClusterIP", [(50051, 50051)]),
    "productcatalogservice": ("ClusterIP", [(3550, 3550)]),
    "recommendationservice": ("ClusterIP", [(8080, 8080)]),
    "redis-cart": ("ClusterIP", [(6379, 6379)]),
    "shippingservice": ("ClusterIP", [(50051, 50051)]),
}
SOCKS: dict[str, tuple[str, Ports]] = {
    **{
        name: ("ClusterIP", [(80, 80)])
        for name in ("carts", "catalogue", "orders", "payment", "queue-master", "shipping", "user")
    },
    **{name: ("ClusterIP", [(27017, 27017)]) for name in ("carts-db", "orders-db", "user-db")},
    "catalogue-db": ("ClusterIP", [(3306, 3306)]),
    "session-db": ("ClusterIP", [(6379, 6379)]),
    "rabbitmq": ("ClusterIP", [(5672, 5672), (9090, "exporter")]),
    "front-end": ("NodePort", [(80, 8079)]),
}
VOTES: dict[str, tuple[str, Ports]] = {
    "db": ("ClusterIP", [(5432, 5432)]),
    "redis": ("ClusterIP", [(6379, 6379)]),
    "vote": ("NodePort", [(8080, 80)]),
    "result": ("NodePort", [(8081, 80)]),
}


def stack_of(projects: Projects, name: str, program: str) -> Stack:
    made = projects.program(name, NETWORK.format(name=name) + program)
    made.said("config", "set", "kubewire:region", REGION)
    return made


@pytest.fixture(scope="module")
def aws(account: Account) -> Aws:
    return account.of(REGION)


@pytest.fixture(scope="module")
def apps(projects: Projects) -> Stack:
    made = stack_of(projects, "apps", APPS)
    (made.folder / "manifests").mkdir()
    for file in FILES:
        shutil.copy(FIXTURES / file, made.folder / "manifests" / file)
    assert made.up().ok().warnings == []
    return made


def services_in(kubernetes: lightkube.Client, namespace: str) -> dict[str, ServiceSpec]:
    found = kubernetes.list(Service, namespace=namespace)
    return {item.metadata.name: item.spec for item in found if item.metadata and item.metadata.name and item.spec}


@pytest.mark.parametrize(("namespace", "published"), [("boutique", BOUTIQUE), ("sock-shop", SOCKS), ("voting", VOTES)])
def test_published_manifests_are_in_the_cluster(
    apps: Stack, kubernetes: lightkube.Client, namespace: str, published: dict[str, tuple[str, Ports]]
) -> None:
    del apps
    found = services_in(kubernetes, namespace)
    seen = {
        name: (spec.type, [(port.port, port.targetPort) for port in spec.ports or ()]) for name, spec in found.items()
    }
    assert seen == published
    assert all(spec.selector for spec in found.values())


def test_published_load_balancer_is_on_aws(apps: Stack, aws: Aws, kubernetes: lightkube.Client) -> None:
    del apps
    (arn,) = named(aws, "apps/dev", "load-balancer").values()
    (balancer,) = aws.elbv2.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"]
    assert (balancer["Type"], balancer["Scheme"]) == ("network", "internal")
    (listener,) = aws.elbv2.describe_listeners(LoadBalancerArn=arn)["Listeners"]
    assert (listener["Protocol"], listener["Port"]) == ("TCP", 80)
    (group,) = aws.elbv2.describe_target_groups(LoadBalancerArn=arn)["TargetGroups"]
    chosen = (services_in(kubernetes, "boutique")["frontend-external"].ports or [])[0].nodePort
    assert group["Port"] == chosen
    (own,) = balancer["SecurityGroups"]
    assert ("in", "tcp", (80, 80), SOURCES) in rules(aws, own)


def test_published_node_ports_are_open_to_their_sources_alone(apps: Stack, aws: Aws) -> None:
    del apps
    opened = rules(aws, named(aws, "apps/dev", "security-group")["apps-nodes"])
    for port in (30001, 31000, 31001):
        assert {rule for rule in opened if rule[2] == (port, port)} == {("in", "tcp", (port, port), SOURCES)}
    assert not [rule for rule in opened if rule[0] == "in" and rule[3] in ("0.0.0.0/0", "::/0")]


def test_published_manifests_again_change_nothing(apps: Stack) -> None:
    assert apps.up("--expect-no-changes").ok().changes == set()


def test_published_manifests_leave_nothing_behind(apps: Stack, aws: Aws, kubernetes: lightkube.Client) -> None:
    apps.destroy().ok()
    assert apps.state() == []
    assert made_by(aws, "apps/dev") == []
    left = {item.metadata.namespace for item in kubernetes.list(Service, namespace=ALL_NS) if item.metadata}
    assert left.isdisjoint({"boutique", "sock-shop", "voting"})


HEADLESS = ServiceSpec(selector={"app": "peers"}, clusterIP="None", ports=[ServicePort(name="gossip", port=7946)])
LIVE = {
    "cache": ServiceSpec(selector={"app": "cache"}, ports=[ServicePort(port=6379)], sessionAffinity="ClientIP"),
    "peers": HEADLESS,
    "elsewhere": ServiceSpec(ports=[ServicePort(port=5432)]),
    "door": ServiceSpec(type="NodePort", selector={"app": "door"}, ports=[ServicePort(port=80, targetPort="http")]),
    "bank": ServiceSpec(type="ExternalName", externalName="payments.example.com", ports=[ServicePort(port=443)]),
    "front": ServiceSpec(
        type="LoadBalancer",
        selector={"app": "front"},
        loadBalancerClass="kubewire.dev/nlb",
        loadBalancerSourceRanges=[SOURCES],
        externalTrafficPolicy="Local",
        ports=[ServicePort(port=80)],
    ),
    "theirs": ServiceSpec(
        type="LoadBalancer",
        selector={"app": "theirs"},
        loadBalancerClass="service.k8s.aws/nlb",
        loadBalancerSourceRanges=[SOURCES],
        ports=[ServicePort(port=80)],
    ),
}


@pytest.fixture(scope="module")
def live(kubernetes: lightkube.Client) -> Iterator[dict[str, tuple[Any, Any]]]:
    """Services that somebody made long ago, and what tells whether one was touched since."""
    kubernetes.create(Namespace(metadata=ObjectMeta(name="long-ago")))
    for name, spec in LIVE.items():
        notes = {"example.com/team": name} if name == "cache" else None
        metadata = ObjectMeta(name=name, namespace="long-ago", annotations=notes, labels={"made": "long-ago"})
        kubernetes.create(Service(metadata=metadata, spec=spec))
    yield versions(kubernetes)
    kubernetes.delete(Namespace, "long-ago")


def versions(kubernetes: lightkube.Client) -> dict[str, tuple[Any, Any]]:
    found = kubernetes.list(Service, namespace="long-ago")
    return {
        str(item.metadata.name): (item.metadata.uid, item.metadata.resourceVersion) for item in found if item.metadata
    }


def imported(cloud: Cloud, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", "from kubewire.cli import main; main()", "import-services", *options],
        env=cloud.environment(),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def printed(cloud: Cloud, live: dict[str, tuple[Any, Any]]) -> str:
    del live
    command, *options = shlex.split(COMMAND.replace("shop", "long-ago"))
    assert command == "import-services"
    ran = imported(cloud, *options)
    assert ran.returncode == 0, ran.stderr
    assert "6 Services are taken over" in ran.stderr
    assert "1 have a load balancer of another controller" in ran.stderr
    return ran.stdout


def test_an_environment_file_takes_them_over_too(
    cloud: Cloud, projects: Projects, printed: str, live: dict[str, tuple[Any, Any]]
) -> None:
    del printed, live
    ran = imported(cloud, *shlex.split(COMMAND.replace("shop", "long-ago"))[1:], "--format", "yaml")
    config = network("long-ago", REGION, letters="a", nodes=declared(node("one", f"{REGION}a", "100.64.0.0/24")))
    project = projects.make("long-ago", {**config, "cluster:namespaces": [], **yaml.safe_load(ran.stdout)})
    assert of_services(project.preview().ok()) == dict.fromkeys(LIVE.keys() - {"theirs"}, "import")


def of_services(run: Run) -> dict[str, str]:
    """What a run did to Kubernetes' Services."""
    return {step.name.rpartition(".")[2]: step.op for step in run.done if "kubernetes:core/v1:Service" in step.urn}


def test_what_is_not_said_must_be(cloud: Cloud, live: dict[str, tuple[Any, Any]]) -> None:
    del live
    ran = imported(cloud, "--namespace", "long-ago")
    assert ran.returncode == 1
    assert ran.stdout == ""
    assert "the cluster: long-ago/door: spec.type: it isn't said who may connect" in ran.stderr
    assert "the cluster: long-ago/front: spec.type: it isn't said who reaches the load balancer" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_live_cluster_is_taken_over_without_a_change(
    projects: Projects, kubernetes: lightkube.Client, printed: str, live: dict[str, tuple[Any, Any]]
) -> None:
    stack = stack_of(projects, "taken", TAKEN_OVER)
    (stack.folder / "services.py").write_text(printed)
    ours = dict.fromkeys(LIVE.keys() - {"theirs"}, "import")
    assert of_services(stack.up().ok()) == ours
    touched = {name for name, known in versions(kubernetes).items() if known != live[name]}
    # The load balancer's name is written into the status of its Service, and nowhere else.
    assert touched <= {"front"}
    assert stack.up("--expect-no-changes").ok().changes == set()
    assert stack.refresh().ok().changes == set()

    # Without `adopt`, they are this program's as any others: none is made anew.
    (stack.folder / "services.py").write_text(printed.replace(", adopt=True", ""))
    assert set(of_services(stack.up().ok()).values()) <= {"update", "same"}
    after = versions(kubernetes)
    assert {name: uid for name, (uid, _) in after.items()} == {name: uid for name, (uid, _) in live.items()}
    assert stack.up("--expect-no-changes").ok().changes == set()
    stack.destroy().ok()
    assert versions(kubernetes).keys() == {"theirs"}
