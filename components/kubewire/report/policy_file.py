"""Reads `policy.yaml`; every mistake says its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from kubewire.errors import InvalidInputError
from kubewire.faults import dotted, faults
from kubewire.report.policy import Policy

PARTS = re.compile(r"\[\d+\]|[^.\[\]]+")


def read_policy(text: str, name: str) -> Policy:
    """Read a policy.

    Args:
        text: YAML.
        name: of the file, for errors.

    Raises:
        InvalidInputError: it is no YAML, or says what no policy says; one error names all mistakes.
    """
    try:
        given = yaml.safe_load(text)
        lines = dict(_lines(yaml.compose(text, Loader=yaml.SafeLoader), ()))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{name}:{mark.line + 1}" if mark else name
        detail = str(getattr(error, "problem", "") or "It can't be read.")
        raise InvalidInputError("this is no YAML", detail=detail, path=where) from None
    try:
        return Policy.model_validate({} if given is None else given)
    except ValidationError as error:
        found = [_placed(fault, lines, name) for fault in faults(error, given)]
        raise found[0] if len(found) == 1 else InvalidInputError.joined(found, name) from None


def policy_of(path: Path) -> Policy:
    """Read a policy's file. It raises what `read_policy` does, and InvalidInputError where it can't be read."""
    try:
        return read_policy(path.read_text(encoding="utf-8"), str(path))
    except UnicodeDecodeError:
        raise InvalidInputError(f"{path} is no text", path="--policy") from None
    except OSError as error:
        raise InvalidInputError(f"{path} can't be read: {error.strerror}", path="--policy") from None


def _placed(fault: InvalidInputError, lines: dict[str, int], name: str) -> InvalidInputError:
    """Put file and line before a path: those of the nearest thing that is written."""
    path = fault.path
    parts = PARTS.findall(path)
    line = next((lines[key] for end in range(len(parts), -1, -1) if (key := _joined(parts[:end])) in lines), 1)
    return InvalidInputError(fault.summary, detail=fault.detail, path=f"{name}:{line} {path}".rstrip())


def _joined(parts: list[str]) -> str:
    return dotted([int(part[1:-1]) if part.startswith("[") else part for part in parts])


def _lines(node: Any, location: tuple[int | str, ...]) -> Iterator[tuple[str, int]]:
    """Give the line of everything in a document, by its path."""
    if node is None:
        return
    yield dotted(location), node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield dotted((*location, str(key.value))), key.start_mark.line + 1
            yield from (
                item
                for item in _lines(value, (*location, str(key.value)))
                if item[0] != dotted((*location, str(key.value)))
            )
    elif isinstance(node, yaml.SequenceNode):
        for at, value in enumerate(node.value):
            yield from _lines(value, (*location, at))
