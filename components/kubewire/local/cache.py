"""What is made once and shared by every checkout of this user: built or downloaded tools."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from kubewire.local.locks import locked
from kubewire.local.progress import Progress


def cache_directory() -> Path:
    """`$XDG_CACHE_HOME/kubewire`, else `~/.cache/kubewire`; on macOS too, where developers look for it."""
    base = os.environ.get("XDG_CACHE_HOME")
    # The specification says that a relative path there is to be ignored.
    root = Path(base) if base and Path(base).is_absolute() else Path.home() / ".cache"
    return root / "kubewire"


def log_directory() -> Path:
    """Where builds leave their logs, also of failures."""
    directory = cache_directory() / "logs"
    directory.mkdir(parents=True, exist_ok=True)
    return directory


def cached(name: str, make: Callable[[Path], None], progress: Progress) -> Path:
    """The directory `name` of the cache, made now if nobody has made it.

    It appears whole or not at all, whatever happens meanwhile, and is made by one process at a time.

    Args:
        name: identifies the contents; anything that changes them changes the name.
        make: fills the empty directory that it is given.
        progress: tells when another process is waited for.
    """
    directory = cache_directory() / name
    if directory.is_dir():
        return directory
    directory.parent.mkdir(parents=True, exist_ok=True)
    lock = directory.parent / f".{directory.name}.lock"
    with locked(lock, f"Waiting for another kubewire that makes {name}", progress):
        if not directory.is_dir():
            # Beside its place, so that the rename stays within one file system.
            with tempfile.TemporaryDirectory(dir=directory.parent, prefix=f".{directory.name}-") as workspace:
                made = Path(workspace) / "made"
                made.mkdir()
                make(made)
                made.rename(directory)
    return directory
