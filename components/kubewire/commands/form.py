"""How an answer may be written."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class Format(StrEnum):
    """How an answer is written."""

    TABLE = "table"
    MARKDOWN = "markdown"
    JSON = "json"


FormatOption = Annotated[
    Format, typer.Option("--format", help="Table: coloured in a terminal, plain text in a pipe.", show_default=True)
]
