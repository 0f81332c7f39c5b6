"""The HTML report, in a real Chromium: a reader chooses a thing of the map, and sees its reach."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from kubewire.report.build import Reviewed
from kubewire.report.html import html
from tests.chromium import ARGUMENTS, chromium
from tests.unit.prover.difference.test_words import balanced
from tests.unit.prover.nets import facts
from tests.unit.prover.scale import network
from tests.unit.report.reviews import broken, change, of_facts


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = str(chromium())
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield started
        started.close()


class Opened:
    """A report in a tab, with all that it asked for and complained of."""

    def __init__(self, browser: Browser, folder: Path, reviewed: Reviewed, **options: str) -> None:
        file = folder / "report.html"
        file.write_text(html(reviewed), encoding="utf-8")
        self.page: Page = browser.new_page(viewport={"width": 1360, "height": 900}, **options)  # type: ignore[arg-type]  # its names
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(file.as_uri())

    def choose(self, thing: str) -> str:
        """Click a thing of the map, and give what the panel says."""
        self.page.locator(f'[data-thing="{thing}"]').click()
        return self.page.locator(".panel").inner_text()

    def marked(self, name: str) -> set[str]:
        """Give the things that are marked as something."""
        found = self.page.locator(f".thing.{name}").evaluate_all("all => all.map(one => one.dataset.thing)")
        return set(found)


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Opened]:
    made = Opened(browser, tmp_path, change())
    yield made
    assert made.complaints == []
    made.page.close()


def test_it_asks_nobody_for_anything(opened: Opened) -> None:
    assert [url for url in opened.requests if not url.startswith(("file:", "data:"))] == []
    policy = opened.page.locator("meta[http-equiv]").get_attribute("content")
    assert policy is not None
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_a_node_shows_its_reach(opened: Opened) -> None:
    said = opened.choose("node:node-c")
    assert said.startswith("node node-c")
    assert "pods 100.64.5.0/24 of node-c => other nodes and pods, all traffic newly reachable" in said
    assert "Is reached by" in said
    assert opened.marked("chosen") == {"node:node-c"}
    assert {"node:node-a", "node:node-b", "service:shop/cartservice", "internet"} <= opened.marked("to")
    assert opened.page.locator(".ways path.to").count() >= 4
    assert opened.page.locator('[data-thing="node:node-c"]').get_attribute("aria-pressed") == "true"


def test_a_service_shows_its_reach(opened: Opened) -> None:
    said = opened.choose("service:shop/frontend-admin")
    assert "service shop/frontend-admin" in said
    assert "node port of shop/frontend-admin (nodes and pods:30081/tcp)" in said
    assert {"node:node-a", "vpc"} <= opened.marked("from")
    assert opened.marked("to") == set()


def test_the_internet_shows_its_reach(opened: Opened) -> None:
    said = opened.choose("internet")
    assert said.startswith("Internet")
    assert "load balancer of shop/frontend:80/tcp" in said
    assert "lb:shop/frontend" in opened.marked("to")
    assert not any(name.startswith("node:") for name in opened.marked("to"))


def test_a_load_balancer_shows_who_reaches_it(opened: Opened) -> None:
    assert "Is reached by" in opened.choose("lb:shop/frontend")
    assert "internet" in opened.marked("from")


def test_the_keyboard_does_as_well(opened: Opened) -> None:
    thing = opened.page.locator('[data-thing="node:node-a"]')
    thing.focus()
    opened.page.keyboard.press("Enter")
    expect(opened.page.locator(".panel")).to_contain_text("node node-a")
    opened.page.keyboard.press("Escape")
    expect(opened.page.locator(".panel")).to_contain_text("Nothing is chosen")
    opened.page.keyboard.press(" ")
    expect(thing).to_have_attribute("aria-pressed", "true")
    opened.page.keyboard.press("Tab")
    assert opened.page.evaluate("document.activeElement.dataset.thing") != "node:node-a"


def test_everything_has_a_name_and_a_role(opened: Opened) -> None:
    things = opened.page.locator("[data-thing]")
    assert things.count() >= 18
    for attribute in ("aria-label", "role", "tabindex"):
        assert things.evaluate_all(f"all => all.every(one => one.getAttribute('{attribute}'))")
    assert things.evaluate_all("all => all.every(one => one.querySelector('title').textContent)")
    assert opened.page.locator("html").get_attribute("lang") == "en"
    assert opened.page.locator("table th:not([scope])").count() == 0


CONTRAST = """() => {
  const light = (text) => {
    const parts = text.match(/[\\d.]+/g).slice(0, 3).map((one) => Number(one) / 255);
    const [r, g, b] = parts.map((one) => one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if (!colour.startsWith("rgba(0, 0, 0, 0")) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  let worst = 21;
  for (const element of document.querySelectorAll("p, h1, h2, h3, td, th, li, summary, code, .badge, .quiet, .count")) {
    const [one, other] = [light(getComputedStyle(element).color), light(behind(element))].sort((a, b) => b - a);
    worst = Math.min(worst, (one + 0.05) / (other + 0.05));
  }
  return worst;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("made", [change, broken], ids=["change", "broken"])
def test_everybody_can_read_it(browser: Browser, tmp_path: Path, scheme: str, made: object) -> None:
    """By WCAG's 4.5 to 1 of normal text: https://www.w3.org/TR/WCAG22/#contrast-minimum."""
    assert callable(made)
    opened = Opened(browser, tmp_path, made(), color_scheme=scheme)
    assert opened.page.evaluate(CONTRAST) >= 4.5
    opened.page.close()


def test_no_words_run_out_of_their_boxes(opened: Opened) -> None:
    over = opened.page.locator(".thing").evaluate_all(
        "all => all.filter(one => [...one.querySelectorAll('text')].some(text =>"
        " text.getBBox().x + text.getBBox().width > one.querySelector('rect').getBBox().x +"
        " one.querySelector('rect').getBBox().width)).map(one => one.dataset.thing)"
    )
    assert over == []


def test_a_witness_unfolds(browser: Browser, tmp_path: Path) -> None:
    opened = Opened(browser, tmp_path, broken())
    article = opened.page.locator(".broken-property").first
    assert "STOPS" in article.locator("details[open]").inner_text()
    opened.page.close()


def test_many_nodes_and_services_are_drawn_as_groups(browser: Browser, tmp_path: Path) -> None:
    large = network(50)
    opened = Opened(browser, tmp_path, of_facts(None, large))
    assert opened.page.locator(".thing.node").count() == 3
    said = opened.choose("nodes:s1")
    assert "17 nodes" in said
    assert "nodes and pods => nodes and pods, all traffic" in said
    assert opened.marked("to") >= {"nodes:s0", "nodes:s2"}
    opened.page.close()


def test_names_of_others_are_text(browser: Browser, tmp_path: Path) -> None:
    worst = '"><script>document.title="hacked"</script></script><img src=x onerror=alert(1)>'
    given = balanced()
    balancer = given["load_balancers"][0].model_copy(update={"service": worst})
    opened = Opened(browser, tmp_path, of_facts(facts(), facts(**{**given, "load_balancers": (balancer,)})))
    assert opened.page.title() != "hacked"
    assert opened.page.locator("img").count() == 0
    assert opened.complaints == []
    opened.page.close()
