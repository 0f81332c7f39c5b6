"""Where everything is on the map: boxes with their places, in units of the drawing."""

from __future__ import annotations

from dataclasses import dataclass

from kubewire.report.network_map import DrawnSubnet, DrawnZone, NetworkMap, Thing

GAP = 12
TILE = (128, 40)
COLUMNS = 4
HEAD = 26
SIDE = 168
CARD = 48
WIDTH = 1240
VPC_LEFT = SIDE + 56
SERVICES_LEFT = WIDTH - 212
INNER_LEFT = VPC_LEFT + 24
BALANCER = 172
ZONES_LEFT = INNER_LEFT + BALANCER + 44
ZONES_WIDTH = SERVICES_LEFT - 44 - 16 - ZONES_LEFT


FEW = 8
"""Services that have room; more are drawn closer."""


@dataclass(frozen=True)
class Box:
    """A rectangle with words on it.

    Attributes:
        x, y: its upper left corner.
        width, height: its size.
        label: its name.
        note: what else is said.
        thing: what a reader chooses by it; None for a mere frame.
        level: of a frame: how deep it lies, 0 for the VPC.
    """

    x: int
    y: int
    width: int
    height: int
    label: str
    note: str
    thing: Thing | None = None
    level: int = 0


@dataclass(frozen=True)
class Drawing:
    """The whole map.

    Attributes:
        width, height: its size.
        frames: VPC, zones and subnets, the outer ones first.
        boxes: all that can be chosen.
    """

    width: int
    height: int
    frames: tuple[Box, ...]
    boxes: tuple[Box, ...]


def drawing(drawn: NetworkMap) -> Drawing:
    """Place everything: outsiders, then what is in the VPC, then Services, from left to right."""
    top = GAP
    frames: list[Box] = []
    boxes: list[Box] = []
    below = top + HEAD + GAP
    for zone in drawn.zones:
        below = _zone(zone, below, frames, boxes) + GAP
    stack = below - GAP
    outside, inside = drawn.outside[:-1], drawn.outside[-1:]
    column = top + HEAD + GAP
    for thing in (*drawn.gateways, *drawn.balancers, *inside):
        boxes.append(_card(thing, INNER_LEFT, column, BALANCER))
        column += CARD + GAP
    services = top + HEAD + GAP
    high = CARD if len(drawn.services) <= FEW else TILE[1]
    for thing in drawn.services:
        boxes.append(Box(SERVICES_LEFT, services, WIDTH - SERVICES_LEFT - GAP, high, thing.label, thing.note, thing))
        services += high + GAP // 2
    bottom = max(stack, column - GAP, services - GAP, top + HEAD + 2 * (CARD + GAP)) + GAP
    left = bottom // 2 - (CARD + 2 * GAP)
    for thing in outside:
        boxes.append(_card(thing, GAP, left, SIDE))
        left += CARD + 4 * GAP
    vpc = Box(VPC_LEFT, top, SERVICES_LEFT - 28 - VPC_LEFT, bottom - top, drawn.vpc, "")
    cluster = Box(SERVICES_LEFT - 14, top, WIDTH - SERVICES_LEFT + 2 + GAP // 2, bottom - top, "Services", "")
    return Drawing(WIDTH, bottom + GAP, (vpc, *([cluster] if drawn.services else []), *frames), tuple(boxes))


def _zone(zone: DrawnZone, top: int, frames: list[Box], boxes: list[Box]) -> int:
    """Place a zone; give where it ends."""
    place = len(frames)
    below = top + HEAD
    for subnet in zone.subnets:
        below = _subnet(subnet, below, frames, boxes) + GAP // 2
    bottom = below + GAP // 2
    frames.insert(place, Box(ZONES_LEFT, top, ZONES_WIDTH, bottom - top, zone.name, "", level=1))
    return bottom


def _subnet(subnet: DrawnSubnet, top: int, frames: list[Box], boxes: list[Box]) -> int:
    left, width = ZONES_LEFT + GAP, ZONES_WIDTH - 2 * GAP
    columns = min(COLUMNS, max(1, (width - GAP) // (TILE[0] + GAP // 2)))
    high = HEAD + 2
    for at, thing in enumerate(subnet.nodes):
        across, down = at % columns, at // columns
        x, y = left + GAP + across * (TILE[0] + GAP // 2), top + HEAD + down * (TILE[1] + GAP // 2)
        boxes.append(Box(x, y, TILE[0], TILE[1], thing.label, thing.note, thing))
        high = HEAD + (down + 1) * (TILE[1] + GAP // 2) + GAP // 2
    frames.append(Box(left, top, width, high, subnet.name, subnet.note, level=2))
    return top + high


def _card(thing: Thing, x: int, y: int, width: int) -> Box:
    return Box(x, y, width, CARD, thing.label, thing.note, thing)
