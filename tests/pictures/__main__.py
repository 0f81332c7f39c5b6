"""Draws the pictures of `docs/services` again, and fills its tables: `python -m tests.pictures`."""

from __future__ import annotations

from tests.pictures.fields import rewritten
from tests.pictures.pages import FOLDER, PAGES, declared, page, program
from tests.pictures.parts import Parts
from tests.pictures.story import picture
from tests.pictures.svg import svg

for name in PAGES:
    (FOLDER / f"{name}.md").write_text(rewritten(name, page(name)))
    (FOLDER / f"{name}.svg").write_text(svg(picture(Parts(declared(program(name))))))
