"""Where everything stands on a picture, in units of the drawing."""

from __future__ import annotations

from dataclasses import dataclass

from tests.pictures.picture import Arrow, Barred, Box, Line, Owner, Picture, Row

MARGIN = 20
PAD = 16
COLUMN, BETWEEN = 182, 114
COLUMNS = 4
HEAD = 32
"""Of a lane: its title."""
LINE = 17
ROW_GAP = 26
LANE_GAP = 14
PILL = 19
LETTER = 6.3
"""Width of one on a pill."""
WIDTH = 2 * (MARGIN + PAD) + COLUMNS * COLUMN + (COLUMNS - 1) * BETWEEN
LANES = {
    "From outside the cluster": (Row.OUTER_NAMES, Row.OUTER_WAY),
    "From inside the cluster": (Row.INNER_NAMES, Row.INNER_WAY),
}


@dataclass(frozen=True)
class Rect:
    """A rectangle: its upper left corner and its size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Where it ends."""
        return self.y + self.height

    @property
    def middle(self) -> float:
        """Half of its width."""
        return self.x + self.width / 2


@dataclass(frozen=True)
class Placed:
    """A box with its place."""

    at: Rect
    box: Box


@dataclass(frozen=True)
class Text:
    """Words, written around a point, or on from there."""

    x: float
    y: float
    words: str
    centred: bool = True


@dataclass(frozen=True)
class Way:
    """An arrow with its places."""

    path: str
    line: Line
    label: Text | None
    pills: tuple[tuple[Rect, Text], ...]


@dataclass(frozen=True)
class Lane:
    """A band with a title."""

    at: Rect
    title: str


@dataclass(frozen=True)
class Drawing:
    """All of it."""

    width: float
    height: float
    lanes: tuple[Lane, ...]
    boxes: tuple[Placed, ...]
    ways: tuple[Way, ...]
    stops: tuple[tuple[Rect, Text], ...]
    made: tuple[tuple[Owner, float, str], ...]


def drawing(picture: Picture) -> Drawing:
    """Place everything."""
    lanes, tops, below = _rows(picture)
    boxes = {key: Placed(_place(box, tops), box) for key, box in picture.boxes.items()}
    ways = tuple(_way(arrow, boxes) for arrow in picture.arrows)
    stops = tuple(_stop(barred, boxes[barred.source].at) for barred in picture.barred)
    made = []
    for owner, kinds in picture.made.items():
        made.append((owner, below + 22, ", ".join(kinds) or "nothing"))
        below += 26
    return Drawing(WIDTH, below + 14, tuple(lanes), tuple(boxes.values()), ways, stops, tuple(made))


def _rows(picture: Picture) -> tuple[list[Lane], dict[Row, tuple[float, float]], float]:
    """Give the lanes, each row's upper and lower end, and where all of them end."""
    lanes: list[Lane] = []
    tops: dict[Row, tuple[float, float]] = {}
    below = 64.0
    for title, rows in LANES.items():
        start, below = below, below + HEAD
        there = [row for row in rows if any(row in box.rows for box in picture.boxes.values())]
        if not there:
            below = start
            continue
        for row in there:
            height = max(_height(box) for box in picture.boxes.values() if row in box.rows)
            rules = [len(arrow.rules) for arrow in picture.arrows if row in picture.boxes[arrow.source].rows]
            # What is written below an arrow needs as much room as what is above.
            height = max(height, 2 * PILL * max(rules, default=0) + 22)
            tops[row] = (below, below + height)
            below += height + ROW_GAP
        below += PAD - ROW_GAP
        lanes.append(Lane(Rect(MARGIN, start, WIDTH - 2 * MARGIN, below - start), title))
        below += LANE_GAP
    return lanes, tops, below - LANE_GAP


def _height(box: Box) -> float:
    return 22 + LINE * (1 + len(box.name) + len(box.notes)) - 6


def _place(box: Box, tops: dict[Row, tuple[float, float]]) -> Rect:
    start, end = tops[box.rows[0]][0], tops[box.rows[-1]][1]
    height = end - start if len(box.rows) > 1 else _height(box)
    x = MARGIN + PAD + box.column * (COLUMN + BETWEEN)
    return Rect(x, start + (end - start - height) / 2, COLUMN, height)


def _way(arrow: Arrow, boxes: dict[str, Placed]) -> Way:
    """Lead an arrow straight, or around one corner."""
    source, target = boxes[arrow.source].at, boxes[arrow.target].at
    lower, upper = max(source.y, target.y), min(source.bottom, target.bottom)
    if source.x == target.x:
        # One above the other.
        path = f"M{source.middle:g} {source.bottom:g}V{target.y - 3:g}"
        label = Text(source.middle + 8, (source.bottom + target.y) / 2 + 4, arrow.label, centred=False)
        return Way(path, arrow.line, label, ())
    if lower < upper:
        smaller = source if source.height <= target.height else target
        y = smaller.y + smaller.height / 2
        path = f"M{source.right:g} {y:g}H{target.x - 3:g}"
        middle = (source.right + target.x) / 2
        pills = tuple(_pill(middle, y + 8 + number * PILL, words) for number, words in enumerate(arrow.rules))
        return Way(path, arrow.line, Text(middle, y - 8, arrow.label) if arrow.label else None, pills)
    if target.y < source.y:
        # Up to a name.
        y = target.y + target.height / 2
        x = source.middle
        path = f"M{x:g} {source.y:g}V{y + 8:g}Q{x:g} {y:g} {x + 8:g} {y:g}H{target.x - 3:g}"
        return Way(path, arrow.line, Text((source.middle + target.x) / 2, y - 8, arrow.label), ())
    y = source.y + source.height / 2
    x = target.middle
    path = f"M{source.right:g} {y:g}H{x - 8:g}Q{x:g} {y:g} {x:g} {y + 8:g}V{target.y - 3:g}"
    return Way(path, arrow.line, Text((source.right + target.middle) / 2, y - 8, arrow.label), ())


def _pill(middle: float, y: float, words: str) -> tuple[Rect, Text]:
    width = len(words) * LETTER + 12
    return Rect(middle - width / 2, y, width, PILL - 3), Text(middle, y + 11.5, words)


def _stop(barred: Barred, source: Rect) -> tuple[Rect, Text]:
    """Let a way end in a cross."""
    y = source.y + source.height / 2
    return Rect(source.right, y, 64, 0), Text(source.right + 90, y + 4.5, barred.reason)
