"""Python expressions in lines, as `ruff format` lays them out: on one line if they fit, else an item a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

WIDTH = 88
"""Characters in a line, by ruff's own default."""
INDENT = "    "


@dataclass(frozen=True)
class Group:
    """Items in brackets.

    Attributes:
        opening: what goes before them, a call's name and the bracket.
        items: each with what stands before it: `name=`, `"key": `.
        closing: the bracket.
        lone_comma: whether a single item has a comma behind it: a tuple of one.
    """

    opening: str
    items: tuple[tuple[str, Expression], ...]
    closing: str
    lone_comma: bool = False


Expression = str | Group


def lines(expression: Expression, before: str = "", after: str = "") -> Iterator[str]:
    """Lay an expression out.

    Args:
        expression: it.
        before: what stands on its first line before it, indented as it is.
        after: what stands on its last line behind it.
    """
    whole = f"{before}{_flat(expression)}{after}"
    if isinstance(expression, str) or len(whole) <= WIDTH or not expression.items:
        yield whole
        return
    indent = before[: len(before) - len(before.lstrip())]
    yield f"{before}{expression.opening}"
    for head, item in expression.items:
        yield from lines(item, f"{indent}{INDENT}{head}", ",")
    yield f"{indent}{expression.closing}{after}"


def quoted(text: str) -> str:
    """Write a string, in the quotes that need fewer backslashes."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    written = (sign if sign.isprintable() else repr(sign)[1:-1] for sign in text.replace("\\", "\\\\"))
    return f"{quote}{''.join(written).replace(quote, chr(92) + quote)}{quote}"


def _flat(expression: Expression) -> str:
    if isinstance(expression, str):
        return expression
    inside = ", ".join(f"{head}{_flat(item)}" for head, item in expression.items)
    comma = "," if expression.lone_comma and len(expression.items) == 1 else ""
    return f"{expression.opening}{inside}{comma}{expression.closing}"
