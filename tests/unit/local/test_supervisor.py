from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kubewire.local.home import Home
from kubewire.local.parts import Launch
from kubewire.local.ports import free_ports
from kubewire.local.progress import Progress
from kubewire.local.record import CloudRecord, ClusterSettings, Part
from kubewire.local.supervisor import PartFailedError, Supervisor

_SLEEP = "import time; time.sleep(60)"
# It serves as soon as its file is there; what it finds written down at that moment is what its order is judged by.
_SERVE = "import pathlib, sys, time; pathlib.Path(sys.argv[1]).touch(); time.sleep(60)"


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    home = Home(tmp_path / "home")
    home.prepare()
    record = CloudRecord(instance="one", programs=(), settings=ClusterSettings(), ports=free_ports())
    supervisor = Supervisor(home, record)
    yield supervisor
    supervisor.stop()


@pytest.fixture
def start(supervisor: Supervisor, progress: Progress) -> Callable[..., None]:
    def start(*launches: Launch) -> None:
        with progress.step("starting") as step:
            supervisor.start(launches, step)

    return start


def _serves(part: Part, folder: Path, *after: Part) -> Launch:
    sign = folder / part
    return Launch(part, (sys.executable, "-c", _SERVE, str(sign)), sign.exists, after=frozenset(after))


def test_all_parts_run_and_are_written_down(supervisor: Supervisor, start: Callable[..., None], tmp_path: Path) -> None:
    start(*(_serves(part, tmp_path) for part in Part))
    written = CloudRecord.load(supervisor.home.record)
    assert written == supervisor.record
    assert written is not None
    assert all(written.alive(part) for part in Part)


def test_a_part_waits_for_what_it_needs(supervisor: Supervisor, start: Callable[..., None], tmp_path: Path) -> None:
    start(_serves(Part.CONTROLLERS, tmp_path, Part.KUBERNETES), _serves(Part.KUBERNETES, tmp_path))
    parts = supervisor.record.parts
    assert list(parts) == [Part.KUBERNETES, Part.CONTROLLERS]
    assert (tmp_path / Part.KUBERNETES).stat().st_mtime <= (tmp_path / Part.CONTROLLERS).stat().st_mtime


def test_only_what_died_is_started_again(supervisor: Supervisor, start: Callable[..., None], tmp_path: Path) -> None:
    launches = [_serves(Part.ETCD, tmp_path), _serves(Part.AWS, tmp_path)]
    start(*launches)
    before = supervisor.record.parts
    supervisor.stop([Part.AWS])
    start(*launches)
    assert supervisor.record.parts[Part.ETCD] == before[Part.ETCD]
    assert supervisor.record.parts[Part.AWS] != before[Part.AWS]


def test_if_one_fails_those_started_with_it_are_stopped(
    supervisor: Supervisor, start: Callable[..., None], tmp_path: Path
) -> None:
    start(_serves(Part.AWS, tmp_path))
    failing = Launch(Part.KUBERNETES, (sys.executable, "-c", "raise SystemExit('bad flag')"), lambda: False)
    with pytest.raises(PartFailedError, match="kube-apiserver ended while it was starting") as failure:
        start(_serves(Part.ETCD, tmp_path), failing)
    assert "bad flag" in failure.value.detail
    assert str(supervisor.home.logs / "kube-apiserver.log") in failure.value.detail
    assert not failure.value.port_taken
    assert not supervisor.record.alive(Part.ETCD)
    assert supervisor.record.alive(Part.AWS), "what ran before is none of its business"


def test_a_taken_port_is_told_apart(start: Callable[..., None]) -> None:
    says = "raise SystemExit('listen tcp 127.0.0.1:1: bind: address already in use')"
    with pytest.raises(PartFailedError) as failure:
        start(Launch(Part.ETCD, (sys.executable, "-c", says), lambda: False))
    assert failure.value.port_taken


def test_an_interrupt_leaves_nothing_running(supervisor: Supervisor, start: Callable[..., None]) -> None:
    def interrupted() -> bool:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        start(Launch(Part.AWS, (sys.executable, "-c", _SLEEP), interrupted))
    assert Part.AWS in supervisor.record.parts
    assert not supervisor.record.alive(Part.AWS)


def test_parts_are_stopped_users_first() -> None:
    assert list(Part) == [Part.CONTROLLERS, Part.KUBERNETES, Part.ETCD, Part.AWS]
