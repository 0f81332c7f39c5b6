"""A review as one HTML file, which asks nobody for anything: its policy forbids all but its own style and script."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from importlib.resources import files

from kubewire.report.build import Reviewed
from kubewire.report.drawing import drawing
from kubewire.report.escaping import plain
from kubewire.report.markdown import TITLES
from kubewire.report.network_map import NetworkMap, Sort, Thing, network_map
from kubewire.report.rendering import templates

LETTERS_PER_UNIT = 0.126
"""How many letters of the map's type fit into a unit of width."""


def html(reviewed: Reviewed) -> str:
    """Write it."""
    style, script = _asset("report.css"), _asset("report.js")
    maps = [one for found in reviewed.differences if (one := network_map(found)) is not None]
    return (
        templates()
        .get_template("report.html.j2")
        .render(
            review=reviewed.review,
            titles=TITLES,
            maps={one.name: (drawing(one), one) for one in maps},
            data=_safe(json.dumps({one.name: _data(one) for one in maps}, separators=(",", ":"))),
            style=style,
            script=script,
            style_hash=_hash(style),
            script_hash=_hash(script),
            short=short,
        )
    )


def short(text: str, width: int) -> str:
    """Cut text to what fits into a width of the drawing; the whole of it is the box's title."""
    most = max(4, int(width * LETTERS_PER_UNIT))
    clean = plain(text)
    return clean if len(clean) <= most else f"{clean[: most - 1]}…"


def _data(drawn: NetworkMap) -> dict[str, object]:
    """Give what the script needs of a map."""
    return {
        "things": {thing.id: [_name(thing), plain(thing.note)] for thing in drawn.things()},
        "reaches": [
            [plain(one.text), one.sources, one.destinations, one.turn.name.lower() if one.turn else ""]
            for one in drawn.reaches
        ],
    }


def _name(thing: Thing) -> str:
    """Say what it is, where its label alone doesn't."""
    told = thing.sort is Sort.OUTSIDE or thing.number > 1
    return plain(thing.label if told else f"{thing.sort} {thing.label}")


def _safe(text: str) -> str:
    """Write JSON so that nothing in it ends its element."""
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _asset(name: str) -> str:
    return files("kubewire.report").joinpath("templates", name).read_text(encoding="utf-8")
