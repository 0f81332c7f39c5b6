from __future__ import annotations

import io
import threading
import time
from pathlib import Path

import pytest
from filelock import FileLock

from kubewire.local.cache import cache_directory, cached
from kubewire.local.progress import Progress


def test_a_relative_cache_home_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert cache_directory() == Path.home() / ".cache" / "kubewire"


def test_what_fails_half_way_does_not_exist(cache: Path, progress: Progress) -> None:
    def half(directory: Path) -> None:
        (directory / "half").touch()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cached("thing", half, progress)
    assert [path.name for path in cache.iterdir() if path.is_dir()] == []


@pytest.mark.usefixtures("cache")
def test_what_failed_is_made_by_the_next(progress: Progress) -> None:
    def fail(_directory: Path) -> None:
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - it has no message
        cached("thing", fail, progress)
    assert (cached("thing", lambda directory: (directory / "made").touch(), progress) / "made").exists()


def test_while_another_makes_it_one_waits_for_that(cache: Path, progress: Progress, said: io.StringIO) -> None:
    cache.mkdir(parents=True)
    holder = FileLock(cache / ".thing.lock", thread_local=False)
    holder.acquire()

    def finish() -> None:
        time.sleep(0.3)
        (cache / "thing").mkdir()
        holder.release()

    thread = threading.Thread(target=finish)
    thread.start()
    made: list[Path] = []
    assert cached("thing", made.append, progress) == cache / "thing"
    thread.join()
    assert made == []
    assert said.getvalue().startswith("Waiting for another kubewire that makes thing ...")
