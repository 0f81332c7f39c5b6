"""The forms of a report, and what they are called in a folder. Nothing heavy is loaded to name them."""

from __future__ import annotations

from enum import StrEnum


class ReportFormat(StrEnum):
    """How a review is written."""

    TABLE = "table"
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"
    SARIF = "sarif"
    JUNIT = "junit"


FILES = {
    ReportFormat.TABLE: "report.txt",
    ReportFormat.MARKDOWN: "report.md",
    ReportFormat.HTML: "report.html",
    ReportFormat.JSON: "report.json",
    ReportFormat.SARIF: "report.sarif",
    ReportFormat.JUNIT: "report.junit.xml",
}
