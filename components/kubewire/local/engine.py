"""Which Pulumi engine is used: the user's own, else the official release, else one built here."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from kubewire.local.build import built
from kubewire.local.cache import cache_directory, cached
from kubewire.local.home import write_private
from kubewire.local.progress import Progress
from kubewire.local.release import Release, ReleaseUnavailableError
from kubewire.local.tool import ENGINE, PULUMI_VERSION

_OFFICIAL = Release(PULUMI_VERSION)
_OLDEST = (3, 250, 0)
_VERSION = re.compile(r"v?(\d+)\.(\d+)\.(\d+)")
_ASK_SECONDS = 30
_PROGRAM = "pulumi"
_LANGUAGE_HOST = "pulumi-language-python"


class Origin(StrEnum):
    """Where an engine comes from, best first."""

    PATH = "path"
    RELEASE = "release"
    BUILT = "built"


class Engine(BaseModel):
    """A Pulumi engine with its Python language host.

    Attributes:
        origin: where it comes from.
        version: what it calls itself.
        directory: where `pulumi` is.
        language_host: where `pulumi-language-python` is.
        pinned: the version that was pinned when this was decided; another pin decides anew.
        changed: the program's time of change; another program in its place is looked at anew.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    origin: Origin
    version: str
    directory: Path
    language_host: Path
    pinned: str = PULUMI_VERSION
    changed: int

    @property
    def unchanged(self) -> bool:
        """Whether it is still what was decided for."""
        program = self.directory / _PROGRAM
        return (
            self.pinned == PULUMI_VERSION
            and (self.language_host / _LANGUAGE_HOST).is_file()
            and program.is_file()
            and program.stat().st_mtime_ns == self.changed
        )


def choose_engine(progress: Progress, release: Release = _OFFICIAL) -> Engine:
    """The engine to use. Decided once for what is on PATH: later calls look at a few files and start nothing.

    Args:
        progress: where it is shown.
        release: what to download if there is none on PATH.

    Raises:
        EnvironmentNotReadyError: none can be had.
    """
    on_path = _on_path()
    decision = _decision(on_path)
    remembered = _read(decision)
    if remembered and remembered.unchanged:
        return remembered
    engine = _from_path(on_path, progress) if on_path else None
    engine = engine or _from_release(release, progress) or _described(Origin.BUILT, built(ENGINE, progress))
    write_private(decision, engine.model_dump_json(indent=2).encode())
    progress.note(f"Using Pulumi {engine.version} ({engine.directory})")
    return engine


def _decision(on_path: Path | None) -> Path:
    """Where it is written down which engine is used by those who have this one on their PATH, in this state."""
    seen = f"{on_path} {on_path.stat().st_mtime_ns}" if on_path else "none"
    directory = cache_directory() / "engines"
    directory.mkdir(parents=True, exist_ok=True)
    return directory / f"{hashlib.sha256(seen.encode()).hexdigest()[:16]}.json"


def _read(decision: Path) -> Engine | None:
    try:
        return Engine.model_validate_json(decision.read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def _on_path() -> Path | None:
    """The user's own `pulumi`. Those of the cache don't count: a shell of `kubewire shell` has them on its PATH."""
    ours = cache_directory()
    folders = [folder for folder in os.get_exec_path() if not Path(folder).is_relative_to(ours)]
    found = shutil.which(_PROGRAM, path=os.pathsep.join(folders))
    return Path(found).absolute() if found else None


def _from_path(program: Path, progress: Progress) -> Engine | None:
    beside = program.resolve().parent / _LANGUAGE_HOST
    host = str(beside) if beside.is_file() else shutil.which(_LANGUAGE_HOST)
    version = _version(program)
    if host is None:
        progress.note(f"{program} is not used: there is no {_LANGUAGE_HOST} with it")
        return None
    if version < _OLDEST:
        progress.note(f"{program} is not used: it is older than {'.'.join(map(str, _OLDEST))}")
        return None
    return _described(Origin.PATH, program.parent, Path(host).parent)


def _from_release(release: Release, progress: Progress) -> Engine | None:
    fill: Callable[[Path], None] = lambda directory: release.download(directory, progress)  # noqa: E731 - a function would say no more
    try:
        return _described(Origin.RELEASE, cached(f"pulumi-release-{release.version}", fill, progress))
    except ReleaseUnavailableError as error:
        progress.note(f"Pulumi's release can't be downloaded ({error}); it is built instead")
        return None


def _described(origin: Origin, directory: Path, language_host: Path | None = None) -> Engine:
    program = directory / _PROGRAM
    return Engine(
        origin=origin,
        version=".".join(map(str, _version(program))),
        directory=directory,
        language_host=language_host or directory,
        changed=program.stat().st_mtime_ns,
    )


def _version(program: Path) -> tuple[int, ...]:
    environment = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    try:
        said = subprocess.run(  # noqa: S603 - a program found on PATH, as the user's shell would
            [program, "version"], capture_output=True, text=True, check=True, env=environment, timeout=_ASK_SECONDS
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return ()
    version = _VERSION.search(said)
    return tuple(int(number) for number in version.groups()) if version else ()
