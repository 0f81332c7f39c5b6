"""How long the main job takes: from a checkout to a deployed dev stack, and its everyday runs."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from bench.measure import best, measured
from bench.report import Row
from kubewire.local.cloud import Cloud

CHECKOUT = Path(__file__).parents[1]
KUBEWIRE = Path(sys.executable).parent / "kubewire"
REPEATS = 3


def cold_set_up(environment: Mapping[str, str]) -> Row:
    """Build engine and Kubernetes in empty caches, and start the cloud once."""
    row = Row(
        "cold set-up: engine, Kubernetes, cloud started", measured([KUBEWIRE, "local", "up"], CHECKOUT, environment)
    )
    measured([KUBEWIRE, "local", "down"], CHECKOUT, environment)
    return row


def main_job(environment: Mapping[str, str], home: Path) -> list[Row]:
    """Deploy dev, look at it, destroy it. Warm: the plugins are in place, nothing runs, nothing is deployed."""
    measured([KUBEWIRE, "local", "up"], CHECKOUT, environment)
    measured([KUBEWIRE, "local", "down"], CHECKOUT, environment)
    deployed = measured([KUBEWIRE, "local", "deploy"], CHECKOUT, environment)
    cloud = Cloud.running(home)
    if cloud is None:
        sys.exit("the cloud has died")
    shell = cloud.environment()
    pulumi = shutil.which("pulumi", path=shell["PATH"]) or "pulumi"
    tail = ["--stack", "dev", "--non-interactive"]
    preview = [pulumi, "preview", *tail, "--expect-no-changes"]
    up = [pulumi, "up", "--yes", *tail, "--expect-no-changes"]
    return [
        Row("make up, warm, from nothing to deployed", deployed),
        Row("pulumi preview without changes", best(preview, CHECKOUT, shell, REPEATS)),
        Row("pulumi up without changes", best(up, CHECKOUT, shell, REPEATS)),
        Row("pulumi refresh", measured([pulumi, "refresh", "--yes", *tail], CHECKOUT, shell)),
        Row("make down", measured([KUBEWIRE, "local", "destroy"], CHECKOUT, environment)),
    ]
