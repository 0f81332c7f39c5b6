"""The stand-in as a plugin that the engine can install: an archive with one executable, which runs this package."""

from __future__ import annotations

import io
import shlex
import sys
import tarfile
from pathlib import Path
from typing import Final

from kubewire.local.kubernetes_plugin.release import PACKAGE

EXECUTABLE: Final = f"pulumi-resource-{PACKAGE}"
_MODE: Final = 0o755


def launcher() -> str:
    """Give the executable's text. It names the Python that runs this, in which kubewire is installed.

    `-P` keeps the folder that the engine starts it in from being searched for modules.
    """
    return f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -P -m {__package__} "$@"\n'


def pack(archive: Path) -> None:
    """Write the archive."""
    text = launcher().encode()
    member = tarfile.TarInfo(EXECUTABLE)
    member.size, member.mode = len(text), _MODE
    with tarfile.open(archive, "w:gz") as tar:
        tar.addfile(member, io.BytesIO(text))
