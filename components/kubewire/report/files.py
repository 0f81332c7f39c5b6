"""Every form of a report, by its name."""

from __future__ import annotations

import json
from collections.abc import Callable

from kubewire.report.build import Reviewed
from kubewire.report.form import ReportFormat
from kubewire.report.html import html
from kubewire.report.junit import junit
from kubewire.report.markdown import markdown
from kubewire.report.sarif import sarif
from kubewire.report.text import text


def written(reviewed: Reviewed, form: ReportFormat, file: str) -> str:
    """Write a review.

    Args:
        reviewed: what is said, and of what.
        form: how.
        file: the stack's own, relative to the repository, where SARIF shows it.
    """
    review = reviewed.review
    writers: dict[ReportFormat, Callable[[], str]] = {
        ReportFormat.TABLE: lambda: text(review),
        ReportFormat.MARKDOWN: lambda: markdown(review),
        ReportFormat.HTML: lambda: html(reviewed),
        ReportFormat.JSON: lambda: review.model_dump_json(indent=2) + "\n",
        ReportFormat.SARIF: lambda: json.dumps(sarif(review, file), indent=2) + "\n",
        ReportFormat.JUNIT: lambda: junit(review),
    }
    return writers[form]()
