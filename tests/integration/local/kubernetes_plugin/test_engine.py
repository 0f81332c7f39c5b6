"""The stand-in under the real engine, with a program that uses the official SDK."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from lightkube import ApiError, Client
from lightkube.resources.core_v1 import Namespace, Service

from kubewire.local.cloud import Cloud
from kubewire.local.kubernetes_plugin import Installed, install

PATIENCE = 30.0


@dataclass(frozen=True)
class Pulumi:
    """The engine, in the folder of a program."""

    folder: Path
    environment: dict[str, str]

    def run(self, *arguments: str, fails: bool = False) -> str:
        command = ["pulumi", "--non-interactive", "--color=never", *arguments]
        ran = subprocess.run(  # noqa: S603 - the engine under test
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
        )
        assert (ran.returncode != 0) == fails, ran.stdout + ran.stderr
        return ran.stdout + ran.stderr

    def begin(self, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - the engine under test
            ["pulumi", "--non-interactive", *arguments],  # noqa: S607 - of the environment's PATH
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def outputs(self) -> dict[str, Any]:
        outputs: dict[str, Any] = json.loads(self.run("stack", "output", "--json"))
        return outputs


@pytest.fixture
def pulumi(cloud: Cloud, tmp_path: Path) -> Iterator[Pulumi]:
    environment = cloud.environment()
    if install(cloud.home.root, environment) is Installed.OFFICIAL:
        pytest.skip("this machine has the official plugin")
    (tmp_path / "Pulumi.yaml").write_text(
        json.dumps({"name": "shop", "runtime": {"name": "python", "options": {"virtualenv": sys.prefix}}}),
        encoding="utf-8",
    )
    shutil.copy(Path(__file__).with_name("program.py"), tmp_path / "__main__.py")
    engine = Pulumi(tmp_path, environment)
    engine.run("stack", "init", "dev")
    yield engine
    engine.run("destroy", "--yes", "--skip-preview")
    engine.run("stack", "rm", "--yes", "dev")


def test_services_of_all_types_live_and_die(pulumi: Pulumi, api: Client) -> None:
    first = pulumi.run("preview")
    assert "7 to create" in first
    pulumi.run("up", "--yes", "--skip-preview")
    types = {
        found.metadata.name: found.spec.type
        for found in api.list(Service, namespace="shop")
        if found.metadata and found.spec
    }
    outputs = pulumi.outputs()
    assert types == {
        "web": "ClusterIP",
        "node": "NodePort",
        "lb": "LoadBalancer",
        "db": "ExternalName",
        outputs["name"]: "ClusterIP",
    }
    assert outputs["address"].count(".") == 3
    assert outputs["port"] >= 30000
    assert "7 unchanged" in pulumi.run("up", "--yes")

    refused = pulumi.run("config", "set", "nodePort", str(outputs["port"])) or pulumi.run("preview", fails=True)
    assert f"{outputs['port']}: provided port is already allocated" in refused
    assert "Traceback" not in refused
    pulumi.run("config", "rm", "nodePort")

    api.delete(Service, "db", namespace="shop")
    patch = {"spec": {"selector": {"app": "other"}}}
    api.patch(Service, "web", patch, namespace="shop", field_manager="kubectl-edit")
    refreshed = pulumi.run("refresh", "--yes", "--skip-preview")
    assert "1 updated" in refreshed
    assert "1 deleted" in refreshed
    again = pulumi.run("up", "--yes")
    assert "1 created" in again
    assert "1 updated" in again
    assert "7 unchanged" in pulumi.run("preview")

    pulumi.run("destroy", "--yes", "--skip-preview")
    with pytest.raises(ApiError, match="not found"):
        api.get(Namespace, "shop")


def test_what_a_killed_engine_made_is_taken_over(pulumi: Pulumi, api: Client) -> None:
    pulumi.run("config", "set", "wait", "true")
    engine = pulumi.begin("up", "--yes", "--skip-preview")
    made = appeared(api, "lb")
    os.kill(engine.pid, signal.SIGKILL)
    engine.wait()
    pulumi.run("cancel", "--yes")
    pulumi.run("config", "rm", "wait")

    pulumi.run("up", "--yes")

    after = api.get(Service, "lb", namespace="shop")
    assert after.metadata is not None
    assert made.metadata is not None
    assert after.metadata.uid == made.metadata.uid
    pulumi.run("refresh", "--yes", "--skip-preview", "--clear-pending-creates")
    assert "7 unchanged" in pulumi.run("preview")


def appeared(api: Client, name: str) -> Service:
    """Give a Service as soon as it is there."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            return api.get(Service, name, namespace="shop")
        except ApiError:
            time.sleep(0.02)
    raise AssertionError(f"{name} does not appear")
