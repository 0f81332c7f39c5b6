from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from kubewire.local.process import ProcessIdentity, spawn, stop

_STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
)

Start = Callable[[str], ProcessIdentity]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    started = []

    def start(code: str) -> ProcessIdentity:
        started.append(
            spawn([sys.executable, "-c", code], environment=os.environ, directory=tmp_path, log=tmp_path / "log")
        )
        return started[-1]

    yield start
    for identity in started:
        stop(identity, patience=0)


def test_a_process_is_found_again_by_what_was_written_down(start: Start) -> None:
    written = start("import time; time.sleep(60)").model_dump_json()
    assert ProcessIdentity.model_validate_json(written).alive


def test_a_pid_that_went_to_somebody_else_is_not_ours(start: Start) -> None:
    theirs = start("import time; time.sleep(60)")
    ours = theirs.model_copy(update={"started": theirs.started - 60})
    assert not ours.alive
    stop(ours, patience=1)
    assert theirs.alive, "somebody else's process must not be ended"


def test_it_outlives_the_terminal(start: Start) -> None:
    identity = start("import time; time.sleep(60)")
    assert os.getsid(identity.pid) == identity.pid != os.getsid(0)


def test_a_zombie_does_not_run(start: Start) -> None:
    identity = start("pass")
    deadline = time.monotonic() + 10
    while psutil.Process(identity.pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert not identity.alive


def test_stopping_ends_it_and_may_be_repeated(start: Start) -> None:
    identity = start("import time; time.sleep(60)")
    stop(identity, patience=10)
    assert not psutil.pid_exists(identity.pid)
    stop(identity, patience=10)


def test_what_does_not_listen_is_killed(start: Start, tmp_path: Path) -> None:
    identity = start(_STUBBORN)
    while "deaf" not in (tmp_path / "log").read_text(encoding="utf-8"):
        time.sleep(0.01)
    stop(identity, patience=0.2)
    assert not identity.alive
