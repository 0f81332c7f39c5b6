"""The two commands of a newcomer, in a copy of the checkout with a home of its own: `make up` and `make down`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from kubewire.local.cloud import Cloud
from kubewire.local.environment import without_clouds
from kubewire.local.home import Home
from kubewire.local.record import Part
from tests.e2e.aws import clients, inventory
from tests.e2e.projects import CHECKOUT

PARTS = ("Makefile", "Pulumi.yaml", "pyproject.toml", "requirements.txt", "README.md", "components", "infra", "tools")


class Checkout:
    """A copy of the checkout; the virtual environment is the original's, for making one takes minutes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "checkout"
        self.home = Home(folder / "home")
        self.folder.mkdir()
        for name in PARTS:
            original = CHECKOUT / name
            copy = shutil.copytree if original.is_dir() else shutil.copy2
            copy(original, self.folder / name)
        (self.folder / ".venv").symlink_to(CHECKOUT / ".venv")

    def make(self, target: str) -> str:
        # What the virtual environment holds is not what is tested: it counts as made.
        command = ["make", "--no-print-directory", "--old-file", ".venv/.ready", target]
        environment = {**without_clouds(os.environ), "KUBEWIRE_HOME": str(self.home.root)}
        ran = subprocess.run(  # noqa: S603 - make
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout + ran.stderr

    def processes(self) -> list[str]:
        """Command lines of all processes that have to do with its home or its folder."""
        lines = [" ".join(process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"])]
        return [line for line in lines if str(self.home.root) in line or str(self.folder) in line]


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    made = Checkout(tmp_path)
    yield made
    # A test that failed half-way leaves it running.
    Cloud.stop(made.home)


def test_up_preview_and_down(checkout: Checkout) -> None:
    said = checkout.make("up")
    created = re.search(r"\+ (\d+) created", said)
    assert created is not None
    number = created[1]
    assert "kubectl get service" in said, "it says what to look at"
    cloud = Cloud.running(checkout.home)
    assert cloud is not None
    parts = [psutil.Process(cloud.record.parts[part].pid) for part in Part]
    with clients(cloud.environment(), "eu-west-1") as aws:
        assert [thing for thing in inventory(aws) if thing.stack == "cluster/dev"]

    assert f"{number} unchanged" in checkout.make("preview")
    assert f"{number} unchanged" in checkout.make("up"), "a newcomer may type it twice"

    said = checkout.make("down")
    assert f"- {number} deleted" in said
    assert not [part for part in parts if part.is_running() and part.status() != psutil.STATUS_ZOMBIE]
    assert checkout.processes() == []
    assert not checkout.home.record.exists()
    assert not checkout.home.runtime.exists()
    assert "Nothing is deployed" in checkout.make("down")


def test_env_is_all_that_a_shell_needs(checkout: Checkout) -> None:
    """`pulumi` as its documentation has it, after `eval "$(make env)"`."""
    checkout.make("cloud")
    script = 'eval "$(make --no-print-directory --old-file .venv/.ready env)" && pulumi whoami --verbose && printenv'
    environment = {**without_clouds(os.environ), "KUBEWIRE_HOME": str(checkout.home.root)}
    command = ["/bin/sh", "-ec", script]
    ran = subprocess.run(  # noqa: S603 - a shell, as the user's
        command, cwd=checkout.folder, env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    cloud = Cloud.running(checkout.home)
    assert cloud is not None
    assert checkout.home.state.as_uri() in ran.stdout
    assert f"AWS_ENDPOINT_URL={cloud.aws_endpoint}" in ran.stdout
    assert f"KUBECONFIG={cloud.kubeconfig}" in ran.stdout
    checkout.make("down")
    assert checkout.processes() == []
