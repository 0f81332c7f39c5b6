"""A change, proved and reviewed: what is asked, and the report that is written."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import typer
import yaml

from kubewire.commands.facts import read_text
from kubewire.commands.progress import after_a_while
from kubewire.commands.running import preview, selected_stack
from kubewire.commands.writing import console
from kubewire.errors import InvalidInputError
from kubewire.prover.facts.facts import Facts
from kubewire.prover.from_plan.facts import before_plan, from_plan, from_state
from kubewire.report.build import Asked, Reviewed, review
from kubewire.report.files import written
from kubewire.report.form import FILES, ReportFormat
from kubewire.report.policy_file import policy_of
from kubewire.uncollected import uncollected

POLICY = "policy.yaml"
"""Taken where it lies in the project's folder, unless another one is named."""


def check_fits(forms: list[ReportFormat], output: str | None) -> None:
    """Refuse several reports in one place before anything takes its time."""
    if len(set(forms)) > 1 and (output is None or Path(output).is_file()):
        detail = "Give a folder with --output, where each format is a file of its own."
        raise InvalidInputError("several formats don't fit into one file", detail=detail, path="--output")


def asked(stack: str | None, plan: str | None, base: str | None, policy: str | None, *, strict: bool) -> Asked:
    """Read what is to be judged.

    Args:
        stack: of the project here, which is previewed where there is no plan; None: the selected one.
        plan: a file.
        base: a plan or a state to compare with; None: what the plan says there is.
        policy: a file; None: the project's, if it has one.
        strict: whether what is not proven fails, too.

    Raises:
        InvalidInputError: a file can't be read, or is something else; there is no network in it.
        EnvironmentNotReadyError: the preview fails.
    """
    # What is cheap to find wrong comes before what takes its time.
    file = Path(policy) if policy else _found_policy()
    allowed = policy_of(file) if file else None
    with uncollected():
        before = _of_base(base) if base is not None else None
        name, text = _plan(stack, plan)
        after, was = _facts(text)
    return Asked(
        plan=text,
        before=before if base is not None else was,
        after=after,
        stack=name,
        policy=allowed,
        policy_file=str(file) if file else "",
        today=datetime.now(tz=UTC).date(),
        strict=strict,
    )


def proved(question: Asked) -> Reviewed:
    """Prove and review it; that takes its time."""
    with after_a_while("proving"):
        return review(question)


def _plan(stack: str | None, plan: str | None) -> tuple[str, str]:
    """Give the stack's name, as far as it is known, and what the engine printed."""
    if plan is not None:
        return stack or "", read_text(plan, "--plan")
    name = stack or selected_stack()
    return name, preview(name)


def _facts(text: str) -> tuple[Facts, Facts]:
    after, was = from_plan(text), before_plan(text)
    if not after.clusters and not was.clusters:
        detail = "Only a program that declares a ClusterNetwork says what its network is for."
        raise InvalidInputError("there is no ClusterNetwork in it, so there is nothing to judge", detail=detail)
    return after, was


def _of_base(base: str) -> Facts:
    """Read a plan, as what it leads to, or a state."""
    text = read_text(base, "--base")
    try:
        is_plan = "steps" in json.loads(text)
    except (ValueError, TypeError, RecursionError):
        is_plan = False
    return from_plan(text) if is_plan else from_state(text)


def _project() -> Path | None:
    """Give the folder of the project that this folder is in."""
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / "Pulumi.yaml").is_file()), None)


def _found_policy() -> Path | None:
    project = _project()
    return project / POLICY if project and (project / POLICY).is_file() else None


def _file_of(stack: str) -> str:
    """Give the stack's own file, relative to the project: that is where its reviewers look."""
    project = _project()
    if project is None or not stack:
        return "Pulumi.yaml"
    try:
        settings = yaml.safe_load((project / "Pulumi.yaml").read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        settings = None
    folder = settings.get("stackConfigDir", ".") if isinstance(settings, dict) else "."
    file = Path(str(folder)) / f"Pulumi.{stack.rpartition('/')[2]}.yaml"
    return file.as_posix() if (project / file).is_file() else "Pulumi.yaml"


def write(reviewed: Reviewed, forms: list[ReportFormat], output: str | None, stack: str) -> None:
    """Write it in each of these formats: on stdout, into a file, or into a folder.

    Raises:
        InvalidInputError: it can't be written there.
    """
    file = _file_of(stack)
    if output is None:
        _show(reviewed, forms[0], file)
        return
    place = Path(output)
    wanted = list(dict.fromkeys(forms))
    in_folder = len(wanted) > 1 or place.is_dir() or output.endswith("/")
    try:
        (place if in_folder else place.parent).mkdir(parents=True, exist_ok=True)
        for form in wanted:
            target = place / FILES[form] if in_folder else place
            target.write_text(written(reviewed, form, file), encoding="utf-8")
            typer.echo(f"{form}: {target}", err=True)
    except OSError as error:
        raise InvalidInputError(f"{output} can't be written: {error.strerror}", path="--output") from None
    typer.echo(reviewed.review.headline)


def _show(reviewed: Reviewed, form: ReportFormat, file: str) -> None:
    terminal = console() if form is ReportFormat.TABLE else None
    if terminal:
        from kubewire.commands.review_writing import show  # noqa: PLC0415 - a pipe needs none of it

        show(terminal, reviewed.review)
        return
    typer.echo(written(reviewed, form, file), nl=False)
