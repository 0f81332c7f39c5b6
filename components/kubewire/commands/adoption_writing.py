"""What taking a load balancer over would do, as users read it; and the Service that their program is to have."""

from __future__ import annotations

from collections.abc import Iterable

import typer

from kubewire.adoption.plan import Plan
from kubewire.commands.form import ProgramForm
from kubewire.manifests.printing.environment import entries
from kubewire.manifests.printing.python import assigned
from kubewire.report.escaping import plain
from kubewire.services.load_balancer.args import LoadBalancerServiceArgs

THERE = "in the stack already"


def show(plan: Plan, maker: str | None, stack: str, *, yes: bool) -> None:
    """Write on stderr what is imported and what becomes of it.

    Args:
        plan: what it does.
        maker: who made the load balancer; None where the stack has it already.
        stack: who takes it over.
        yes: whether it is done now.
    """
    whose = f", whose load balancer {maker} made," if maker else ""
    _say(f"{plan.args.label}{whose} is {'' if yes else 'to be '}taken over by stack {stack}:")
    rows = [*plan.aws, plan.service]
    width = max(len(one.shown) for one in rows)
    for one in rows:
        _say(f"  {one.shown:<{width}}  {THERE if one.is_there else one.becomes}")
    _listed("Not as it was:", plan.warnings)
    _listed("Left as it is, and nobody's:", plan.left)
    if not yes:
        _say("Nothing is written yet: --yes imports all this, and has the controller let go of the Service.")


def printed(args: LoadBalancerServiceArgs, form: ProgramForm) -> str:
    """Write the Service for a program, or for an environment file."""
    return entries([args]) if form is ProgramForm.YAML else assigned("SERVICE", args)


def _listed(head: str, texts: Iterable[str]) -> None:
    for index, text in enumerate(texts):
        if not index:
            _say(head)
        _say(f"  {text}")


def _say(text: str) -> None:
    typer.echo(plain(text), err=True)
