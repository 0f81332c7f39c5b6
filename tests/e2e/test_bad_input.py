"""A mistake in an environment file: one clear error in the preview, and nothing is asked of AWS or of Kubernetes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kubewire.local.cloud import Cloud
from tests.e2e.aws import clients
from tests.e2e.projects import NODE_PORTS, Config, Project, Projects, environment_file, small
from tests.e2e.proxy import Proxy, proxy

FILE = "infra/environments/Pulumi.dev.yaml"


@dataclass(frozen=True)
class Watched:
    """A project whose every connection to AWS and Kubernetes is counted."""

    project: Project
    aws: Proxy
    kubernetes: Proxy

    @property
    def connections(self) -> int:
        return self.aws.connections + self.kubernetes.connections


@pytest.fixture(scope="module")
def watched(projects: Projects, cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    with proxy(cloud.aws_endpoint) as aws, proxy(cloud.kubernetes_endpoint) as kubernetes:
        kubeconfig = tmp_path_factory.mktemp("kubeconfig") / "config"
        environment = {
            **cloud.environment(),
            "AWS_ENDPOINT_URL": aws.endpoint,
            "KUBECONFIG": str(leading_to(kubernetes.endpoint, cloud.kubeconfig, kubeconfig)),
        }
        project = projects.make("mistaken", environment_file("dev")["config"], environment)
        yield Watched(project, aws, kubernetes)


def leading_to(endpoint: str, kubeconfig: Path, copy: Path) -> Path:
    config = json.loads(kubeconfig.read_text())
    config["clusters"][0]["cluster"]["server"] = endpoint
    copy.write_text(json.dumps(config))
    return copy


def network(**changes: Any) -> Callable[[Config], None]:
    return lambda config: config["cluster:network"].update(changes)


def service(name: str, /, **changes: Any) -> Callable[[Config], None]:
    return lambda config: next(item for item in config["cluster:services"] if item["name"] == name).update(changes)


def port(name: str, /, **changes: Any) -> Callable[[Config], None]:
    def change(config: Config) -> None:
        next(item for item in config["cluster:services"] if item["name"] == name)["ports"][0].update(changes)

    return change


MISTAKES: dict[str, tuple[Callable[[Config], None], str, str]] = {
    "pods overlap the VPC": (
        network(pods={"kind": "routed", "cidr": "10.0.128.0/20"}),
        "network.pods.cidr",
        "Move one of them",
    ),
    "Services overlap pods": (network(serviceCidr="100.64.0.0/20"), "network.serviceCidr", "Move one of them"),
    "zone of another region": (
        network(zones=["eu-west-1a", "eu-west-2b"]),
        "network.zones[1]",
        "Zones of eu-west-1 are named eu-west-1a",
    ),
    "node port outside the range": (
        port("frontend", nodePort=32768),
        "services[0].ports[0].nodePort",
        "30000 to 32767",
    ),
    "node port of another Service, other protocol": (
        port("frontend-admin", nodePort=30080, protocol="UDP"),
        "services[1].ports[0].nodePort",
        "Choose another one",
    ),
    "LoadBalancer without a port": (service("frontend", ports=[]), "services[0].ports", "at least 1 item"),
    "NodePort open to the world by range": (
        service("frontend-admin", sources=["0.0.0.0/0"]),
        "services[1].sources[0]",
        "Write `anywhere`",
    ),
    "ExternalName is an address": (
        service("bank", externalName="203.0.113.7"),
        "services[12].externalName",
        "Use a ClusterIP Service instead",
    ),
    "ExternalName with ports": (service("bank", ports=[{"port": 443}]), "services[12].ports", "Remove the ports"),
    "unknown key": (
        lambda config: config.update({"cluster:netwrok": {}}),
        "netwrok",
        "Remove it, or correct its spelling",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistake_is_one_clear_error_and_no_call(watched: Watched, mistake: str) -> None:
    change, path, way_out = MISTAKES[mistake]
    config = environment_file("dev")["config"]
    change(config)
    watched.project.configure(config)
    before = watched.connections
    run = watched.project.preview()
    assert run.code > 0
    (error,) = run.errors
    assert error.splitlines()[0].endswith(f"one mistake in {FILE}")
    assert error.splitlines()[1].startswith(f"{path}: ")
    assert way_out in error
    assert "Traceback" not in run.said
    assert watched.connections == before


def test_good_input_is_seen_by_those_who_count(watched: Watched) -> None:
    watched.project.configure(small("mistaken", "eu-west-1", next(NODE_PORTS)))
    before = watched.kubernetes.connections
    watched.project.preview().ok()
    assert watched.kubernetes.connections > before, "a preview asks the API server for a dry run"
    before = watched.aws.connections
    with clients(watched.project.environment, "eu-west-1") as aws:
        aws.ec2.describe_vpcs()
    assert watched.aws.connections == before + 1
