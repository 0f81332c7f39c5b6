"""The properties of a network, proved and written."""

from __future__ import annotations

from kubewire.commands.facts import facts
from kubewire.commands.form import Format
from kubewire.commands.proof_writing import write
from kubewire.commands.source import SourceOptions
from kubewire.prover.prove import prove


def verdicts(told: SourceOptions, form: Format) -> set[str]:
    """Prove every property, write that on stdout, and say which verdicts there are. It raises what `facts` does."""
    proofs = prove(facts(told))
    write(proofs, form)
    return {proof.verdict.verdict for proof in proofs}
