"""What `docs/manifests.md` says is so: its table is the tables that are read, its examples are well formed.

Its program and its command are run by tests/e2e/features/test_manifests.py.
"""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml
from typer.testing import CliRunner

import kubewire
from kubewire import Overrides
from kubewire.cli import app
from kubewire.manifests.annotations import aws_table, dns_table
from kubewire.manifests.annotations.rows import Row, Said

PAGE = (Path(__file__).parents[2] / "docs" / "manifests.md").read_text()
BALANCER = aws_table.BALANCER
WORDS = {Said.IMPLIED: "is so anyway", Said.WARNED: "a warning", Said.REFUSED: "an error"}


def table() -> Iterator[str]:
    """Write the page's tables: of each field what becomes it, and then what becomes none."""
    yield from grouped("annotations", [(aws_table.ANNOTATIONS, BALANCER), (dns_table.ANNOTATIONS, "")])
    yield ""
    attributes = (aws_table.BALANCER_ATTRIBUTES, aws_table.TARGET_ATTRIBUTES, aws_table.LISTENER_ATTRIBUTES)
    yield from grouped("attributes in annotations' values", [(rows, "") for rows in attributes])


def grouped(what: str, tables: Sequence[tuple[Sequence[Row], str]]) -> Iterator[str]:
    yield f"| becomes | {what} |"
    yield "|---|---|"
    found: dict[str, dict[str, None]] = {}
    for rows, short in tables:
        for row in rows:
            found.setdefault(head(row), {})[f"`{name(row, short)}`"] = None
    last = [word for word in WORDS.values() if word in found]
    for word in [*(word for word in found if word not in last), *last]:
        yield f"| {word} | {', '.join(found[word])} |"


def head(row: Row) -> str:
    """Name the field, or say what there is instead; the parts of a health check are one line."""
    if row.said is not Said.MAPPED:
        return WORDS[row.said]
    whole = "healthCheck" if row.text.startswith("healthCheck.") else row.text
    return row.text if row.text.startswith("see ") else f"`{whole}`"


def name(row: Row, short: str) -> str:
    """Leave out what most begin with."""
    return f"…{row.name.removeprefix(short)}" if short and row.name.startswith(short) else row.name


def test_the_table_is_what_is_read() -> None:
    assert PAGE.endswith("\n".join(table()) + "\n")


def test_the_program_uses_what_there_is() -> None:
    (program,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names = {node.id for node in ast.walk(ast.parse(program)) if isinstance(node, ast.Name)}
    assert {item for item in names if item not in kubewire.__all__} == {"SIZE", "overrides", "found", "network"}


def test_the_file_of_overrides_is_one() -> None:
    (text,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    found = Overrides.model_validate(yaml.safe_load(text))
    assert found.services["shop/legacy"].leave_out


def test_every_option_that_is_named_is_there() -> None:
    wide = {"COLUMNS": "200", "NO_COLOR": "1"}
    said = "".join(CliRunner().invoke(app, [name, "--help"], env=wide).stdout for name in ("import-services", "adopt"))
    (command,) = re.findall(r"^    kubewire (.*) > services.py$", PAGE, re.MULTILINE)
    options = {*re.findall(r"--[a-z][a-z-]*", PAGE), *(word for word in shlex.split(command) if word.startswith("--"))}
    assert {option for option in options if option not in said} == set()
