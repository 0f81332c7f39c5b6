"""A preview that is run now."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

from kubewire.commands.failures import failure
from kubewire.errors import EnvironmentNotReadyError, InvalidInputError

STREAMING = "PULUMI_ENABLE_STREAMING_JSON_PREVIEW"
"""With it the engine writes events instead of a plan."""


def preview(stack: str) -> str:
    """Run `pulumi preview` on a stack of the project that this folder is in, and give the plan.

    Raises:
        EnvironmentNotReadyError: there is no engine, or the preview fails.
    """
    program = shutil.which("pulumi")
    if program is None:
        detail = 'The embedded cloud brings one: eval "$(kubewire local env)". Or give a plan with --plan.'
        raise EnvironmentNotReadyError("there is no `pulumi` on PATH", detail=detail)
    command = [program, "preview", "--json", "--show-sames", "--show-reads", "--non-interactive", "--stack", stack]
    environment = {name: value for name, value in os.environ.items() if name != STREAMING}
    with _shown(f"pulumi preview --stack {stack}"):
        ran = subprocess.run(  # noqa: S603 - the user's own engine, on the user's own project
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
    if ran.returncode != 0:
        why = failure(ran.stdout, ran.stderr)
        others = _others(program, ran.stderr)
        pointer = [] if why.whole or others else [f"`pulumi preview --stack {stack}` says why."]
        detail = "\n  ".join([*why.lines, *others, *pointer])
        raise EnvironmentNotReadyError(f"the preview of {stack} failed", detail=detail)
    return ran.stdout


def exported(stack: str) -> str:
    """Give the state of a stack of the project that this folder is in; its secrets stay sealed.

    Raises:
        EnvironmentNotReadyError: there is no engine, or no such stack.
    """
    return _ran("stack", "export", "--stack", stack)


def imported(stack: str, file: str) -> None:
    """Run `pulumi import` on a stack of the project that this folder is in. What it imports is protected.

    Args:
        stack: into which one.
        file: what `--file` takes.

    Raises:
        EnvironmentNotReadyError: there is no engine, or the import fails; what it has imported by then stays so.
    """
    with TemporaryDirectory() as folder, _shown(f"pulumi import --stack {stack}"):
        path = Path(folder) / "import.json"
        path.write_text(file, encoding="utf-8")
        # The program is written already, or is about to be: by what else is printed.
        options = ("--yes", "--skip-preview", "--generate-code=false")
        _ran("import", "--file", str(path), *options, "--stack", stack)


def _ran(*arguments: str) -> str:
    program = shutil.which("pulumi")
    if program is None:
        detail = 'The embedded cloud brings one: eval "$(kubewire local env)".'
        raise EnvironmentNotReadyError("there is no `pulumi` on PATH", detail=detail)
    ran = subprocess.run(  # noqa: S603 - the user's own engine, on the user's own project
        [program, *arguments, "--non-interactive"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode != 0:
        lines = [line.strip() for line in (*ran.stdout.splitlines(), *ran.stderr.splitlines())]
        said = dict.fromkeys(line for line in lines if "error:" in line)
        detail = "\n  ".join([*said, *_others(program, ran.stderr)])
        raise EnvironmentNotReadyError(f"`pulumi {arguments[0]}` failed", detail=detail)
    return ran.stdout


def _others(program: str, said: str) -> list[str]:
    """Where the engine says that there is no such stack, say which there are."""
    if "no stack named" not in said:
        return []
    command = [program, "stack", "ls", "--json", "--non-interactive"]
    ran = subprocess.run(  # noqa: S603 - as above
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    try:
        names = sorted(str(stack["name"]) for stack in json.loads(ran.stdout))
    except (ValueError, TypeError, KeyError):
        return []
    return [
        f"This project has {', '.join(names)}."
        if names
        else "This project has none: `pulumi stack init NAME` makes one."
    ]


OTHER_SOURCES = "Give one of --plan, --state, --stack, --live and --terraform."


def selected_stack(otherwise: str = OTHER_SOURCES) -> str:
    """Give the name of the stack that is selected in the project that this folder is in.

    Args:
        otherwise: what a user may do where none is.

    Raises:
        InvalidInputError: there is no project here, no engine, or no stack is selected.
    """
    program, here = shutil.which("pulumi"), Path.cwd()
    if program is not None and any((folder / "Pulumi.yaml").is_file() for folder in (here, *here.parents)):
        command = [program, "stack", "--show-name", "--non-interactive"]
        ran = subprocess.run(  # noqa: S603 - as above
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if ran.returncode == 0 and ran.stdout.strip():
            return ran.stdout.strip()
    detail = f"No stack is selected here. {otherwise}"
    raise InvalidInputError("it must be clear what is asked about", detail=detail)


def _shown(what: str) -> AbstractContextManager[object]:
    """Show that something goes on, where somebody looks."""
    if not sys.stderr.isatty():
        return nullcontext()
    from rich.console import Console  # noqa: PLC0415 - only where it is used

    return Console(stderr=True).status(f"[dim]{what}")
