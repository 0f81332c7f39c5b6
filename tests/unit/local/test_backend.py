from __future__ import annotations

import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from kubewire.local.backend import abandoned, may_hold_resources, remaining


def _lock(state: Path, **changed: object) -> None:
    folder = state / ".pulumi" / "locks" / "organization" / "project" / "dev"
    folder.mkdir(parents=True, exist_ok=True)
    lock = {"pid": os.getpid(), "hostname": platform.node(), "timestamp": datetime.now(UTC).isoformat()} | changed
    (folder / f"{len(list(folder.iterdir()))}.json").write_text(json.dumps(lock), encoding="utf-8")


def _unused_pid() -> int:
    return next(pid for pid in range(40_000, 4_000_000) if not psutil.pid_exists(pid))


def test_a_stack_without_a_lock_is_not_abandoned(tmp_path: Path) -> None:
    assert not abandoned(tmp_path, "dev")


def test_a_lock_whose_holder_is_gone_is_abandoned(tmp_path: Path) -> None:
    _lock(tmp_path, pid=_unused_pid())
    assert abandoned(tmp_path, "dev")
    assert not abandoned(tmp_path, "prod")


def test_a_lock_whose_pid_went_to_a_younger_process_is_abandoned(tmp_path: Path) -> None:
    _lock(tmp_path, timestamp="2020-01-01T00:00:00.123456789Z")
    assert abandoned(tmp_path, "dev")


@pytest.mark.parametrize("lock", [{}, {"hostname": "elsewhere"}, {"pid": "unreadable"}])
def test_any_lock_that_may_be_held_keeps_the_stack_locked(tmp_path: Path, lock: dict[str, object]) -> None:
    _lock(tmp_path, pid=_unused_pid())
    _lock(tmp_path, **lock)
    assert not abandoned(tmp_path, "dev")


@pytest.mark.parametrize(
    ("latest", "holds"),
    [
        (None, False),
        ({"manifest": {}}, False),
        ({"resources": []}, False),
        ({"resources": [{"urn": "urn:pulumi:dev::project::pulumi:pulumi:Stack::project-dev"}]}, True),
        ({"pending_operations": [{"type": "creating"}]}, True),
    ],
)
def test_a_state_holds_what_its_checkpoint_says(tmp_path: Path, latest: object, *, holds: bool) -> None:
    stacks = tmp_path / ".pulumi" / "stacks" / "project"
    stacks.mkdir(parents=True)
    (stacks / "dev.json").write_text(json.dumps({"version": 3, "checkpoint": {"latest": latest}}), encoding="utf-8")
    assert may_hold_resources(tmp_path, "dev") is holds
    assert not may_hold_resources(tmp_path, "prod")


def test_a_state_that_cannot_be_read_may_hold_anything(tmp_path: Path) -> None:
    (tmp_path / ".pulumi" / "stacks").mkdir(parents=True)
    (tmp_path / ".pulumi" / "stacks" / "dev.json.gz").write_bytes(b"\x1f\x8b")
    assert may_hold_resources(tmp_path, "dev")


def test_what_is_left_is_named_by_project_and_stack(tmp_path: Path) -> None:
    for project, stack, count in (("shop", "prod", 2), ("shop", "dev", 0), ("bank", "dev", 1)):
        folder = tmp_path / ".pulumi" / "stacks" / project
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"version": 3, "checkpoint": {"latest": {"resources": [{}] * count}}})
        (folder / f"{stack}.json").write_text(text, encoding="utf-8")
        (folder / f"{stack}.json.bak").write_text(text, encoding="utf-8")
    (tmp_path / ".pulumi" / "stacks" / "shop" / "old.json.gz").write_bytes(b"\x1f\x8b")
    assert list(map(str, remaining(tmp_path))) == [
        "dev of bank: 1 resource",
        "old of shop: an unread number of resources",
        "prod of shop: 2 resources",
    ]
