from __future__ import annotations

from kubewire.prover.facts.unknown import Unknown
from kubewire.prover.properties import PROPERTIES
from kubewire.prover.prove import prove
from kubewire.prover.verdict import SHOWN, Broken, Holds, NotProven, verdict_of
from kubewire.prover.witness import Witness
from tests.unit.prover.nets import cluster, facts

WRONG, OPEN = Witness(summary="wrong"), Unknown(comes_from="a value")


def test_properties_are_in_the_order_of_their_numbers() -> None:
    numbers = [item.number for item in PROPERTIES]
    assert numbers == sorted(set(numbers))
    assert numbers[:19] == list(range(1, 20))


def test_every_cluster_is_proved_for_itself() -> None:
    proofs = prove(facts(clusters=(cluster(), cluster(name="other", service_ranges=Unknown(comes_from="a flag")))))
    assert [proof.cluster for proof in proofs] == ["net"] * len(PROPERTIES) + ["other"] * len(PROPERTIES)
    assert {proof.number for proof in proofs if not isinstance(proof.verdict, Holds)} == {2, 17, 20}


def test_what_is_wrong_goes_before_what_is_unknown() -> None:
    assert verdict_of([OPEN, WRONG]) == Broken(count=1, witnesses=(WRONG,))
    assert verdict_of([OPEN, OPEN]) == NotProven(unknowns=("a value",))
    assert verdict_of([]) == Holds()


def test_witnesses_are_counted_and_the_first_shown() -> None:
    said = verdict_of([WRONG] * 1000)
    assert isinstance(said, Broken)
    assert (said.count, len(said.witnesses)) == (1000, SHOWN)
