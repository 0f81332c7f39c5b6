"""`kubewire prove`: every property of a network, before anything is applied."""

from __future__ import annotations

from typing import Annotated

import typer

from kubewire.commands.mistakes import mistakes_apart
from kubewire.commands.source import (
    ClusterOption,
    LiveOption,
    PlanOption,
    StackOption,
    StateOption,
    TerraformOption,
    facts,
)
from kubewire.commands.writing import Format, FormatOption

BROKEN = 1


def prove(  # noqa: PLR0913 - its options are its users'
    *,
    plan: PlanOption = None,
    state: StateOption = None,
    stack: StackOption = None,
    live: LiveOption = None,
    terraform: TerraformOption = None,
    cluster: ClusterOption = None,
    form: FormatOption = Format.TABLE,
    strict: Annotated[bool, typer.Option("--strict", help="Fail for what is not proven, too.")] = False,
) -> None:
    """Prove a network's properties, from wherever its facts are: each holds, is broken, or is not proven.

    Exits with 0 if nothing is broken, 1 if something is (or, with --strict, not proven), 2 if there was nothing to
    prove from.
    """
    with mistakes_apart():
        from kubewire.commands.proof_writing import write  # noqa: PLC0415 - `--help` needs none of it
        from kubewire.prover.prove import prove as prove_all  # noqa: PLC0415

        proofs = prove_all(facts(plan, state, stack, live, terraform, cluster))
        write(proofs, form)
    said = {proof.verdict.verdict for proof in proofs}
    if "broken" in said or (strict and "not proven" in said):
        raise typer.Exit(BROKEN)
