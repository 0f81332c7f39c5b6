"""Putting a kubernetes plugin where the engine looks for it: the official one, or else the stand-in.

Only ever into the PULUMI_HOME of an embedded environment, so that no other stack of the user's can meet the stand-in.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final

from kubewire.errors import EnvironmentNotReadyError
from kubewire.local.kubernetes_plugin import official
from kubewire.local.kubernetes_plugin.packing import EXECUTABLE, launcher, pack
from kubewire.local.kubernetes_plugin.release import PACKAGE, VERSION

_DOWNLOAD_SECONDS: Final = 90.0
_INSTALL_SECONDS: Final = 30.0
_LONGEST_LAUNCHER: Final = 4096


class Installed(StrEnum):
    """Which plugin an environment has."""

    OFFICIAL = "official"
    STAND_IN = "stand-in"


def install(home: Path, environment: Mapping[str, str]) -> Installed:
    """Let the engine find a kubernetes plugin. What is there already is kept, and found in no time.

    Args:
        home: the embedded environment's directory.
        environment: an environment in which `pulumi` uses it: PATH, and a PULUMI_HOME below `home`.

    Raises:
        EnvironmentNotReadyError: the engine would not take it.
    """
    pulumi_home = Path(environment.get("PULUMI_HOME", ""))
    if not pulumi_home.resolve().is_relative_to(home.resolve()):
        raise EnvironmentNotReadyError(
            "the kubernetes plugin's stand-in goes into an embedded environment only",
            detail=f"PULUMI_HOME is {pulumi_home or 'not set'}, which is not below {home}.",
        )
    return (
        _there(pulumi_home / "plugins" / f"resource-{PACKAGE}-v{VERSION}" / EXECUTABLE)
        or _install_official(environment)
        or _install_stand_in(environment)
    )


def _there(executable: Path) -> Installed | None:
    """Say what is installed; None if nothing is, or a stand-in of another Python than this one."""
    try:
        if executable.stat().st_size > _LONGEST_LAUNCHER:
            return Installed.OFFICIAL
        current = os.access(executable, os.X_OK) and executable.read_text(encoding="utf-8") == launcher()
    except FileNotFoundError:
        return None
    return Installed.STAND_IN if current else None


def _install_official(environment: Mapping[str, str]) -> Installed | None:
    if official.seems_available(environment) and _pulumi(environment, _DOWNLOAD_SECONDS) is None:
        return Installed.OFFICIAL
    official.remember_missing()
    return None


def _install_stand_in(environment: Mapping[str, str]) -> Installed:
    with tempfile.TemporaryDirectory() as directory:
        archive = Path(directory) / "plugin.tar.gz"
        pack(archive)
        problem = _pulumi(environment, _INSTALL_SECONDS, "--file", str(archive), "--reinstall")
    if problem is not None:
        raise EnvironmentNotReadyError("the kubernetes plugin's stand-in can't be installed", detail=problem)
    return Installed.STAND_IN


def _pulumi(environment: Mapping[str, str], seconds: float, *options: str) -> str | None:
    """Run the engine's own installation; None if it went well, else what it said."""
    program = shutil.which("pulumi", path=environment.get("PATH"))
    if program is None:
        return "there is no `pulumi` on PATH"
    command = [program, "plugin", "install", "resource", PACKAGE, VERSION, *options]
    try:
        # The engine of this environment, with our own arguments.
        ran = subprocess.run(  # noqa: S603 - our own command
            command, env=dict(environment), capture_output=True, text=True, timeout=seconds, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return None if ran.returncode == 0 else (ran.stderr or ran.stdout).strip()
