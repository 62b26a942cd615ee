"""Copies among occurrences: by the links that are kept of them, else found here by fingerprint."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from archive.lineage.graph import Edge, Relation
from archive.lineage.links import LinkLabel
from archive.model import Evidence, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from archive.lineage.graph import Node
    from archive.lineage.links import Link
    from archive.lineage.shared import SharedText
    from archive.trace.occurrence import Occurrence


@dataclass(frozen=True, slots=True)
class _Copy:
    """What a version shares with another, told from its side, and where it has the longest stretch of it."""

    other: str
    label: LinkLabel
    covered: int
    covered_there: int
    words: int
    words_there: int
    longest: Span


def copies(
    occurrences: Sequence[Occurrence], nodes: Sequence[Node], links: Sequence[SharedText] | None
) -> Iterator[Edge]:
    """Texts of two items that share text, compared word by word; `nodes` are those of the occurrences, in order.

    `links` are those that the archive keeps between them, None where it keeps none of some.
    """
    shared = _found(occurrences, nodes) if links is None else _kept(occurrences, links)
    by_id, order = {node.id: node for node in nodes}, {node.id: at for at, node in enumerate(nodes)}
    texts = {each.id: each.holding.text for each in occurrences}
    for node in nodes:
        closest = sorted(shared.get(node.id, ()), key=lambda copy: (-copy.covered, copy.other))
        for copy in closest:
            other = by_id[copy.other]
            if order[other.id] < order[node.id] and other.item != node.item:
                yield _edge(copy, node, other, copy.longest.of(texts[node.id]))


def _kept(occurrences: Sequence[Occurrence], links: Sequence[SharedText]) -> Mapping[str, list[_Copy]]:
    named = {each.holding.version.position: each.id for each in occurrences}
    found: dict[str, list[_Copy]] = defaultdict(list)
    for link in links:
        for one in (link, link.turned()):
            start, end = max(
                ((at, to) for at, to, *_ in one.spans), key=lambda span: span[1] - span[0], default=(0, 0)
            )
            sizes = one.covered, one.covered_there, one.words, one.words_there
            found[named[one.later]].append(_Copy(named[one.earlier], one.label, *sizes, Span(start, end)))
    return found


def _found(occurrences: Sequence[Occurrence], nodes: Sequence[Node]) -> Mapping[str, list[_Copy]]:
    """Compared here: of the furniture of an outlet only what stands in these versions is known."""
    from archive.lineage.links import Linker
    from archive.lineage.shelf import MemoryShelf
    from archive.text.words import words

    shelf = MemoryShelf()
    texts = {each.id: each.holding.text for each in occurrences}
    places = cache(lambda version: tuple(word.span for word in words(texts[version])))
    for occurrence, node in zip(occurrences, nodes, strict=True):
        shelf.put(node.id, node.outlet, occurrence.holding.text)
    linker = Linker(shelf)
    order = {node.id: at for at, node in enumerate(nodes)}
    found: dict[str, list[_Copy]] = {}
    for node in nodes:
        links = linker.of(node.id, lambda other, at=order[node.id]: order[other] < at)  # type: ignore[misc]
        found[node.id] = [_told(link, _longest(link, places(node.id))) for link in links]
    return found


def _told(link: Link, longest: Span) -> _Copy:
    sizes = link.covered, link.covered_there, link.words, link.words_there
    return _Copy(link.other, link.label, *sizes, longest)


def _longest(link: Link, places: Sequence[Span]) -> Span:
    """The longest stretch that both have word for word."""
    run = max(link.runs, key=lambda run: run.length)
    return Span(places[run.at].start, places[run.at + run.length - 1].end)


def _edge(copy: _Copy, later: Node, earlier: Node, words: str) -> Edge:
    """The edge that a link makes: the later of the two has it from the earlier, as far as their dates tell."""
    share = f"{copy.covered} of {copy.words} words here, {copy.covered_there} of {copy.words_there} there"
    relation = Relation.QUOTES if copy.label is LinkLabel.SHARES_QUOTE else Relation.COPIES
    return Edge(
        later.id,
        earlier.id,
        relation,
        (Evidence(f"{copy.label}: {share}"), Evidence(words, copy.longest)),
        symmetric=copy.label is LinkLabel.SAME_TEXT,
        order_known=later.published is not None and earlier.published is not None,
    )
