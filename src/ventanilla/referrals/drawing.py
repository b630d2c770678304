"""The geometry of the network: units around an ellipse, a curve for each flow, coordinates as text."""

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from ventanilla.referrals.network import Edge

WIDTH = 720
_RADIUS_X, _MARGIN_Y = 200, 60
_FEW, _LOW, _HIGH = 4, 250, 400
"""Up to how many units the drawing is low, and its two heights."""

_LINE = 15
_THINNEST, _THICKEST = 1.5, 9.0
_BEND = 26
_SHORT_OF = 24
"""How far from the middle of a unit its arrows end."""

_LINE_OF_NAME = 22
"""Characters. A name takes two lines at most."""


@dataclass(frozen=True, slots=True)
class Node:
    """A unit; ``lines`` are its name in lines, each with where it stands."""

    x: str
    y: str
    label_x: str
    anchor: str
    lines: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Curve:
    """``look`` says whether something of it is late; ``words`` what the table says of it."""

    path: str
    width: str
    look: str
    words: str


@dataclass(frozen=True, slots=True)
class Drawing:
    nodes: Sequence[Node]
    curves: Sequence[Curve]
    height: int
    width: int = WIDTH


def drawing_of(edges: Sequence[Edge]) -> Drawing:
    """The largest flows are drawn last, over the others."""
    names: dict[UUID, str] = {}
    for edge in edges:
        names[edge.sender_id], names[edge.receiver_id] = edge.sender, edge.receiver
    order = sorted(names, key=lambda unit: names[unit])
    height = _LOW if len(order) <= _FEW else _HIGH
    places = {unit: _place(number, len(order), height) for number, unit in enumerate(order)}
    most = max((edge.flow.sent for edge in edges), default=1)
    curves = [
        Curve(
            path=_path(places[edge.sender_id], places[edge.receiver_id]),
            width=f"{_THINNEST + (_THICKEST - _THINNEST) * math.sqrt(edge.flow.sent / most):.1f}",
            look="late" if edge.flow.late else "well",
            words=f"De {edge.sender} a {edge.receiver}: {edge.flow.sent}",
        )
        for edge in sorted(edges, key=lambda edge: edge.flow.sent)
    ]
    return Drawing([_node(names[unit], places[unit], height) for unit in order], curves, height)


def _place(number: int, count: int, height: int) -> tuple[float, float]:
    """From the left, with the clock."""
    angle = math.pi + 2 * math.pi * number / max(count, 1)
    return WIDTH / 2 + _RADIUS_X * math.cos(angle), height / 2 + (height / 2 - _MARGIN_Y) * math.sin(angle)


def _node(name: str, place: tuple[float, float], height: int) -> Node:
    x, y = place
    side = (x > WIDTH / 2 + 1) - (x < WIDTH / 2 - 1)
    anchor = {1: "start", -1: "end", 0: "middle"}[side]
    words = textwrap.wrap(name, _LINE_OF_NAME, max_lines=2, placeholder="…")
    more = _LINE * (len(words) - 1)
    first = y + 4 - more / 2 if side else y - 18 - more if y < height / 2 else y + 28
    lines = [(line, f"{first + _LINE * number:.0f}") for number, line in enumerate(words)]
    return Node(f"{x:.0f}", f"{y:.0f}", f"{x + 18 * side:.0f}", anchor, lines)


def _path(start: tuple[float, float], end: tuple[float, float]) -> str:
    """A curve to the right of its way, so that the way back has its own; a loop for what stays in the unit."""
    (x1, y1), (x2, y2) = start, end
    length = math.hypot(x2 - x1, y2 - y1)
    if length == 0:
        up = f"{x1 - 40:.1f} {y1 - 52:.1f} {x1 + 40:.1f} {y1 - 52:.1f}"
        return f"M {x1 - 8:.1f} {y1 - 10:.1f} C {up} {x1 + 8:.1f} {y1 - 14:.1f}"
    ux, uy = (x2 - x1) / length, (y2 - y1) / length
    middle_x, middle_y = (x1 + x2) / 2 - uy * _BEND, (y1 + y2) / 2 + ux * _BEND
    to_x, to_y = x2 - middle_x, y2 - middle_y
    last = math.hypot(to_x, to_y)
    end_x, end_y = x2 - to_x / last * _SHORT_OF, y2 - to_y / last * _SHORT_OF
    return f"M {x1:.1f} {y1:.1f} Q {middle_x:.1f} {middle_y:.1f} {end_x:.1f} {end_y:.1f}"
