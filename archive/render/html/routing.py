"""Ways for the lines of a graph: no line passes behind a box that it does not join.

Boxes stand in columns and rows. A line to the next column stays in the gap between the two; one that leads
further passes the columns between through the gap between two rows.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.render.html.layout import ACROSS, DOWN, HEIGHT, MARGIN, WIDTH, Place

if TYPE_CHECKING:
    from collections.abc import Sequence

BOW = 60
"""How far a line between two boxes of one column bends to the right, twice as far as it comes."""
LANES = (0, -4, 4, -7, 7)
"""Where, in pixels, lines run beside one another between two rows."""
CROWDED = DOWN // 2
"""How far round a line is led for each that runs between the same two rows."""


@dataclass(frozen=True, slots=True)
class Route:
    """A line as a path of SVG, and the place of the word beside it."""

    path: str
    x: int
    y: int


def routed(lines: Sequence[tuple[Place, Place]]) -> list[Route]:
    """A way for each line from one box to another, in the same order."""
    used: Counter[int] = Counter()
    return [_route(start, end, used) for start, end in lines]


def _route(start: Place, end: Place, used: Counter[int]) -> Route:
    y1, y2 = _middle(start), _middle(end)
    if start.column <= end.column:
        return _beside(start, end)
    if start.column - end.column == 1:
        x1, x2 = start.x, end.x + WIDTH
        turn = (x1 + x2) // 2
        return Route(f"M{x1} {y1}C{turn} {y1} {turn} {y2} {x2} {y2}", turn, (y1 + y2) // 2 - 4)
    gap = min(_gaps(start, end), key=lambda row: (_length(row, y1, y2) + CROWDED * used[row], row))
    lane = LANES[used[gap] % len(LANES)]
    used[gap] += 1
    return _through(start, end, _between(gap) + lane)


def _beside(start: Place, end: Place) -> Route:
    """Round the right side, within a column."""
    x, y1, y2 = start.x + WIDTH, _middle(start) - 8, _middle(end) + 8
    bow = x + BOW
    return Route(f"M{x} {y1}C{bow} {y1} {bow} {y2} {x} {y2}", bow - 14, (y1 + y2) // 2 - 4)


def _through(start: Place, end: Place, level: int) -> Route:
    """Across the columns between, at this height."""
    gap = ACROSS - WIDTH
    y1, y2 = _middle(start), _middle(end)
    leave, arrive = start.x - gap, end.x + WIDTH + gap
    out, into = start.x - gap // 2, end.x + WIDTH + gap // 2
    path = (
        f"M{start.x} {y1}C{out} {y1} {out} {level} {leave} {level}"
        f"L{arrive} {level}C{into} {level} {into} {y2} {end.x + WIDTH} {y2}"
    )
    return Route(path, out, (y1 + level) // 2 - 4)


def _gaps(start: Place, end: Place) -> range:
    """The gaps above and below the rows of both boxes, by the row beneath each."""
    return range(min(start.row, end.row), max(start.row, end.row) + 2)


def _length(row: int, y1: int, y2: int) -> int:
    return abs(_between(row) - y1) + abs(_between(row) - y2)


def _between(row: int) -> int:
    """Half way between a row and the one above it."""
    return MARGIN + row * DOWN - (DOWN - HEIGHT) // 2


def _middle(place: Place) -> int:
    return place.y + HEIGHT // 2
