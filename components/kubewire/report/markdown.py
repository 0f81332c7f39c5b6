"""A review as Markdown, that fits a comment of a pull request."""

from __future__ import annotations

import re

from kubewire.prover.difference.delta import Turn
from kubewire.report.rendering import templates
from kubewire.report.review import Review

MOST_CHARACTERS = 65_536
"""Of a comment on GitHub: https://github.com/orgs/community/discussions/27190."""
SHORTENED = (200, 80, 30, 10, 3)
"""Lines of a part, ever fewer until the whole fits."""
FOLDED = 12
"""A part with more lines is folded."""
WITNESSES = 3
TITLES = {
    Turn.GAINED: "Newly reachable",
    Turn.LOST: "Newly unreachable",
    Turn.UNSURE: "Not known: newly reachable, newly unreachable or neither",
}


def markdown(review: Review) -> str:
    """Write it: verdict first; long parts are folded, and shortened where the whole would be too long."""
    template = templates().get_template("report.md.j2")
    text = ""
    for most in SHORTENED:
        text = template.render(
            review=review, turns=TITLES.items(), most=most, folded=FOLDED, shown=min(WITNESSES, most)
        )
        text = re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
        if len(text) <= MOST_CHARACTERS:
            return text
    # A name of a thousand signs, in every line.
    note = "\n\nThe rest is too long for a comment; the JSON report has all.\n"
    return text[: MOST_CHARACTERS - len(note)] + note
