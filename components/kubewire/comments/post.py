"""Start here: one comment for each environment, posted once and updated after that."""

from __future__ import annotations

from enum import StrEnum

from kubewire.comments.body import body, mark
from kubewire.comments.forge import Forge


class Posted(StrEnum):
    """What became of it."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


def post(forge: Forge, marker: str, report: str) -> Posted:
    """Bring the comment of an environment to a report.

    A comment is ours if it begins with the mark and we wrote it: anybody can write the mark.

    Args:
        forge: where the pull request is.
        marker: what tells it from the comments for other environments: the stack's name.
        report: Markdown; empty where there is none.

    Raises:
        InvalidInputError: the marker can't be one.
        RefusedError: the forge refuses, or doesn't answer.
    """
    text, beginning, name = body(marker, report, forge.run, forge.longest), mark(marker), forge.own_name()
    for comment in forge.comments():
        if comment.author == name and comment.text.startswith(beginning):
            # A forge may write line ends and the end of the text in its own way.
            if comment.text.split() == text.split():
                return Posted.UNCHANGED
            forge.change(comment, text)
            return Posted.UPDATED
    forge.create(text)
    return Posted.CREATED
