"""What the README says is so, and its page of a program: that declares what it shows, and the commands exist.

The commands themselves are run by the end-to-end tests (tests/e2e/test_make.py, test_dev_commands.py).
"""

from __future__ import annotations

import re
from pathlib import Path

from tests.unit.program import declare

CHECKOUT = Path(__file__).parents[2]
README = (CHECKOUT / "README.md").read_text()
PAGE = (CHECKOUT / "docs" / "own-program.md").read_text()


def test_the_program_declares_a_network_and_a_load_balancer() -> None:
    (program,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    declared = declare(lambda: exec(compile(program, "own-program.md", "exec"), {}))  # noqa: S102 - the page's own program
    assert len(declared.of("Subnet")) == 4
    assert declared.one("NetworkLoadBalancer")["scheme"] == "internet-facing"
    assert declared.one("Listener")["port"] == 443
    (target,) = declared.one("TargetGroup")["targets"].values()
    assert target["port"] == 30443


def test_every_make_target_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (CHECKOUT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"(?:^ {4}|`|\()make ([a-z]+)", README, re.MULTILINE))
    assert {"up", "test", "env", "down", "preview", "bench"} <= named <= targets


def test_every_place_on_the_map_exists() -> None:
    places = re.findall(r"^\| `([^` ]+)` \|", README, re.MULTILINE)
    assert len(places) > 8
    assert [place for place in places if not (CHECKOUT / place).exists()] == []


def test_every_link_leads_somewhere() -> None:
    links = re.findall(r"\]\((?!http)([^)]+)\)", README)
    assert links
    assert [link for link in links if not (CHECKOUT / link).exists()] == []
