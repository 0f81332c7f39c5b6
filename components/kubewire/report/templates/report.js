"use strict";
const maps = JSON.parse(document.getElementById("maps").textContent);
const TURNS = { gained: "newly reachable", lost: "newly unreachable", unsure: "not known" };
const SVG = "http://www.w3.org/2000/svg";

for (const section of document.querySelectorAll(".cluster")) {
  const map = maps[section.dataset.cluster];
  const svg = section.querySelector("svg");
  if (map && svg) start(section, svg, map);
}

function start(section, svg, map) {
  const panel = section.querySelector(".panel");
  const ways = svg.querySelector(".ways");
  const things = new Map([...svg.querySelectorAll("[data-thing]")].map((one) => [one.dataset.thing, one]));
  let chosen = null;

  function middle(element) {
    const rect = element.querySelector("rect:not(.behind)");
    const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => Number(rect.getAttribute(name)));
    return { left: x, right: x + width, x: x + width / 2, y: y + height / 2 };
  }

  function draw(from, to, name) {
    if (!from || !to || from === to) return;
    const start = middle(from), end = middle(to);
    const path = document.createElementNS(SVG, "path");
    const forward = end.x >= start.x;
    const x1 = forward ? start.right : start.left, x2 = forward ? end.left : end.right;
    const same = Math.abs(end.x - start.x) < 20;
    const bend = same ? 46 : Math.max(30, Math.abs(x2 - x1) / 2);
    const first = same ? start.right : x1, last = same ? end.right : x2;
    const c1 = same ? first + bend : first + (forward ? bend : -bend);
    const c2 = same ? last + bend : last - (forward ? bend : -bend);
    path.setAttribute("d", `M${first} ${start.y} C${c1} ${start.y} ${c2} ${end.y} ${last} ${end.y}`);
    path.setAttribute("class", name);
    ways.append(path);
  }

  function base() {
    ways.replaceChildren();
    const outsiders = new Set(["internet", "others"]);
    const seen = new Set();
    for (const [, sources, destinations, turn] of map.reaches) {
      for (const source of sources.filter((one) => outsiders.has(one))) {
        for (const destination of destinations.filter((one) => !one.startsWith("service"))) {
          const key = `${source} ${destination}`;
          if (seen.has(key)) continue;
          seen.add(key);
          draw(things.get(source), things.get(destination), `base ${turn}`);
        }
      }
    }
  }

  function list(title, lines) {
    if (!lines.length) return;
    const head = document.createElement("h4");
    head.textContent = `${title} (${lines.length})`;
    const rows = document.createElement("ul");
    for (const [text, , , turn] of lines) {
      const row = document.createElement("li");
      const code = document.createElement("code");
      code.textContent = text;
      row.append(code);
      if (turn) {
        row.className = turn;
        const said = document.createElement("em");
        said.textContent = ` ${TURNS[turn]}`;
        row.append(said);
      }
      rows.append(row);
    }
    panel.append(head, rows);
  }

  function choose(id) {
    chosen = chosen === id ? null : id;
    panel.replaceChildren();
    svg.classList.toggle("busy", chosen !== null);
    for (const [name, element] of things) {
      element.classList.remove("to", "from", "chosen");
      element.setAttribute("aria-pressed", String(name === chosen));
    }
    if (chosen === null) {
      const said = document.createElement("p");
      said.className = "quiet";
      said.textContent = "Nothing is chosen.";
      panel.append(said);
      base();
      return;
    }
    ways.replaceChildren();
    const here = things.get(chosen);
    here.classList.add("chosen");
    const [label, note] = map.things[chosen];
    const head = document.createElement("h4");
    head.textContent = label;
    const more = document.createElement("span");
    more.className = "quiet";
    more.textContent = `  ${note}`;
    head.append(more);
    panel.append(head);
    const out = map.reaches.filter(([, sources]) => sources.includes(chosen));
    const into = map.reaches.filter(([, , destinations]) => destinations.includes(chosen));
    list("Reaches", out);
    list("Is reached by", into);
    if (!out.length && !into.length) {
      const said = document.createElement("p");
      said.textContent = "It reaches nobody, and nobody reaches it.";
      panel.append(said);
    }
    const turns = (lines, at) => {
      const found = new Map();
      for (const line of lines) for (const id of line[at]) if (!found.get(id)) found.set(id, line[3]);
      return found;
    };
    for (const [id, turn] of turns(out, 2)) mark(id, "to", turn, here, false);
    for (const [id, turn] of turns(into, 1)) mark(id, "from", turn, here, true);
  }

  function mark(id, name, turn, here, inward) {
    const other = things.get(id);
    if (!other || other === here) return;
    other.classList.add(name);
    if (inward) draw(other, here, `${name} ${turn}`);
    else draw(here, other, `${name} ${turn}`);
  }

  for (const [id, element] of things) {
    element.addEventListener("click", () => choose(id));
    element.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        choose(id);
      }
    });
  }
  section.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && chosen !== null) choose(chosen);
  });
  base();
}
