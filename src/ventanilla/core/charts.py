"""The geometry of the small charts: numbers in, coordinates as text out, so that no locale touches them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

BRACKETS = (40, 50, 60, 70, 80, 90, 100)
"""The seven brackets of the Registro Social de Hogares, the most vulnerable first."""

ACCEPTABLE, REGULAR = 79.5, 49.5
"""From which value an index is acceptable, and from which it is regular."""

_NICE_STEPS = (1, 1.5, 2, 3, 4, 5, 6, 8, 10)
_TILE, _GAP, _ROW_OF_TILES, _LABEL_WIDTH = 11, 13, 14, 118


@dataclass(frozen=True, slots=True)
class Sparkline:
    """A line of 80 by 24 and its last point."""

    points: str
    area: str
    last_x: str
    last_y: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One column: ``x``, ``width`` and ``middle`` in per cent of the width, the rest in pixels."""

    label: str
    value: int
    is_now: bool
    x: str
    y: str
    width: str
    height: str
    middle: str
    value_y: str


@dataclass(frozen=True, slots=True)
class Line:
    """A horizontal line of the grid and the number it stands for."""

    value: int
    y: str
    text_y: str


@dataclass(frozen=True, slots=True)
class Columns:
    bars: list[Bar]
    lines: list[Line]
    height: int
    label_y: int


@dataclass(frozen=True, slots=True)
class Tile:
    """A square of the map; ``look`` is one of ok, mid, bad, silent, empty."""

    name: str
    words: str
    look: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Region:
    name: str
    label_y: int
    tiles: list[Tile]


@dataclass(frozen=True, slots=True)
class TileMap:
    regions: list[Region]
    width: int
    height: int


def sparkline(values: Sequence[float]) -> Sparkline | None:
    """The last months at a glance; None when there are fewer than two values."""
    if len(values) < 2:
        return None
    low, high = min(values), max(values)
    span = (high - low) or 1
    step = 76 / (len(values) - 1)
    points = [(2 + i * step, 21 - 17 * (value - low) / span) for i, value in enumerate(values)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    last_x, last_y = points[-1]
    return Sparkline(line, f"2.0,24 {line} {last_x:.1f},24", f"{last_x:.1f}", f"{last_y:.1f}")


def ceiling(largest: int) -> int:
    """The round even number at which the scale of a chart ends."""
    if largest <= 2:
        return 2
    magnitude = 10 ** (len(str(largest)) - 1)
    top = next(int(step * magnitude) for step in _NICE_STEPS if step * magnitude >= largest)
    return top + top % 2


def columns(bars: Sequence[tuple[str, int, bool]], height: int = 96) -> Columns:
    """Columns of (label, value, is the current one), not negative, over a grid of three lines."""
    top = ceiling(max((value for _, value, _ in bars), default=0))
    floor, roof = height - 22, 14
    slot = 100 / max(len(bars), 1)

    def y_of(value: float) -> float:
        return floor - (floor - roof) * value / top

    return Columns(
        bars=[
            Bar(
                label=label,
                value=value,
                is_now=is_now,
                x=f"{i * slot + slot * 0.18:.2f}%",
                y=f"{y_of(value):.1f}",
                width=f"{slot * 0.64:.2f}%",
                height=f"{floor - y_of(value):.1f}",
                middle=f"{(i + 0.5) * slot:.2f}%",
                value_y=f"{y_of(value) - 5:.1f}",
            )
            for i, (label, value, is_now) in enumerate(bars)
        ],
        lines=[Line(n, f"{y_of(n):.1f}", f"{y_of(n) + 4:.1f}") for n in (0, top // 2, top)],
        height=height,
        label_y=height - 6,
    )


def bracket_steps(bracket: int) -> list[bool]:
    """Seven marks, lit up to the household's bracket; raises ``ValueError`` for a bracket that does not exist."""
    if bracket not in BRACKETS:
        raise ValueError(f"there is no bracket of {bracket} %")
    lit = BRACKETS.index(bracket)
    return [i <= lit for i in range(len(BRACKETS))]


def bracket_words(bracket: int) -> str:
    ordinals = ("primero", "segundo", "tercero", "cuarto", "quinto", "sexto", "séptimo")
    return f"Tramo del {bracket} %, {ordinals[BRACKETS.index(bracket)]} de siete"


def tile_map(regions: Iterable[tuple[str, Sequence[tuple[str, str, str]]]]) -> TileMap:
    """One square a municipality, region under region; each tile is (name, look, words)."""
    y, drawn = 6, []
    for name, tiles in regions:
        drawn.append(
            Region(
                name,
                y + 9,
                [
                    Tile(
                        tile,
                        words,
                        look,
                        _LABEL_WIDTH + (i % _ROW_OF_TILES) * _GAP,
                        y + (i // _ROW_OF_TILES) * _GAP,
                    )
                    for i, (tile, look, words) in enumerate(tiles)
                ],
            )
        )
        y += max(1, -(-len(tiles) // _ROW_OF_TILES)) * _GAP + 6
    return TileMap(drawn, _LABEL_WIDTH + _ROW_OF_TILES * _GAP, y)
