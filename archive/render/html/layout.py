"""Where the boxes of a graph stand: origins on the left, what has it from them further right, earliest on top."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.lineage.graph import Relation, components

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from archive.lineage.graph import Edge

WIDTH, HEIGHT = 190, 58
"""A box, in pixels."""
ACROSS, DOWN = 300, 78
"""From one box to the next."""
MARGIN = 24


@dataclass(frozen=True, slots=True)
class Place:
    """Where a box stands: column from the left and row from the top, both from 0."""

    column: int
    row: int

    @property
    def x(self) -> int:
        """Its left edge."""
        return MARGIN + self.column * ACROSS

    @property
    def y(self) -> int:
        """Its upper edge."""
        return MARGIN + self.row * DOWN


def placed(nodes: Sequence[str], successors: Mapping[str, Iterable[str]]) -> dict[str, Place]:
    """A place for each node, which come in order of date; `successors` are those that each has it from."""
    every = {node: [other for other in successors.get(node, ()) if other != node] for node in nodes}
    column: dict[str, int] = {}
    for component in components(every):
        beyond = [column[other] for node in component for other in every[node] if other not in component]
        for node in component:
            column[node] = 1 + max(beyond, default=-1)
    filled: dict[int, int] = {}
    places = {}
    for node in nodes:
        row = filled.get(column[node], 0)
        filled[column[node]] = row + 1
        places[node] = Place(column[node], row)
    return places


def size(places: Iterable[Place]) -> tuple[int, int]:
    """Width and height of the whole, in pixels."""
    known = list(places)
    right = max((place.x for place in known), default=0) + WIDTH
    bottom = max((place.y for place in known), default=0) + HEIGHT
    return right + 3 * MARGIN, bottom + MARGIN


def drawn(edges: Sequence[Edge], order: Mapping[str, int], circular: set[Edge]) -> list[int]:
    """The places, from 0, of the edges that are drawn: of copies of one text, only the one to the earliest held.

    The others are listed with their evidence; drawn, eleven reprints would be fifty-five lines.
    """
    chosen: dict[tuple[str, Relation], int] = {}
    kept = []
    for at, edge in enumerate(edges):
        if edge.relation is not Relation.COPIES or edge in circular:
            kept.append(at)
            continue
        key = (edge.derived, edge.relation)
        if key not in chosen or order[edge.origin] < order[edges[chosen[key]].origin]:
            chosen[key] = at
    return sorted({*kept, *chosen.values()})
