"""One network, deployed by the real engine: its plan, its state and the account itself say the same of it.

It has a cloud of its own: an API server that other tests use has their Services, for which this network has no rules.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import lightkube
import pytest
import yaml
from lightkube.models.core_v1 import NodeSpec, NodeStatus
from lightkube.models.discovery_v1 import Endpoint, EndpointPort
from lightkube.models.meta_v1 import ObjectMeta
from lightkube.resources.core_v1 import Node
from lightkube.resources.discovery_v1 import EndpointSlice

from kubewire.commands.running import selected_stack
from kubewire.local.cloud import Cloud
from tests.e2e.aws import Aws, clients, named
from tests.e2e.projects import Project, Projects, small

REGION = "ap-northeast-1"
NAME = "agreed"
STACK = f"{NAME}/dev"
KUBEWIRE = Path(sys.executable).parent / "kubewire"
PODS = {"node-a": "100.80.0.0/24", "node-b": "100.80.1.0/24"}
BY_THE_API = r"how many pods node-[ab] runs at most|which pods answer: only the cluster says it"
ONLY_THERE = {
    "plan": BY_THE_API,
    "state": BY_THE_API,
    "live": r"who may connect to .+ from outside: nothing declares it",
}
"""What each of the sources alone can't know."""


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    with Cloud.up(tmp_path_factory.mktemp("agreed") / "home") as cloud:
        yield cloud


@pytest.fixture(scope="module")
def aws(cloud: Cloud) -> Iterator[Aws]:
    with clients(cloud.environment(), REGION) as made:
        yield made


