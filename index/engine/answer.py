"""A request answered from a snapshot: filters, evaluation, order, groups, facets."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial
from heapq import nlargest
from itertools import chain
from typing import TYPE_CHECKING

from index.engine.deadline import Deadline
from index.engine.evaluate import Evaluation
from index.engine.expand import Expansion, suggestions
from index.engine.likes import frequency_in, like
from index.engine.prepared import EPOCH, UNKNOWN
from index.engine.rank import scored, scores, weights
from index.model import Bounds, Count, Group, Hit, Order, Request, Results, Versions
from index.notes import notes
from index.query import parse
from index.tags import tagged
from index.tree import All, Between, Every, Node, values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from index.engine.snapshot import Snapshot

FACETS = ("outlet", "source", "language", "section", "year", "basis")
_VALUES = 10_000

LARGE = 50_000
"""Versions in an index from which on numpy takes less time for a phrase than its import takes."""

_SHOWN = 100


_Row = tuple[float, int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found in a segment, with scores where they are asked for."""

    place: int
    docs: AbstractSet[int]
    scores: dict[int, float]


class Answer:
    """Answers one request; raises `BadQuery`."""

    def __init__(self, snapshot: Snapshot, request: Request, bounds: Bounds) -> None:
        self._snapshot, self._request, self._bounds = snapshot, request, bounds
        self._deadline = Deadline(bounds.seconds)

    def results(self) -> Results:
        """The results, at most a page of them."""
        request, snapshot = self._request, self._snapshot
        tree = self._tree()
        typed = request.query if isinstance(request.query, str) else ""
        expansion = Expansion(snapshot, self._bounds, typed, self._deadline)
        evaluations = [
            Evaluation(segment, snapshot.languages, expansion, self._deadline, snapshot.documents >= LARGE)
            for segment in snapshot.segments
        ]
        found = self._find(tree, evaluations)
        total = sum(len(part.docs) for part in found)
        hits, groups = self._page(found)
        return Results(
            hits=hits,
            total=total,
            groups=groups if request.group is not Group.NONE else total,
            position=snapshot.generation.stamp.position,
            tree=tree,
            incomplete=self._deadline.passed,
            facets={name: self._facet(name, found) for name in request.facets if name in FACETS},
            suggestions=suggestions(tree, snapshot) if request.suggest else (),
            notes=tuple(notes(tree, request, self._bounds, expansion)),
        )

    def _tree(self) -> Node:
        request = self._request
        tree = parse(request.query, self._bounds) if isinstance(request.query, str) else request.query
        more: list[Node] = []
        if request.since or request.until:
            more.append(Between("published", request.since, request.until))
        if request.like:
            frequency = partial(frequency_in, self._snapshot)
            more.append(like(request.like, self._snapshot.documents, frequency))
        if not more:
            return tree
        return Every(tuple(more)) if isinstance(tree, All) else Every((tree, *more))

    def _find(self, tree: Node, evaluations: Sequence[Evaluation]) -> list[_Found]:
        found = [
            (place, evaluation.docs(tree, self._allowed(place)))
            for place, evaluation in enumerate(evaluations)
        ]
        alive = [(place, docs - self._snapshot.segments[place].deleted) for place, docs in found]
        leaves = scored(tree) if self._by_relevance(tree) else ()
        if not leaves or not any(docs for _, docs in alive):
            return [_Found(place, docs, {}) for place, docs in alive]
        said = weights(leaves, self._snapshot, evaluations)
        mean = self._snapshot.mean_length
        return [
            _Found(
                place,
                docs,
                scores(docs, self._snapshot.segments[place].column("length"), mean, said, evaluations[place]),
            )
            for place, docs in alive
        ]

    def _by_relevance(self, tree: Node) -> bool:
        return self._request.order is Order.RELEVANCE and not isinstance(tree, All)

    def _allowed(self, place: int) -> AbstractSet[int] | None:
        """The versions of a segment that the options allow, None for all: they are cut out before anything
        is scored.
        """
        request, segment = self._request, self._snapshot.segments[place]
        allowed: AbstractSet[int] | None = None
        named = {
            values("outlet"): self._snapshot.named("outlet", request.outlets) if request.outlets else None,
            values("source"): self._snapshot.named("source", request.sources) if request.sources else None,
            values("section"): self._snapshot.named("section", request.sections)
            if request.sections
            else None,
            "language": tagged(self._snapshot.tags, request.languages) if request.languages else None,
            "basis": [basis.casefold() for basis in request.bases] or None,
        }
        for field, terms in named.items():
            if terms is not None:
                having = {doc for term in terms for doc in _ids(segment.postings(field, term))}
                allowed = having if allowed is None else allowed & having
        if request.versions is not Versions.ALL:
            chosen = self._snapshot.chosen(request.versions)[place]
            allowed = chosen if allowed is None else allowed & chosen
        if request.unlike:
            left_out = {doc for key in request.unlike for doc in _ids(segment.postings("key", key))}
            allowed = (segment.alive if allowed is None else allowed) - left_out
        return allowed

    def _page(self, found: list[_Found]) -> tuple[tuple[Hit, ...], int]:
        request = self._request
        limit = max(0, min(request.limit, self._bounds.page))
        last = limit * max(1, request.page)
        if request.group is not Group.NONE:
            return self._grouped(found, last - limit, last)
        return tuple(self._hit(row) for row in self._first(found, last)[last - limit :]), 0

    def _worth(self, part: _Found) -> tuple[list[int], Sequence[float]]:
        """A segment's versions and what they are put in order by first, greatest first: score, time,
        position.
        """
        if part.scores:
            return list(part.scores), list(part.scores.values())
        docs = list(part.docs)
        segment = self._snapshot.segments[part.place]
        if self._request.order is Order.RELEVANCE:
            return docs, list(map(segment.column("position").__getitem__, docs))
        sign = -1 if self._request.order is Order.OLDEST else 1
        published, retrieved = segment.column("published"), segment.column("retrieved")
        return docs, [
            sign * (retrieved[doc] if published[doc] == UNKNOWN else published[doc]) for doc in docs
        ]

    def _row(self, worth: float, place: int, doc: int) -> _Row:
        """A version with all that its place in the order depends on; no two are alike, however they are
        stored.
        """
        segment = self._snapshot.segments[place]
        item, number = segment.column("item")[doc], segment.column("number")[doc]
        return worth, segment.column("position")[doc], item, number, place, doc

    def _first(self, found: list[_Found], number: int) -> list[_Row]:
        """The first rows, the best at the beginning."""
        worths = [(part.place, *self._worth(part)) for part in found]
        # From the end: positions rise, and what comes after a greater one need not be moved.
        best = nlargest(number, chain.from_iterable(reversed(worth) for _, _, worth in reversed(worths)))
        if not best:
            return []
        cut = best[-1]
        rows = [
            self._row(worth, place, doc)
            for place, docs, values in worths
            for doc, worth in zip(docs, values, strict=True)
            if worth > cut
        ]
        level = {
            place: [doc for doc, worth in zip(docs, values, strict=True) if worth == cut]
            for place, docs, values in worths
        }
        rows += [self._row(cut, place, doc) for place, doc in self._latest(level, number - len(rows))]
        return nlargest(number, rows)

    def _latest(self, level: dict[int, list[int]], number: int) -> Iterator[tuple[int, int]]:
        """Of versions alike in worth, which may be all there are, those that their position puts first."""
        positions = {
            place: list(map(self._snapshot.segments[place].column("position").__getitem__, docs))
            for place, docs in level.items()
        }
        cut = nlargest(number, chain.from_iterable(map(reversed, reversed(positions.values()))))[-1]
        for place, docs in level.items():
            told = zip(docs, positions[place], strict=True)
            yield from ((place, doc) for doc, position in told if position >= cut)

    def _grouped(self, found: list[_Found], first: int, last: int) -> tuple[tuple[Hit, ...], int]:
        name = "item" if self._request.group is Group.ITEM else "same"
        groups: dict[int, list[_Row]] = {}
        for part in found:
            column = self._snapshot.segments[part.place].column(name)
            for doc, worth in zip(*self._worth(part), strict=True):
                groups.setdefault(column[doc], []).append(self._row(worth, part.place, doc))
        best = nlargest(last, ((max(rows), group) for group, rows in groups.items()))
        hits = []
        for _, group in best[first:last]:
            top, *others = (self._hit(row) for row in sorted(groups[group], reverse=True))
            hits.append(Hit(top.key, top.item, top.label, top.score, tuple(others)))
        return tuple(hits), len(groups)

    def _hit(self, row: _Row) -> Hit:
        worth, *_, place, doc = row
        key, item, label = self._snapshot.segments[place].hit(doc)
        return Hit(key, item, label, round(worth, 6) if isinstance(worth, float) else 0.0)

    def _facet(self, name: str, found: list[_Found]) -> tuple[Count, ...]:
        counted: Counter[str] = Counter()
        field = values(name) if name in ("outlet", "source", "section") else name
        for part in found:
            segment = self._snapshot.segments[part.place]
            if name == "year":
                counted.update(_years(segment.column("published"), part.docs))
                continue
            for number, value in enumerate(segment.terms_from(field, "")):
                if number >= _VALUES or self._deadline.over():
                    break
                counted[value] += len(part.docs & set(_ids(segment.postings(field, value))))
        kept = [(value, count) for value, count in counted.items() if count]
        return tuple(
            Count(value, count)
            for value, count in sorted(kept, key=lambda pair: (-pair[1], pair[0]))[:_SHOWN]
        )


def _ids(postings: object) -> Sequence[int]:
    return getattr(postings, "ids", ())


def _years(times: Sequence[int], docs: Iterable[int]) -> Counter[str]:
    days = Counter(times[doc] // 86_400_000_000 for doc in docs if times[doc] != UNKNOWN)
    years: Counter[str] = Counter()
    for day, count in days.items():
        years[f"{_year(day):04d}"] += count
    return years


def _year(day: int) -> int:
    from datetime import timedelta

    return (EPOCH + timedelta(days=day)).year
