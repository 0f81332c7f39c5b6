"""Waiting for another kubewire, and saying so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from kubewire.local.progress import Progress

_LOOK_AGAIN = 0.5


@contextmanager
def locked(path: Path, why: str, progress: Progress) -> Iterator[None]:
    """Hold the lock at `path` for the block.

    Args:
        path: the lock's file. The kernel frees it when its holder ends, however that ends.
        why: what the user reads while another process holds it.
        progress: where he reads it.
    """
    lock = FileLock(path)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        with progress.step(why) as step:
            while not lock.is_locked:
                step.says("waiting")
                try:
                    lock.acquire(timeout=_LOOK_AGAIN)
                except Timeout:
                    continue
    try:
        yield
    finally:
        lock.release()
