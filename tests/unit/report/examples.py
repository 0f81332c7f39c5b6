"""Writes docs/examples: what `kubewire preview` says of one change. `python -m tests.unit.report.examples` runs it."""

from __future__ import annotations

from pathlib import Path

from kubewire.report.build import Reviewed
from kubewire.report.files import written
from kubewire.report.form import FILES, ReportFormat
from tests.unit.prover.engine import Plan
from tests.unit.report.reviews import FORECAST, TABLE, of_plan

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"
FORMATS = tuple(form for form in ReportFormat if form is not ReportFormat.TABLE)
STACK_FILE = "infra/environments/Pulumi.dev.yaml"


def example() -> Reviewed:
    """Review a change that moves a node's pods, forgets a route to them, and opens a node port to everybody."""
    plan = Plan("change")
    plan.document["diagnostics"] = [{"severity": "info", "message": FORECAST}]
    del plan.inputs(TABLE)["routes"]["100.64.5.0/24"]
    return of_plan(plan.text(), (EXAMPLES / "policy.yaml").read_text())


def reports() -> dict[str, str]:
    """Give every report's text, by its file's name."""
    reviewed = example()
    return {FILES[form]: written(reviewed, form, STACK_FILE) for form in FORMATS}


if __name__ == "__main__":
    for name, text in reports().items():
        (EXAMPLES / name).write_text(text, encoding="utf-8")
