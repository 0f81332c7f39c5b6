"""The real engine, run on a project; what it does is read from its events."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import psutil

from kubewire.local.process import ProcessIdentity
from kubewire.local.process import stop as end

OUTLIVING_SECONDS = 15.0
LANGUAGE_HOST = "pulumi-language-python"
UNCHANGED = {"same", "read", "refresh"}
CLOSING_WORDS = ("update failed", "preview failed", "program exited with non-zero exit code")
"""How engine and language host end every failed run, whatever the reason."""


@dataclass(frozen=True)
class Step:
    """What the engine did to one resource."""

    op: str
    urn: str
    diff: frozenset[str] = field(default=frozenset(), compare=False)

    @property
    def kind(self) -> str:
        """`Vpc`, from `kubewire:index:Vpc`."""
        return self.urn.split("::")[2].rpartition("$")[2].rpartition(":")[2]

    @property
    def name(self) -> str:
        return self.urn.split("::")[3]

    def __str__(self) -> str:
        return f"{self.op} {self.kind} {self.name}"


@dataclass(frozen=True)
class Run:
    """A run of the engine that has ended."""

    code: int
    events: list[dict[str, Any]]
    said: str

    @property
    def steps(self) -> list[Step]:
        """Every step that was begun, in order."""
        began = [event["resourcePreEvent"]["metadata"] for event in self.events if "resourcePreEvent" in event]
        return [_step(metadata) for metadata in began]

    @property
    def done(self) -> list[Step]:
        """Every step that succeeded, in order. Those of a refresh say what it found."""
        ended = [event["resOutputsEvent"]["metadata"] for event in self.events if "resOutputsEvent" in event]
        return [_step(metadata) for metadata in ended]

    @property
    def changes(self) -> set[str]:
        """`create Vpc main` and so on; of a replacement, each of its steps."""
        return {str(step) for step in self.done if step.op not in UNCHANGED}

    def diff(self, kind: str, name: str) -> set[str]:
        """Property paths that the run showed as different, of one resource."""
        return {path for step in self.done if (step.kind, step.name) == (kind, name) for path in step.diff}

    @property
    def errors(self) -> list[str]:
        """What users read in red, without the words that end every failed run."""
        found = [event["diagnosticEvent"] for event in self.events if "diagnosticEvent" in event]
        texts = [item["message"].strip() for item in found if item["severity"] == "error"]
        return [text for text in texts if not any(words in text for words in CLOSING_WORDS)]

    @property
    def warnings(self) -> list[str]:
        found = [event["diagnosticEvent"] for event in self.events if "diagnosticEvent" in event]
        return [item["message"].strip() for item in found if item["severity"] == "warning"]

    def ok(self) -> Run:
        """The run itself, if it succeeded."""
        assert self.code == 0, "\n".join([*self.errors, *self.prose])
        assert "Traceback" not in self.said
        return self

    @property
    def prose(self) -> list[str]:
        """What it said in no event."""
        return [line for line in self.said.splitlines() if not line.startswith("{")]


class Running:
    """A run of the engine under way."""

    def __init__(self, command: list[str], folder: Path, environment: Mapping[str, str]) -> None:
        self._stderr: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed in `end`
        self.process = subprocess.Popen(  # noqa: S603 - the engine
            command,
            cwd=folder,
            env=dict(environment),
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            start_new_session=True,
        )
        self._offspring: list[ProcessIdentity] = []
        self._lines: list[str] = []
        self._events: list[dict[str, Any]] = []

    def events(self) -> Iterator[dict[str, Any]]:
        """The rest of its events, as they come."""
        assert self.process.stdout is not None
        for raw in self.process.stdout:
            line = raw.decode()
            self._lines.append(line)
            # A killed engine leaves half a line.
            if line.startswith("{") and line.endswith("}\n"):
                self._events.append(json.loads(line))
                yield self._events[-1]

    def kill(self) -> None:
        """End the engine as the kernel does when memory is short: it can't say a word to anyone."""
        self._note_offspring()
        self.process.kill()

    def interrupt(self) -> None:
        """Press Ctrl-C: a terminal tells everyone in the session's foreground."""
        self._note_offspring()
        os.killpg(self.process.pid, signal.SIGINT)

    def left_behind(self) -> list[str]:
        """The commands of those that the engine had started and that outlive it.

        Pulumi's own language host is ended here: it looks after its engine every five minutes only.
        """
        for host in [process for process in self._alive() if LANGUAGE_HOST in _command(process)]:
            end(host, patience=OUTLIVING_SECONDS)
        deadline = time.monotonic() + OUTLIVING_SECONDS
        while (alive := self._alive()) and time.monotonic() < deadline:
            time.sleep(0.05)
        return [_command(process) for process in alive]

    def _alive(self) -> list[ProcessIdentity]:
        return [process for process in self._offspring if process.alive]

    def _note_offspring(self) -> None:
        found = psutil.Process(self.process.pid).children(recursive=True)
        self._offspring = [ProcessIdentity.of(process) for process in found]

    def end(self) -> Run:
        """Read all that is still to come, and wait for its end."""
        for _ in self.events():
            pass
        code = self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()
        self._stderr.seek(0)
        said = "".join(self._lines) + self._stderr.read().decode()
        self._stderr.close()
        return Run(code, self._events, said)


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


def _step(metadata: Mapping[str, Any]) -> Step:
    return Step(metadata["op"], metadata["urn"], frozenset(metadata.get("detailedDiff") or ()))


def _command(identity: ProcessIdentity) -> str:
    process = identity.process()
    try:
        return " ".join(process.cmdline()) if process else ""
    except psutil.NoSuchProcess:
        return ""
