"""`kubewire preview`: a change, proved and reviewed before it is applied."""

from __future__ import annotations

from typing import Annotated

import typer

from kubewire.commands.mistakes import mistakes_apart
from kubewire.commands.source import PlanOption
from kubewire.report.form import ReportFormat

REFUSED = 1


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
        from kubewire.commands.reviewing import asked, check_fits, proved, write  # noqa: PLC0415 - `--help` needs none

        forms = form or [ReportFormat.TABLE]
        check_fits(forms, output)
        question = asked(stack, plan, base, policy, strict=strict)
        reviewed = proved(question)
        write(reviewed, forms, output, question.stack)
    if reviewed.review.reasons:
        raise typer.Exit(REFUSED)
