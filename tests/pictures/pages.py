"""The pages of `docs/services`, and the program that each of them has."""

from __future__ import annotations

import re
from pathlib import Path

from tests.unit.program import Declarations, declare

FOLDER = Path(__file__).parents[2] / "docs" / "services"
PAGES = ("cluster-ip", "node-port", "load-balancer", "external-name")


def page(name: str) -> str:
    """Give a page's text."""
    return (FOLDER / f"{name}.md").read_text()


def program(name: str) -> str:
    """Give a page's program; what else it shows in Python is a change of that."""
    found: str = re.findall(r"```python\n(.*?)```", page(name), re.DOTALL)[0]
    return found


def declared(source: str) -> Declarations:
    """Run a program against an engine that only takes notes."""
    return declare(lambda: exec(compile(source, "program", "exec"), {}))  # noqa: S102 - the page's own program
