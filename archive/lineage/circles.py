"""Circles: occurrences of a claim that lead back to themselves."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.lineage.graph import Edge, Node, Relation, components

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Circle:
    """Occurrences that lead back to themselves, with the edges that close the circle."""

    nodes: tuple[str, ...]
    edges: tuple[Edge, ...]


def circles(nodes: Iterable[Node], edges: Sequence[Edge], group_of: Mapping[str, str]) -> list[Circle]:
    """Circles among groups, and circles of citations inside one group of the same text."""
    item_of = {node.id: node.item for node in nodes}
    sure = [edge for edge in edges if edge.relation is not Relation.REVISES and edge.order_known]
    found = _closed(sure, group_of, nodes=group_of)
    inside = [
        edge
        for edge in sure
        if edge.relation is Relation.CITES and group_of[edge.derived] == group_of[edge.origin]
    ]
    return found + _closed(inside, item_of, nodes=group_of)


def _closed(edges: Sequence[Edge], unit_of: Mapping[str, str], nodes: Iterable[str]) -> list[Circle]:
    successors: dict[str, set[str]] = defaultdict(set)
    for edge in edges:
        if unit_of[edge.derived] != unit_of[edge.origin]:
            successors[unit_of[edge.derived]].add(unit_of[edge.origin])
    found = []
    for component in components(successors):
        if len(component) > 1:
            within = {node for node in nodes if unit_of[node] in component}
            closing = tuple(edge for edge in edges if {edge.derived, edge.origin} <= within)
            # Copies alone close no circle: a reprint of a reprint leads back into the group it came from.
            if any(edge.relation is Relation.CITES for edge in closing):
                touched = {end for edge in closing for end in (edge.derived, edge.origin)}
                found.append(Circle(tuple(sorted(touched)), closing))
    return found
