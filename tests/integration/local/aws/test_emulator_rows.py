"""Every difference between moto and AWS that was found at first is covered by a case, or is left for a reason."""

from __future__ import annotations

import importlib
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from tests.integration.local.aws.case import Case
from tests.integration.local.aws.emulator_rows import ROWS, Row

# How many the probe found, and how many cases the strict cloud was to have.
PROBED = 98
WANTED = 300


@cache
def titles() -> frozenset[str]:
    """All cases of all modules, as "module/title"."""
    found = set()
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        module = importlib.import_module(f"{__package__ or 'tests.integration.local.aws'}.{path.stem}")
        for value in vars(module).values():
            several = value if isinstance(value, list | tuple) else [value]
            found |= {f"{path.stem.removeprefix('test_')}/{one.title}" for one in several if isinstance(one, Case)}
    return frozenset(found)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.area}: {row.was}")
def test_the_row_is_accounted_for(row: Row) -> None:
    assert bool(row.cases) != bool(row.why_not)
    assert titles() >= set(row.cases)


def test_no_row_is_forgotten_or_there_twice() -> None:
    assert len(ROWS) == PROBED
    twice = [was for was, count in Counter(row.was for row in ROWS).items() if count > 1]
    assert not twice


def test_there_are_as_many_cases_as_were_wanted() -> None:
    assert len(titles()) >= WANTED
