"""What a comment says, and the mark by which it is found again."""

from __future__ import annotations

import re

from kubewire.errors import InvalidInputError

MARKER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,99}")
NOTHING = "**kubewire could not judge this change**: there is no report. The job's log says why."


def mark(marker: str) -> str:
    """Give the first line of a comment, which readers don't see.

    Args:
        marker: what tells it from the comments for other environments.

    Raises:
        InvalidInputError: it could end the mark, or hide what follows.
    """
    if not MARKER.fullmatch(marker) or "--" in marker:
        detail = "Take the stack's name: letters, digits, `.`, `_`, `/` and single dashes."
        raise InvalidInputError(f"{marker!r} can't mark a comment", detail=detail, path="--marker")
    return f"<!-- kubewire: {marker} -->"


def body(marker: str, report: str, run: str, longest: int) -> str:
    """Write a comment, shortened where the forge wouldn't take it whole.

    Args:
        marker: what tells it from the comments for other environments.
        report: Markdown; empty where there is none.
        run: the address of the job that made it; empty if unknown.
        longest: the most characters that the forge takes.
    """
    text = report.strip() or NOTHING
    foot = f"\n\n[The job]({run})" if run else ""
    whole = f"{mark(marker)}\n{text}{foot}\n"
    if len(whole) <= longest:
        return whole
    note = "\n\nThe report is too long for a comment: its end is in the job's artifact."
    room = longest - len(f"{mark(marker)}\n{note}{foot}\n") - len(_closing("```\n<details>" * 9))
    kept = text[:room].rpartition("\n")[0]
    return f"{mark(marker)}\n{kept}{_closing(kept)}{note}{foot}\n"


def _closing(text: str) -> str:
    """Close what was cut open: else the note would be a part of it."""
    fences = "\n```" if len(re.findall(r"^```", text, re.MULTILINE)) % 2 else ""
    return fences + "\n</details>" * max(text.count("<details") - text.count("</details>"), 0)
