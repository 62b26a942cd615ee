"""Circular citations: constructed networks of known answer, and random networks without any circle.

Run: python -m tests.quality.circular
Bars: every constructed circle found and nothing else in it, none found in the networks without one.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from archive.lineage.graph import Citation, Edge, Node, Relation
from archive.lineage.trail import Trail, trail
from archive.model import Moment, Precision, SourceKind
from tests.quality.sets import table

if TYPE_CHECKING:
    from collections.abc import Iterator

START = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass
class Network:
    """A network being constructed; every node is an item of an outlet of the same name."""

    name: str = ""
    circles: set[tuple[str, ...]] = field(default_factory=set)
    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)

    def add(self, name: str, day: int | None, item: str | None = None) -> str:
        at = None if day is None else START + timedelta(days=day)
        moment = at and Moment(at, Precision.DAY, at.date().isoformat())
        self.nodes.append(Node(name, item or name, item or name, moment, None))
        return name

    def cites(self, by: str, source: str) -> None:
        self.citations.append(Citation(by, source, SourceKind.OUTLET, source))

    def copies(self, derived: str, origin: str, symmetric: bool = False) -> None:
        self.edges.append(Edge(derived, origin, Relation.COPIES, symmetric=symmetric))

    def trail(self) -> Trail:
        return trail(self.nodes, self.edges, self.citations)


def rings() -> Iterator[Network]:
    """A cites B cites C ... cites A, with and without dates, with bystanders that cite into the ring."""
    for size in range(2, 8):
        for dated in (True, False):
            net = Network(f"ring of {size}, {'dated' if dated else 'undated'}")
            names = [net.add(f"n{at}", at if dated else None) for at in range(size)]
            for at, name in enumerate(names):
                net.cites(name, names[at - 1])
            net.cites(net.add("bystander", 9), names[0])
            net.circles = {tuple(sorted(names))}
            yield net


def copies_through_others() -> Iterator[Network]:
    """A copy cites its own origin through one or more others."""
    for length in range(1, 6):
        for reprints in (1, 3):
            net = Network(f"copy through {length}, {reprints} reprints")
            origin = net.add("origin", 0)
            chain = [net.add(f"c{at}", at + 1) for at in range(length)]
            for here, before in zip(chain, [origin, *chain], strict=False):
                net.cites(here, before)
            copies = [net.add(f"copy{at}", 9 + at) for at in range(reprints)]
            for copy in copies:
                net.copies(copy, origin, symmetric=True)
            net.cites(copies[0], chain[-1])
            net.circles = {tuple(sorted([origin, *chain, *copies]))}
            yield net


def self_confirmations() -> Iterator[Network]:
    """A later version of an item cites what has it from the earlier version."""
    for length in range(1, 6):
        net = Network(f"self-confirmation through {length}")
        before = net.add("a1", 0, "a")
        chain = [net.add(f"c{at}", at + 1) for at in range(length)]
        net.cites(chain[0], "a")
        for here, earlier in zip(chain[1:], chain, strict=False):
            net.cites(here, earlier)
        after = net.add("a2", 9, "a")
        net.edges.append(Edge(after, before, Relation.REVISES))
        net.cites(after, chain[-1])
        net.circles = {tuple(sorted([before, after, *chain]))}
        yield net


def copies_and_citations() -> Iterator[Network]:
    """A has a passage from B, and B names A at a remove."""
    for length in range(1, 4):
        net = Network(f"passage taken, cited back through {length}")
        giver = net.add("giver", 0)
        chain = [net.add(f"c{at}", at + 1) for at in range(length)]
        taker = net.add("taker", 5)
        net.copies(taker, giver)
        for here, following in zip([giver, *chain], [*chain, taker], strict=True):
            net.cites(here, following)
        net.circles = {tuple(sorted([giver, taker, *chain]))}
        yield net


def pairs_of_rings() -> Iterator[Network]:
    """Two circles, one of which leads to the other."""
    for size in range(2, 7):
        net = Network(f"two rings of {size}")
        for ring in "ab":
            names = [net.add(f"{ring}{at}", at) for at in range(size)]
            for at, name in enumerate(names):
                net.cites(name, names[at - 1])
            net.circles.add(tuple(sorted(names)))
        net.cites("a0", "b0")
        yield net


def constructed() -> list[Network]:
    """Every network with circles, with its known answer."""
    kinds = (rings, copies_through_others, self_confirmations, copies_and_citations, pairs_of_rings)
    return [network for kind in kinds for network in kind()]


def acyclic(seed: int) -> Network:
    """A random network in which everything has it from something earlier: groups of reprints, then a DAG."""
    source = random.Random(seed)
    net = Network(f"acyclic {seed}")
    groups: list[list[str]] = []
    for number in range(source.randint(2, 12)):
        undated = source.random() < 0.2
        members = [
            net.add(f"g{number}m{at}", None if undated else number)
            for at in range(source.choice([1, 1, 1, 3]))
        ]
        for member in members[1:]:
            net.copies(member, members[0], symmetric=True)
            if source.random() < 0.5:
                net.cites(member, members[0])
        for earlier in groups:
            if source.random() < 0.35:
                origin, derived = source.choice(earlier), source.choice(members)
                source.choice([net.cites, net.copies])(derived, origin)
        groups.append(members)
    return net


def main() -> None:
    """Print how many networks came out right."""
    circles = constructed()
    right = [net for net in circles if {circle.nodes for circle in net.trail().circles} == net.circles]
    clean = [seed for seed in range(300) if not acyclic(seed).trail().circles]
    body: list[list[object]] = [
        ["constructed circles", len(right), len(circles)],
        ["acyclic", len(clean), 300],
    ]
    table("Circular citations", ["networks", "right", "of"], body)


if __name__ == "__main__":
    main()
