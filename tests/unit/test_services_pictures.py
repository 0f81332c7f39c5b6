"""The pictures of `docs/services`, as a browser shows them, and as a program reads them to those who don't see them."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.chromium import ARGUMENTS, chromium
from tests.pictures.pages import FOLDER, PAGES, page

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", PAGES)
def test_the_picture_says_itself_in_words(name: str) -> None:
    root = ET.fromstring((FOLDER / f"{name}.svg").read_text())  # noqa: S314 - our own
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "title description"
    title, description = (root.findtext(f"{SVG}{tag}") or "" for tag in ("title", "desc"))
    assert title.startswith(page(name).splitlines()[0].removeprefix("# "))
    assert "→" in description


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(chromium()), args=list(ARGUMENTS))
        yield started
        started.close()


OVER = """() => {
  const rects = [...document.querySelectorAll("rect.box, rect.pill, rect.page")].map((one) => one.getBBox());
  const texts = [...document.querySelectorAll("text")].map((one) => [one.textContent, one.getBBox()]);
  const holds = (r, b) =>
    b.x >= r.x && b.y >= r.y && b.x + b.width <= r.x + r.width && b.y + b.height <= r.y + r.height;
  const meets = (r, b) => b.x < r.x + r.width && r.x < b.x + b.width && b.y < r.y + r.height && r.y < b.y + b.height;
  const crossed = texts.filter(([_, b]) => !rects.every((r) => !meets(r, b) || holds(r, b)));
  const twice = texts.filter(([_, b], at) => texts.some(([_, other], place) => place > at && meets(other, b)
    && Math.min(other.y + other.height, b.y + b.height) - Math.max(other.y, b.y) > 4));
  return [...crossed, ...twice].map(([words]) => words);
}"""


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_words_run_over_others_or_out_of_their_boxes(browser: Browser, name: str, scheme: str) -> None:
    tab = browser.new_page(color_scheme=scheme)  # type: ignore[arg-type]  # its names
    tab.goto((FOLDER / f"{name}.svg").as_uri())
    assert tab.evaluate(OVER) == []
    tab.close()
