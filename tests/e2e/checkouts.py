"""Copies of the checkout, each with a home of its own: what a newcomer has before the first command."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import psutil

from kubewire.local.environment import without_clouds
from kubewire.local.home import Home
from tests.e2e.projects import CHECKOUT

PARTS = (
    "Makefile",
    "Pulumi.yaml",
    "pyproject.toml",
    "requirements.txt",
    "README.md",
    "components",
    "docs",
    "infra",
    "tools",
)
# What the virtual environment holds is not what is tested: it counts as made.
MAKE = 'make() { command make --no-print-directory --old-file .venv/.ready "$@"; }'


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

    def typed(self, commands: str) -> str:
        """Run what a user types in a shell; what it prints, both streams together."""
        environment = {**without_clouds(os.environ), "KUBEWIRE_HOME": str(self.home.root)}
        ran = subprocess.run(  # noqa: S603 - a shell, as the user's
            ["/bin/sh", "-ec", f"{MAKE}\n{commands}"],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout + ran.stderr

    def make(self, target: str) -> str:
        return self.typed(f"make {target}")

    def processes(self) -> list[str]:
        """Command lines of all processes that have to do with its home or its folder."""
        lines = [" ".join(process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"])]
        return [line for line in lines if str(self.home.root) in line or str(self.folder) in line]