@pytest.fixture(scope="module")
def project(cloud: Cloud, aws: Aws, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A network that is deployed, with nodes that joined its cluster."""
    # Tokyo has no zone b for new accounts.
    config = json.loads(json.dumps(small(NAME, REGION, 30100)).replace(f"{REGION}b", f"{REGION}c"))
    made = Projects(cloud, tmp_path_factory).make(NAME, config)
    made.up().ok()
    instances = named(aws, STACK, "instance")
    with lightkube.Client(lightkube.KubeConfig.from_file(cloud.kubeconfig).get()) as kubernetes:
        for name, pods in PODS.items():
            spec = NodeSpec(podCIDR=pods, podCIDRs=[pods], providerID=f"aws:///{REGION}a/{instances[name]}")
            kubernetes.create(Node(metadata=ObjectMeta(name=name), spec=spec))
            joined = Node(metadata=ObjectMeta(name=name), status=NodeStatus(capacity={"pods": "110", "cpu": "2"}))
            kubernetes.patch(Node.Status, name, joined)  # type: ignore[type-var]  # a Node's status is one
        for namespace, service, port, ends in (
            (NAME, "front", 8080, ["100.80.0.5", "100.80.1.5"]),
            (NAME, "admin", 8080, ["100.80.0.6", "100.80.1.6"]),
            ("default", "kubernetes", 6443, node_addresses(aws)),
        ):
            labels = {"kubernetes.io/service-name": service}
            metadata = ObjectMeta(name=f"{service}-{NAME}", namespace=namespace, labels=labels)
            there = [Endpoint(addresses=[at], nodeName=name) for at, name in zip(ends, PODS, strict=True)]
            name = "https" if service == "kubernetes" else "http"
            ports = [EndpointPort(name=name, port=port, protocol="TCP")]
            kubernetes.create(EndpointSlice(metadata=metadata, addressType="IPv4", endpoints=there, ports=ports))
    return made


def node_addresses(aws: Aws) -> list[str]:
    """The addresses of the nodes, by their names."""
    ids = named(aws, STACK, "network-interface")
    rows = aws.ec2.describe_network_interfaces(NetworkInterfaceIds=[ids[name] for name in PODS])["NetworkInterfaces"]
    found = {row["NetworkInterfaceId"]: row["PrivateIpAddress"] for row in rows}
    return [found[ids[name]] for name in PODS]


@pytest.fixture(scope="module")
def declared(project: Project) -> Path:
    """What neither AWS nor the API server says of the cluster."""
    file = project.folder / "cluster.yaml"
    said = {
        "podRanges": ["100.80.0.0/16"],
        "nodePorts": {"first": 30000, "last": 32767},
        "unmasqueraded": ["10.50.0.0/20", "100.80.0.0/16"],
    }
    file.write_text(yaml.safe_dump(said))
    return file


def asked(project: Project, *arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    ran = subprocess.run(  # noqa: S603 - the command under test
        [KUBEWIRE, *arguments],
        cwd=project.folder,
        env={**project.environment, "AWS_REGION": REGION},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in ran.stderr
    return ran


def verdicts(ran: subprocess.CompletedProcess[str]) -> dict[int, dict[str, Any]]:
    assert ran.stderr == ""
    (cluster,) = json.loads(ran.stdout)["clusters"]
    return {one["number"]: one["verdict"] for one in cluster["properties"]}


@pytest.fixture(scope="module")
def sources(project: Project, declared: Path) -> dict[str, tuple[tuple[str, ...], str | None]]:
    """The ways to ask about the same network."""
    preview = project.asked("preview", "--json", "--show-sames", "--show-reads", "--stack", project.name)
    assert preview.returncode == 0, preview.stderr
    return {
        "plan": (("--plan", "-"), preview.stdout),
        "state": (("--state", "-"), project.said("stack", "export")),
        "live": (("--live", NAME, "--cluster", str(declared)), None),
    }


def prove(project: Project, source: tuple[tuple[str, ...], str | None]) -> dict[int, dict[str, Any]]:
    ran = asked(project, "prove", *source[0], "--format", "json", stdin=source[1])
    assert ran.returncode in (0, 1), ran.stderr
    return verdicts(ran)


def test_every_property_has_one_verdict_wherever_the_facts_are_from(
    project: Project, sources: dict[str, tuple[tuple[str, ...], str | None]]
) -> None:
    said = {name: prove(project, source) for name, source in sources.items()}
    assert said["plan"].keys() == said["state"].keys() == said["live"].keys()
    for name, of_one in said.items():
        assert {number for number, one in of_one.items() if one["verdict"] == "broken"} == set(), name
        for number, one in of_one.items():
            others = {other[number]["verdict"] for other in said.values()}
            if one["verdict"] == "not proven" and others != {"not proven"}:
                open_here = [item for item in one["unknowns"] if not re.fullmatch(ONLY_THERE[name], item)]
                assert open_here == [], (name, number)
    assert said["live"][5]["verdict"] == "holds", "the API server knows what kubelets run at most"


def test_the_same_is_exposed_wherever_the_facts_are_from(
    project: Project, sources: dict[str, tuple[tuple[str, ...], str | None]]
) -> None:
    found = {}
    for name, (arguments, stdin) in sources.items():
        ran = asked(project, "exposed", *arguments, "--format", "json", stdin=stdin)
        assert ran.returncode == 0, ran.stderr
        found[name] = json.loads(ran.stdout)
    assert found["plan"]["found"] == found["state"]["found"] == found["live"]["found"]
    assert len(found["live"]["found"]) > 1


@contextmanager
def without_a_route(aws: Aws) -> Iterator[None]:
    tables = named(aws, STACK, "route-table")
    table = tables[min(name for name in tables if "private" in name)]
    (described,) = aws.ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"]
    (row,) = [row for row in described["Routes"] if row.get("DestinationCidrBlock") == PODS["node-b"]]
    aws.ec2.delete_route(RouteTableId=table, DestinationCidrBlock=PODS["node-b"])
    yield
    aws.ec2.create_route(
        RouteTableId=table, DestinationCidrBlock=PODS["node-b"], NetworkInterfaceId=row["NetworkInterfaceId"]
    )


@contextmanager
def with_a_world_open_rule(aws: Aws) -> Iterator[None]:
    group = named(aws, STACK, "security-group")[f"{NAME}-nodes"]
    ports = {"IpProtocol": "tcp", "FromPort": 1024, "ToPort": 65535}
    opened: Any = [{**ports, "IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": "by hand"}]}]
    aws.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=opened)
    yield
    aws.ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=opened)


@contextmanager
def with_a_check(aws: Aws) -> Iterator[None]:
    interface = named(aws, STACK, "network-interface")["node-a"]
    aws.ec2.modify_network_interface_attribute(NetworkInterfaceId=interface, SourceDestCheck={"Value": True})
    yield
    aws.ec2.modify_network_interface_attribute(NetworkInterfaceId=interface, SourceDestCheck={"Value": False})


def test_what_somebody_changed_by_hand_is_found_in_the_account_alone(
    project: Project, aws: Aws, sources: dict[str, tuple[tuple[str, ...], str | None]]
) -> None:
    found = {
        6: "has no route for 100.80.1.0/24 of node-b",
        10: "interface node-a of node-a has its source/destination check on",
        28: f'rule "by hand" of security group {NAME}-nodes opens',
    }
    with without_a_route(aws), with_a_world_open_rule(aws), with_a_check(aws):
        by_hand = prove(project, sources["live"])
        remembered = prove(project, sources["state"])
    healed = prove(project, sources["live"])
    for number, words in found.items():
        assert by_hand[number]["verdict"] == "broken"
        assert words in by_hand[number]["witnesses"][0]["summary"]
        assert remembered[number]["verdict"] == healed[number]["verdict"] == "holds"


def test_what_nobody_says_is_named_and_not_guessed(project: Project) -> None:
    said = prove(project, (("--live", NAME), None))
    assert {one["verdict"] for one in said.values()} == {"holds", "not proven"}
    assert said[6]["verdict"] == said[14]["verdict"] == "holds"
    unknowns = {item for one in said.values() for item in one.get("unknowns", ())}
    assert "where nodes send pods' own addresses, which their own settings say" in unknowns
    assert "the API server's --service-node-port-range, which its API doesn't say" in unknowns


def test_without_a_way_to_the_cluster_its_nodes_are_unknown(project: Project, tmp_path: Path) -> None:
    elsewhere = {**project.environment, "KUBECONFIG": str(tmp_path / "nowhere"), "HOME": str(tmp_path)}
    ran = asked(Project(folder=project.folder, name=project.name, environment=elsewhere), "prove", "--live", NAME)
    assert ran.returncode == 0, ran.stderr
    assert "what the cluster itself says: no kubeconfig leads to it" in ran.stdout


def test_a_vpc_that_isnt_there_is_told_with_those_that_are(project: Project) -> None:
    ran = asked(project, "prove", "--live", "nowhere")
    assert ran.returncode == 2
    assert "there is no VPC nowhere" in ran.stderr
    assert f"({NAME})" in ran.stderr


def test_the_selected_stack_is_known(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is what `kubewire prove` previews without any option, as tests/unit/commands shows."""
    for name, value in project.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(project.folder)
    assert selected_stack() == project.name
