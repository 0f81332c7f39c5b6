"""`kubewire comment`: a report as a comment on a pull request."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kubewire.commands.mistakes import mistakes_apart
from kubewire.comments.forge import Forge
from kubewire.comments.github import GitHub
from kubewire.comments.gitlab import GitLab
from kubewire.comments.post import post
from kubewire.errors import InvalidInputError


class Provider(StrEnum):
    """Where pull requests are."""

    GITHUB = "github"
    GITLAB = "gitlab"


def comment(
    *,
    provider: Annotated[Provider, typer.Option("--provider", help="Where the pull request is.")],
    marker: Annotated[str, typer.Option("--marker", metavar="NAME", help="Which environment: the stack's name.")],
    file: Annotated[
        Path, typer.Option("--file", metavar="FILE", help="The report, Markdown. Without one the comment says so.")
    ],
    number: Annotated[int | None, typer.Option("--number", min=1, help="The pull request. Default: the job's.")] = None,
) -> None:
    """Post a report on a pull request: one comment for each environment, which later runs update.

    It takes the address and the token from the variables of the job. Exits with 2 if it couldn't.
    """
    with mistakes_apart():
        typer.echo(f"comment for {marker}: {post(_forge(provider, number), marker, _report(file))}")


def _forge(provider: Provider, number: int | None) -> Forge:
    return GitHub(os.environ, number) if provider is Provider.GITHUB else GitLab(os.environ, number)


def _report(file: Path) -> str:
    if file.is_symlink():
        # It comes from a job that runs the change's program, and would have this one read what that one can't.
        raise InvalidInputError(f"{file} is a link", detail="A report is a file.", path="--file")
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"{file} can't be read: {type(error).__name__}", path="--file") from None
