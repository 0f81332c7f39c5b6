"""`kubewire preview`: a change, proved and reviewed before it is applied."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kubewire.commands.mistakes import mistakes_apart
from kubewire.commands.progress import after_a_while
from kubewire.commands.source import PlanOption, read_text
from kubewire.errors import InvalidInputError
from kubewire.report.form import FILES, ReportFormat

if TYPE_CHECKING:
    from kubewire.prover.facts.facts import Facts
    from kubewire.report.build import Asked, Reviewed

REFUSED = 1
POLICY = "policy.yaml"
"""Taken where it lies in the project's folder, unless another one is named."""


def preview(  # noqa: PLR0913 - its options are its users'
    *,
    stack: Annotated[
        str | None, typer.Option("--stack", metavar="NAME", help="Of the project here. Default: the selected one.")
    ] = None,
    plan: PlanOption = None,
    base: Annotated[
        str | None,
        typer.Option(
            "--base", metavar="FILE", help="Compare with this plan or state, not with what the plan says there is."
        ),
    ] = None,
    policy: Annotated[
        str | None,
        typer.Option("--policy", metavar="FILE", help="Which new exposures are allowed. Default: policy.yaml, if any."),
    ] = None,
    form: Annotated[
        list[ReportFormat] | None, typer.Option("--format", help="May be given several times. Default: table.")
    ] = None,
    output: Annotated[
        str | None,
        typer.Option("--output", metavar="PATH", help="Write there: a file, or a folder for several formats."),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Fail for what is not proven, too.")] = False,
) -> None:
    """Preview a change, prove it, and write a report: what it makes reachable and unreachable, breaks and costs.

    Exits with 0 if it is fine, 1 if it breaks a property or exposes what the policy doesn't allow (or, with --strict,
    if something is not proven), 2 if there was nothing to judge.
    """
    with mistakes_apart():
        from kubewire.report.build import review  # noqa: PLC0415 - `--help` needs none of it

        forms = form or [ReportFormat.TABLE]
        _fits(forms, output)
        asked = _asked(stack, plan, base, policy, strict=strict)
        with after_a_while("proving"):
            reviewed = review(asked)
        _write(reviewed, forms, output, _file_of(asked.stack))
    if reviewed.review.reasons:
        raise typer.Exit(REFUSED)


def _fits(forms: list[ReportFormat], output: str | None) -> None:
    """Refuse several reports in one place before anything takes its time."""
    if len(set(forms)) > 1 and (output is None or Path(output).is_file()):
        detail = "Give a folder with --output, where each format is a file of its own."
        raise InvalidInputError("several formats don't fit into one file", detail=detail, path="--output")


def _asked(stack: str | None, plan: str | None, base: str | None, policy: str | None, *, strict: bool) -> Asked:
    from kubewire.report.build import Asked  # noqa: PLC0415 - as above
    from kubewire.report.policy_file import policy_of  # noqa: PLC0415

    # What is cheap to find wrong comes before what takes its time.
    file = Path(policy) if policy else _found_policy()
    allowed = policy_of(file) if file else None
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


def _plan(stack: str | None, plan: str | None) -> tuple[str, str]:
    """Give the stack's name, as far as it is known, and what the engine printed."""
    if plan is not None:
        return stack or "", read_text(plan, "--plan")
    from kubewire.commands.running import preview as run  # noqa: PLC0415 - as above
    from kubewire.commands.running import selected_stack  # noqa: PLC0415

    name = stack or selected_stack()
    return name, run(name)


def _facts(text: str) -> tuple[Facts, Facts]:
    from kubewire.prover.from_plan.facts import before_plan, from_plan  # noqa: PLC0415 - as above

    after, was = from_plan(text), before_plan(text)
    if not after.clusters and not was.clusters:
        detail = "Only a program that declares a ClusterNetwork says what its network is for."
        raise InvalidInputError("there is no ClusterNetwork in it, so there is nothing to judge", detail=detail)
    return after, was


def _of_base(base: str) -> Facts:
    """Read a plan, as what it leads to, or a state."""
    import json  # noqa: PLC0415 - as above

    from kubewire.prover.from_plan.facts import from_plan, from_state  # noqa: PLC0415

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
    import yaml  # noqa: PLC0415 - as above

    try:
        settings = yaml.safe_load((project / "Pulumi.yaml").read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        settings = None
    folder = settings.get("stackConfigDir", ".") if isinstance(settings, dict) else "."
    file = Path(str(folder)) / f"Pulumi.{stack.rpartition('/')[2]}.yaml"
    return file.as_posix() if (project / file).is_file() else "Pulumi.yaml"


def _write(reviewed: Reviewed, forms: list[ReportFormat], output: str | None, file: str) -> None:
    from kubewire.report.files import written  # noqa: PLC0415 - as above

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
    from kubewire.commands.writing import console  # noqa: PLC0415 - as above

    terminal = console() if form is ReportFormat.TABLE else None
    if terminal:
        from kubewire.commands.review_writing import show  # noqa: PLC0415

        show(terminal, reviewed.review)
        return
    from kubewire.report.files import written  # noqa: PLC0415

    typer.echo(written(reviewed, form, file), nl=False)
