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


def drawn(edges: Sequence[Edge], order: Mapping[str, int], circular: set[Edge]) -> list[list[int]]:
    """The places, from 0, of the edges that are drawn, those between the same two versions together.

    Of the copies that a version shares text with, only the closest is drawn: the earliest of the same text,
    else the one that most words are shared with, which comes first. The others are listed with their evidence;
    drawn, eleven reprints would be fifty-five lines.
    """
    chosen: dict[str, int] = {}
    kept = []
    for at, edge in enumerate(edges):
        if edge.relation is not Relation.COPIES or edge in circular:
            kept.append(at)
        elif edge.derived not in chosen or _closer(edge, edges[chosen[edge.derived]], order):
            chosen[edge.derived] = at
    together: dict[tuple[str, str], list[int]] = {}
    for at in sorted({*kept, *chosen.values()}):
        together.setdefault((edges[at].derived, edges[at].origin), []).append(at)
    return list(together.values())


def _closer(one: Edge, other: Edge, order: Mapping[str, int]) -> bool:
    if one.symmetric and other.symmetric:
        return order[one.origin] < order[other.origin]
    return one.symmetric
