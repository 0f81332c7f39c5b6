"""A picture as an SVG file, with a ground of its own: it stands on light pages and on dark ones."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tests.pictures.layout import drawing
from tests.pictures.picture import Owner, Picture

TITLES = {Owner.AWS: "AWS gets", Owner.KUBERNETES: "Kubernetes gets"}


def svg(picture: Picture) -> str:
    """Write it."""
    loader = FileSystemLoader(Path(__file__).parent)
    templates = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
    templates.filters["num"] = lambda number: f"{number:g}"
    return templates.get_template("picture.svg.j2").render(picture=picture, drawn=drawing(picture), titles=TITLES)
