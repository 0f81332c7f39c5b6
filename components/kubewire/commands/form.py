"""How answers may be written, and programs."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class Format(StrEnum):
    """How an answer is written."""

    TABLE = "table"
    MARKDOWN = "markdown"
    JSON = "json"


class ProgramForm(StrEnum):
    """How a program is printed."""

    PYTHON = "python"
    YAML = "yaml"


FormatOption = Annotated[
    Format, typer.Option("--format", help="Table: coloured in a terminal, plain text in a pipe.", show_default=True)
]
