"""How long a network of 500 nodes takes: six zones, pods routed, every zone's table with a route to each node."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from bench.measure import best, measured
from bench.report import Row
from kubewire.local.cloud import Cloud

CHECKOUT = Path(__file__).parents[1]
NODES = 500
REPEATS = 3
REGION = "us-east-1"
"""The one that has six zones."""
ZONES = [f"{REGION}{letter}" for letter in "abcdef"]
IMAGE = "ami-0d71ea30463e0ff8d"
Config = dict[str, Any]


def spread(nodes: int) -> dict[str, int]:
    """Give each zone its share of nodes, the first ones the rest."""
    share, rest = divmod(nodes, len(ZONES))
    return {zone: share + (place < rest) for place, zone in enumerate(ZONES)}


def slots(nodes: int) -> Config:
    """Describe nodes whose machines come from elsewhere."""
    return {"kind": "slots", "zones": spread(nodes)}


def machines(nodes: int) -> Config:
    """Describe nodes with machines of the stack's own."""
    rows = [
        {
            "name": f"node-{number:03}",
            "zone": ZONES[number % len(ZONES)],
            "podCidr": f"100.{64 + number // 256}.{number % 256}.0/24",
            "image": IMAGE,
            "instanceType": "t3.medium",
        }
        for number in range(nodes)
    ]
    return {"kind": "declared", "machines": rows}


def configuration(nodes: Config) -> Config:
    """Describe the network around them."""
    network = {
        "name": "large",
        "vpc": {"kind": "new", "cidr": "10.0.0.0/16"},
        "zones": ZONES,
        "nat": "per-zone",
        "pods": {"kind": "routed", "cidr": "100.64.0.0/10"},
        "serviceCidr": "10.96.0.0/16",
        "egress": ["anywhere"],
        "nodes": nodes,
        # A route to each node and the way out; an address for each zone's NAT gateway.
        "quotas": {"routesPerTable": 1000, "elasticAddresses": len(ZONES)},
    }
    return {"kubewire:region": REGION, "cluster:network": network}


def large_network(cloud: Cloud, scratch: Path, what: str, nodes: Config) -> list[Row]:
    """Preview a network, make it, look at it without changes, destroy it."""
    shell = cloud.environment()
    pulumi = shutil.which("pulumi", path=shell["PATH"]) or "pulumi"
    folder = project(scratch / what.replace(" ", "-"), configuration(nodes), pulumi, shell)
    tail = ["--stack", "dev", "--non-interactive"]
    preview = [pulumi, "preview", *tail]
    rows = [Row(f"{what}: preview", best(preview, folder, shell, REPEATS))]
    made = measured([pulumi, "up", "--yes", "--skip-preview", *tail], folder, shell)
    number = len(_state(pulumi, folder, shell))
    rows.append(Row(f"{what}: up", made, number))
    unchanged = best([*preview, "--expect-no-changes"], folder, shell, REPEATS)
    rows.append(Row(f"{what}: preview without changes", unchanged, number))
    refreshed = measured([pulumi, "refresh", "--yes", "--skip-preview", "--expect-no-changes", *tail], folder, shell)
    rows.append(Row(f"{what}: refresh", refreshed, number))
    destroyed = measured([pulumi, "destroy", "--yes", "--skip-preview", *tail], folder, shell)
    rows.append(Row(f"{what}: destroy", destroyed, number))
    return rows


def project(folder: Path, config: Config, pulumi: str, shell: Mapping[str, str]) -> Path:
    """Copy the checkout's program, and give it a stack of its own."""
    folder.mkdir()
    for name in ("components", ".venv"):
        (folder / name).symlink_to(CHECKOUT / name)
    settings = yaml.safe_load((CHECKOUT / "Pulumi.yaml").read_text())
    (folder / "Pulumi.yaml").write_text(yaml.safe_dump({**settings, "name": folder.name}))
    shutil.copytree(CHECKOUT / "infra", folder / "infra", ignore=shutil.ignore_patterns("__pycache__"))
    measured([pulumi, "stack", "init", "dev", "--non-interactive"], folder, shell)
    file = folder / "infra" / "environments" / "Pulumi.dev.yaml"
    # Its salt stays.
    file.write_text(json.dumps({**yaml.safe_load(file.read_text()), "config": config}))
    return folder


def _state(pulumi: str, folder: Path, shell: Mapping[str, str]) -> list[Any]:
    command = [pulumi, "stack", "export", "--stack", "dev"]
    done = subprocess.run(command, cwd=folder, env=dict(shell), capture_output=True, text=True, check=False)  # noqa: S603 - the engine
    if done.returncode:
        sys.exit(done.stderr)
    resources: list[Any] = json.loads(done.stdout)["deployment"].get("resources", [])
    return resources
