"""What can be read off the embedded environment's own file backend without an engine."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import psutil
from pydantic import BaseModel, ValidationError


class EngineLock(BaseModel):
    """What the engine writes into a lock of the file backend.

    Attributes:
        pid: who took it.
        hostname: on which machine.
        timestamp: when.
    """

    pid: int
    hostname: str
    timestamp: datetime

    @property
    def abandoned(self) -> bool:
        """Whether its holder has certainly ended: it was of this machine, and no process that old has its pid."""
        if self.hostname != platform.node():
            return False
        try:
            return psutil.Process(self.pid).create_time() > self.timestamp.timestamp()
        except psutil.NoSuchProcess:
            return True


def abandoned(state: Path, stack: str) -> bool:
    """Whether a stack is locked, and by nobody who still lives."""
    locks = list(_locks(state, stack))
    return bool(locks) and all(lock is not None and lock.abandoned for lock in locks)


def may_hold_resources(state: Path, stack: str) -> bool:
    """Whether a stack's state may hold anything: false only where it certainly doesn't."""
    names = {f"{stack}.json", f"{stack}.json.gz"}
    return any(_resources(path) for path in state.glob(".pulumi/stacks/**/*") if path.name in names)


class Remaining(NamedTuple):
    """A stack that is still deployed, as far as its state says.

    Attributes:
        project: whose stack it is.
        stack: its name.
        resources: how many its state has; None where that can't be read.
    """

    project: str
    stack: str
    resources: int | None

    def __str__(self) -> str:
        count = "an unread number of" if self.resources is None else str(self.resources)
        return f"{self.stack} of {self.project}: {count} resource{'' if self.resources == 1 else 's'}"


def remaining(state: Path) -> list[Remaining]:
    """Give every stack whose state may hold something, by project and name."""
    found = []
    for path in state.glob(".pulumi/stacks/*/*"):
        name = path.name.removesuffix(".gz")
        if name.endswith(".json") and _resources(path):
            found.append(Remaining(path.parent.name, name.removesuffix(".json"), _count(path)))
    return sorted(found, key=lambda one: (one.project, one.stack))


def _resources(checkpoint: Path) -> bool:
    try:
        latest = _latest(checkpoint)
        return bool(latest.get("resources") or latest.get("pending_operations"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        # Compressed, or of a version that we don't know.
        return True


def _count(checkpoint: Path) -> int | None:
    try:
        return len(_latest(checkpoint).get("resources") or ())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _latest(checkpoint: Path) -> dict[str, Any]:
    latest: dict[str, Any] = json.loads(checkpoint.read_bytes())["checkpoint"]["latest"] or {}
    return latest


def _locks(state: Path, stack: str) -> Iterator[EngineLock | None]:
    for path in state.glob(f".pulumi/locks/**/{stack}/*.json"):
        try:
            yield EngineLock.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            continue
        except ValidationError:
            yield None
