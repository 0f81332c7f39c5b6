"""What can be read off the embedded environment's own file backend without an engine."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

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


def _resources(checkpoint: Path) -> bool:
    try:
        latest = json.loads(checkpoint.read_bytes())["checkpoint"]["latest"] or {}
        return bool(latest.get("resources") or latest.get("pending_operations"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        # Compressed, or of a version that we don't know.
        return True


def _locks(state: Path, stack: str) -> Iterator[EngineLock | None]:
    for path in state.glob(f".pulumi/locks/**/{stack}/*.json"):
        try:
            yield EngineLock.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            continue
        except ValidationError:
            yield None
