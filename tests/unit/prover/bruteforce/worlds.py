"""What unknown values may turn out to be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice, product
from typing import Any

from kubewire.model import Model
from kubewire.prover.facts.facts import Facts
from kubewire.prover.facts.unknown import Unknown


def worlds(facts: Facts, unknowns: Mapping[str, tuple[object, ...]], most: int) -> Iterator[Facts]:
    """Give facts without unknown values, for the first combinations of what they may be."""
    names = list(unknowns)
    for chosen in islice(product(*(unknowns[name] for name in names)), most):
        yield _filled(facts, dict(zip(names, chosen, strict=True)))


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
