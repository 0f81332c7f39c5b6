"""Text of others, in places where it could mean more than it says."""

from __future__ import annotations

from collections.abc import Sequence


def plain(text: str) -> str:
    """Write out what would steer a terminal: names come from files of others."""
    return "".join(sign if sign.isprintable() or sign == "\n" else repr(sign)[1:-1] for sign in text)


def cell(text: str) -> str:
    """Write text for Markdown, a table's cell too, where it marks nothing up."""
    marked = plain(text).replace("\n", " ").replace("|", "\\|")
    return "".join(f"&#{ord(sign)};" if sign in "<>`*_[]@#" else sign for sign in marked)


def block(lines: Sequence[str]) -> list[str]:
    """Write lines as they are in Markdown; a fence in them ends none."""
    return ["```text", *(plain(line).replace("```", "'''") for line in lines), "```"]
