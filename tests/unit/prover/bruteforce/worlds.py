"""What unknown values may turn out to be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from kubewire.model import Model
from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.unknown import Unknown


def worlds(facts: Facts, unknowns: Mapping[str, tuple[object, ...]], seed: int, number: int) -> Iterator[Facts]:
    """Give facts without unknown values, for some of the combinations of what they may be."""
    random = Random(seed)  # noqa: S311 - repeatable on purpose
    for _ in range(number if unknowns else 1):
        yield _filled(facts, {name: random.choice(values) for name, values in unknowns.items()})


def _filled(value: Any, chosen: Mapping[str, object]) -> Any:
    match value:
        case Unknown(comes_from=name):
            return chosen.get(name, value)
        case Model():
            return value.model_copy(update={key: _filled(item, chosen) for key, item in value})
        case tuple():
            return tuple(_filled(item, chosen) for item in value)
        case Mapping():
            return {key: _filled(item, chosen) for key, item in value.items()}
        case _:
            return value
