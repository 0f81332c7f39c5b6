"""The real engine, run on a project."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.e2e.running import Running
from tests.e2e.runs import Run


@dataclass(frozen=True)
class Stack:
    """A stack of a project in a folder of its own."""

    folder: Path
    name: str
    environment: Mapping[str, str]

    def said(self, *arguments: str) -> str:
        """Run the engine on it for what it prints, both streams together."""
        ran = self.asked(*arguments, "--stack", self.name)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout + ran.stderr

    def asked(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the engine in its folder."""
        return subprocess.run(  # noqa: S603 - the engine
            [self._engine, *arguments, "--non-interactive"],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def start(self, verb: str, *arguments: str, **variables: str) -> Running:
        """Begin `up`, `preview`, `refresh` or `destroy`."""
        agreed = [] if verb == "preview" else ["--yes"]
        command = [self._engine, verb, *agreed, "--json", "--stack", self.name, "--non-interactive", *arguments]
        streaming = {"PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "true"}
        return Running(command, self.folder, {**self.environment, **streaming, **variables})

    def up(self, *arguments: str, **variables: str) -> Run:
        return self.start("up", "--skip-preview", *arguments, **variables).end()

    def preview(self, *arguments: str, **variables: str) -> Run:
        return self.start("preview", *arguments, **variables).end()

    def refresh(self, *arguments: str, **variables: str) -> Run:
        return self.start("refresh", "--skip-preview", *arguments, **variables).end()

    def destroy(self, *arguments: str, **variables: str) -> Run:
        return self.start("destroy", "--skip-preview", *arguments, **variables).end()

    def state(self) -> list[dict[str, Any]]:
        """Every resource that the state holds."""
        deployment = json.loads(self.asked("stack", "export", "--stack", self.name).stdout)["deployment"]
        resources: list[dict[str, Any]] = deployment.get("resources", [])
        return resources

    @property
    def _engine(self) -> str:
        found = shutil.which("pulumi", path=self.environment["PATH"])
        assert found is not None
        return found
