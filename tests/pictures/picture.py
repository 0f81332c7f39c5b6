"""What a picture is made of: boxes in lanes, arrows between them, and what the program makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Owner(StrEnum):
    """Whose a thing is."""

    AWS = "aws"
    KUBERNETES = "kubernetes"
    OUTSIDE = "outside"


class Row(StrEnum):
    """Where a box stands: who asks for names above, who sends packets below; first from outside, then from inside."""

    OUTER_NAMES = "outer names"
    OUTER_WAY = "outer way"
    INNER_NAMES = "inner names"
    INNER_WAY = "inner way"


@dataclass(frozen=True)
class Box:
    """A thing.

    Attributes:
        owner: whose it is.
        kind: what it is.
        name: which one, in lines.
        notes: what else there is to say of it.
        column: from the left, 0 for clients.
        rows: the rows that it stands in, neighbours; one mostly.
    """

    owner: Owner
    kind: str
    name: tuple[str, ...]
    notes: tuple[str, ...]
    column: int
    rows: tuple[Row, ...]


class Line(StrEnum):
    """What goes along an arrow."""

    PACKETS = "packets"
    NAMES = "names"


@dataclass(frozen=True)
class Arrow:
    """A way from one box to another.

    Attributes:
        source, target: keys of boxes.
        line: what goes along it.
        label: what is written above.
        rules: the firewall rules that let it pass, written below.
    """

    source: str
    target: str
    line: Line
    label: str = ""
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Barred:
    """No way.

    Attributes:
        source: the key of the box that has none.
        reason: why not.
    """

    source: str
    reason: str


@dataclass(frozen=True)
class Picture:
    """All of it.

    Attributes:
        title: what it shows.
        description: the same in words, for those who don't see it.
        boxes: by key.
        arrows: the ways.
        barred: the ways that there are not.
        made: whose, to the kinds of resources that the Service has of it.
    """

    title: str
    description: str
    boxes: Mapping[str, Box]
    arrows: tuple[Arrow, ...]
    barred: tuple[Barred, ...]
    made: Mapping[Owner, tuple[str, ...]]
