"""Copies of the checkout's project, each with a stack and a configuration of its own."""

from __future__ import annotations

import copy
import itertools
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from kubewire.local.cloud import Cloud
from tests.e2e.pulumi import Stack

CHECKOUT = Path(__file__).parents[2]
Config = dict[str, Any]
IMAGE = "ami-0d71ea30463e0ff8d"
REGIONS = itertools.cycle(
    ("us-east-1", "ap-south-1", "ap-southeast-2", "ap-east-1", "af-south-1", "me-south-1", "ca-west-1")
)
"""Where small projects are, and no test that names its region. A region takes five VPCs."""
NODE_PORTS = itertools.count(30100, 10)
"""The first of the ports that each small project may use: node ports belong to the whole cluster."""


def environment_file(name: str) -> Config:
    """An environment's file as it is in the checkout."""
    content: Config = yaml.safe_load((CHECKOUT / "infra" / "environments" / f"Pulumi.{name}.yaml").read_text())
    return content


def linked(folder: Path) -> Path:
    """A folder in which the plugin and the virtual environment are found as in the checkout."""
    folder.mkdir(parents=True)
    for name in ("components", ".venv"):
        (folder / name).symlink_to(CHECKOUT / name)
    return folder


def project(folder: Path, name: str, environment: Mapping[str, str], stack: str = "dev") -> Project:
    """A copy of the checkout's project."""
    settings = yaml.safe_load((CHECKOUT / "Pulumi.yaml").read_text())
    (linked(folder) / "Pulumi.yaml").write_text(yaml.safe_dump({**settings, "name": name}))
    shutil.copytree(CHECKOUT / "infra", folder / "infra", ignore=shutil.ignore_patterns("__pycache__"))
    made = Project(folder=folder, name=stack, environment=environment)
    made.said("stack", "init")
    return made


class Project(Stack):
    """A stack whose program is the checkout's own: a configuration says what there is."""

    @property
    def file(self) -> Path:
        return self.folder / "infra" / "environments" / f"Pulumi.{self.name}.yaml"

    @property
    def region(self) -> str:
        return str(self.config["kubewire:region"])

    @property
    def config(self) -> Config:
        """A copy of its configuration."""
        config: Config = yaml.safe_load(self.file.read_text())["config"]
        return config

    def configure(self, config: Config) -> None:
        """Give it another configuration; the salt of its secrets stays."""
        content = yaml.safe_load(self.file.read_text())
        # JSON is YAML.
        self.file.write_text(json.dumps({**content, "config": config}))


def declared(*machines: dict[str, str]) -> Config:
    return {"kind": "declared", "machines": list(machines)}


def node(name: str, zone: str, pods: str) -> dict[str, str]:
    return {"name": name, "zone": zone, "podCidr": pods, "image": IMAGE, "instanceType": "t3.medium"}


SMALL: Config = {
    "kubewire:defaultTags": {"team": "network"},
    "cluster:network": {
        "vpc": {"kind": "new", "cidr": "10.50.0.0/20"},
        "nat": "none",
        "pods": {"kind": "routed", "cidr": "100.80.0.0/16"},
        "serviceCidr": "10.96.0.0/16",
    },
}


def small(name: str, region: str, node_port: int, **network: Any) -> Config:
    """A network with two nodes; a load balancer, a NodePort Service on the next port, and a record.

    Args:
        name: of the network and of the namespace, which is the stack's own.
        region: where.
        node_port: the load balancer's. Node ports belong to the whole cluster.
        **network: what else the network has.
    """
    config = copy.deepcopy(SMALL)
    config["kubewire:region"] = region
    config["cluster:network"] |= {
        "name": name,
        "domain": f"{name}.internal",
        "zones": [f"{region}a", f"{region}b"],
        "nodes": declared(node("node-a", f"{region}a", "100.80.0.0/24"), node("node-b", f"{region}b", "100.80.1.0/24")),
        **network,
    }
    common = {"namespace": name, "selector": {"app": "front"}}
    config["cluster:namespaces"] = [name]
    config["cluster:services"] = [
        {
            **common,
            "type": "LoadBalancer",
            "name": "front",
            "scheme": "internal",
            # Not the nodes themselves: they would be warned of being sent to themselves.
            "sources": ["10.9.0.0/16"],
            "ports": [{"name": "http", "port": 80, "targetPort": 8080, "nodePort": node_port}],
        },
        {
            **common,
            "type": "NodePort",
            "name": "admin",
            "sources": ["10.8.0.0/16"],
            "ports": [{"name": "http", "port": 8080, "nodePort": node_port + 1}],
        },
        {
            "namespace": name,
            "type": "ExternalName",
            "name": "bank",
            "externalName": "payments.example.com",
            "cname": {"name": "bank"},
        },
    ]
    return config


class Projects:
    """Makes projects that share nothing but the cloud."""

    def __init__(self, cloud: Cloud, folders: pytest.TempPathFactory) -> None:
        self._cloud = cloud
        self._folders = folders

    def make(self, name: str, config: Config, environment: Mapping[str, str] | None = None) -> Project:
        """A copy of the checkout's project with a configuration; nothing is deployed.

        Args:
            name: the project's.
            config: its dev stack's.
            environment: what it runs in; by default that of the tests' cloud.
        """
        folder = self._folders.mktemp(name) / "project"
        made = project(folder, name, environment or self._cloud.environment())
        made.configure(config)
        return made

    def small(self, name: str, environment: Mapping[str, str] | None = None, **network: object) -> Project:
        """A small one: a network of two nodes, a Service of each type that needs AWS."""
        return self.make(name, small(name, next(REGIONS), next(NODE_PORTS), **network), environment)

    def program(self, name: str, source: str) -> Stack:
        """A project of somebody else, who has installed kubewire: a program, a region and no more."""
        folder = linked(self._folders.mktemp(name) / "project")
        settings = yaml.safe_load((CHECKOUT / "Pulumi.yaml").read_text())
        own = {key: settings[key] for key in ("runtime", "plugins")}
        (folder / "Pulumi.yaml").write_text(yaml.safe_dump({"name": name, **own}))
        (folder / "__main__.py").write_text(source)
        made = Stack(folder=folder, name="dev", environment=self._cloud.environment())
        made.said("stack", "init")
        made.said("config", "set", "kubewire:region", "eu-west-1")
        return made
