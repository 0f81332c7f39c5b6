"""What a preview that failed may repeat: kubewire's own words, and the names of what else failed.

With `--json` the engine writes what went wrong into the `diagnostics` of its answer. What a program's exception, its
log and a resource's provider say may hold values of secrets, and the engine masks those of the configuration alone.
kubewire's list of mistakes is made of the configuration, and of what a program knows while it runs: no secret.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from kubewire.errors import MISTAKES

FOLLOWING = ("an unhandled error occurred: program exited with", "preview failed")
"""What the engine adds to whatever went wrong."""
_PROPERTY = re.compile(r"resource '[^'\n]*': property (?P<path>\S+) value ")


class Failure(NamedTuple):
    """What may be said of it.

    Attributes:
        lines: the words.
        whole: whether that is all that there is to say.
    """

    lines: tuple[str, ...]
    whole: bool


def failure(stdout: str, stderr: str) -> Failure:
    """Say why a preview failed.

    Args:
        stdout: what `pulumi preview --json` printed of it.
        stderr: what it printed beside that.
    """
    lines = [line for line in stderr.splitlines() if line.startswith("error:")]
    whole, hidden = False, 0
    for urn, text in _errors(stdout):
        if urn:
            lines += (line for line in _of_resource(urn, text) if line not in lines)
        elif MISTAKES.match(text):
            lines += text.splitlines()
            whole = True
        else:
            hidden += 1
    if hidden:
        errors = "an error" if hidden == 1 else f"{hidden} errors"
        lines.append(f"The program ended in {errors} whose words may hold secrets, so they aren't repeated here.")
    return Failure(tuple(lines), whole and not hidden)


def _of_resource(urn: str, text: str) -> Iterator[str]:
    # urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME
    _, _, kinds, name = (*urn.split("::", 3), "", "", "")[:4]
    found = _PROPERTY.search(text)
    what = f"{found['path']} is wrong" if found else "it fails"
    yield f"{kinds.rpartition('$')[2]} {name}: {what}"


def _errors(stdout: str) -> Iterator[tuple[str, str]]:
    """Give the URN that an error is of, empty for the program, and its text."""
    try:
        answer = json.loads(stdout)
    except (ValueError, RecursionError):
        return
    said = answer.get("diagnostics") if isinstance(answer, Mapping) else None
    for one in said if isinstance(said, list) else []:
        if isinstance(one, Mapping) and one.get("severity") == "error":
            text = str(one.get("message", "")).removeprefix("error: ").strip()
            if not text.startswith(FOLLOWING):
                yield str(one.get("urn") or ""), text
