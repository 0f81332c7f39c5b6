"""Where the facts come from."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kubewire.errors import InvalidInputError

if TYPE_CHECKING:
    from kubewire.prover.facts.facts import Facts

STDIN = "-"

PlanOption = Annotated[
    str | None,
    typer.Option("--plan", metavar="FILE", help="What `pulumi preview --json --show-sames --show-reads` printed."),
]
StateOption = Annotated[
    str | None, typer.Option("--state", metavar="FILE", help="What `pulumi stack export` printed; `-` is stdin.")
]
StackOption = Annotated[
    str | None, typer.Option("--stack", metavar="NAME", help="Preview this stack of the project here, and take that.")
]


def facts(plan: str | None, state: str | None, stack: str | None) -> Facts:
    """Read the facts from the one source that is given.

    Raises:
        InvalidInputError: none is given, or several; the file can't be read, or is no whole plan or state; it has no
            network.
        EnvironmentNotReadyError: the preview fails.
    """
    if len([one for one in (plan, state, stack) if one is not None]) != 1:
        detail = "Give one of --plan FILE, --state FILE and --stack NAME."
        raise InvalidInputError("it must be clear what is asked about", detail=detail)
    from kubewire.commands.preview import preview  # noqa: PLC0415 - `--help` needs none of it
    from kubewire.prover.from_plan.facts import from_plan, from_state  # noqa: PLC0415

    if stack is not None:
        found = from_plan(preview(stack))
    elif plan is not None:
        found = from_plan(_text(plan, "--plan"))
    else:
        found = from_state(_text(str(state), "--state"))
    if not found.clusters:
        detail = "Only a program that declares a ClusterNetwork says what its network is for."
        raise InvalidInputError("there is no ClusterNetwork in it, so there is nothing to prove", detail=detail)
    return found


def _text(name: str, path: str) -> str:
    try:
        return sys.stdin.read() if name == STDIN else Path(name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise InvalidInputError(f"{name} is no text", path=path) from None
    except OSError as error:
        raise InvalidInputError(f"{name} can't be read: {error.strerror}", path=path) from None
