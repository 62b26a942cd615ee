"""The network behind a claim: who states it, and who has it from whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from archive.label import counted
from archive.model import Precision

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from archive.model import Evidence, Moment, SourceKind


class Relation(StrEnum):
    """In what way one version depends on another."""

    COPIES = "copies"
    QUOTES = "quotes"
    CITES = "cites"
    REVISES = "revises"


@dataclass(frozen=True, slots=True)
class Node:
    """A version that states the claim: which item, which outlet, dated when by itself, and retrieved when.

    `outlet` is a key of the authority file, or a name where there is none; `published` is as claimed.
    """

    id: str
    item: str
    outlet: str | None = None
    published: Moment | None = None
    retrieved: Moment | None = None

    @property
    def dated(self) -> datetime | None:
        """The date it is put in order by: as claimed, else as retrieved.

        Of a date claimed to the day alone the hour is unknown: it is taken to be that of a retrieval on the
        same day, else the end of the day, so that it does not come before what is known to the hour.
        """
        claimed, retrieved = self.published, self.retrieved
        if claimed is None:
            return retrieved.at if retrieved else None
        if claimed.precision is not Precision.DAY:
            return claimed.at
        same_day = retrieved is not None and retrieved.at.date() == claimed.at.date()
        return retrieved.at if retrieved and same_day else claimed.at + timedelta(days=1)


def by_date(node: Node) -> tuple[bool, float, tuple[tuple[int, str], ...]]:
    """The key that puts nodes in the order of their dates, those without one last."""
    return (node.dated is None, node.dated.timestamp() if node.dated else 0.0, counted(node.id))


@dataclass(frozen=True, slots=True)
class Edge:
    """One version has it from another, with what shows it.

    `symmetric` marks two texts that were compared word by word and are the same. `order_known` is False where
    nothing but the order of retrieval says which of the two had it from the other.
    """

    derived: str
    origin: str
    relation: Relation
    evidence: tuple[Evidence, ...] = ()
    symmetric: bool = False
    order_known: bool = True


@dataclass(frozen=True, slots=True)
class Citation:
    """A version names a source for the claim: as named, of what kind, and the outlet it was resolved to."""

    by: str
    name: str
    kind: SourceKind
    outlet: str | None = None
    evidence: tuple[Evidence, ...] = ()
    agency: bool = False


class Unions:
    """Sets that only ever join (union-find with path halving)."""

    def __init__(self, members: Iterable[str]) -> None:
        self._parent = {member: member for member in members}

    def root(self, member: str) -> str:
        """The one that stands for the whole set."""
        while self._parent[member] != member:
            self._parent[member] = self._parent[self._parent[member]]
            member = self._parent[member]
        return member

    def join(self, one: str, other: str) -> None:
        """Make one set of two; the smaller name stands for both, whatever the order of joining."""
        low, high = sorted((self.root(one), self.root(other)))
        self._parent[high] = low


def same_text(nodes: Iterable[Node], edges: Iterable[Edge]) -> dict[str, str]:
    """For each node the one that stands for its group: versions of one item, and verified same texts.

    Only symmetric edges join. A text that merely contains another does not: containment chains whole news
    days into one lump.
    """
    held = list(nodes)
    unions = Unions(node.id for node in held)
    first: dict[str, str] = {}
    for node in held:
        unions.join(first.setdefault(node.item, node.id), node.id)
    for edge in edges:
        if edge.symmetric:
            unions.join(edge.derived, edge.origin)
    return {node.id: unions.root(node.id) for node in held}


def components(successors: Mapping[str, Iterable[str]]) -> list[tuple[str, ...]]:
    """The strongly connected components (Tarjan 1972, without recursion), those that others lead to first."""
    walk = _Walk()
    for start in successors:
        if start not in walk.number:
            walk.along(start, successors)
    return walk.found


class _Walk:
    """One depth-first walk: numbers in the order of meeting, and the lowest each node leads back to."""

    def __init__(self) -> None:
        self.number: dict[str, int] = {}
        self.lowest: dict[str, int] = {}
        self.open: list[str] = []
        self.waiting: set[str] = set()
        self.found: list[tuple[str, ...]] = []

    def along(self, start: str, successors: Mapping[str, Iterable[str]]) -> None:
        path = [(start, iter(self._met(start, successors)))]
        while path:
            node, rest = path[-1]
            for following in rest:
                if following not in self.number:
                    path.append((following, iter(self._met(following, successors))))
                    break
                if following in self.waiting:
                    self.lowest[node] = min(self.lowest[node], self.number[following])
            else:
                path.pop()
                self._left(node, path[-1][0] if path else None)

    def _met(self, node: str, successors: Mapping[str, Iterable[str]]) -> list[str]:
        self.number[node] = self.lowest[node] = len(self.number)
        self.open.append(node)
        self.waiting.add(node)
        return sorted(successors.get(node, ()))

    def _left(self, node: str, before: str | None) -> None:
        if before is not None:
            self.lowest[before] = min(self.lowest[before], self.lowest[node])
        if self.lowest[node] == self.number[node]:
            at = self.open.index(node)
            self.found.append(tuple(sorted(self.open[at:])))
            self.waiting.difference_update(self.open[at:])
            del self.open[at:]
