"""A request answered from a snapshot: filters, evaluation, order, groups, facets."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from heapq import nlargest
from operator import itemgetter
from typing import TYPE_CHECKING

from index.engine.batch import EPOCH
from index.engine.codec import UNKNOWN, values
from index.engine.evaluate import Deadline, Evaluation
from index.engine.expand import Expansion, suggestions
from index.engine.likes import like
from index.engine.rank import scored, scores, weights
from index.model import Bounds, Count, Group, Hit, Order, Request, Results, Versions
from index.query import parse
from index.tree import All, Between, Every, Node

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from index.engine.snapshot import Snapshot

FACETS = ("outlet", "source", "language", "section", "year", "basis")
_VALUES = 10_000
_SHOWN = 100


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
        expansion = Expansion(snapshot, self._bounds, typed)
        evaluations = [
            Evaluation(segment, snapshot.languages, expansion, self._deadline)
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
        )

    def _tree(self) -> Node:
        request = self._request
        tree = parse(request.query, self._bounds) if isinstance(request.query, str) else request.query
        more: list[Node] = []
        if request.since or request.until:
            more.append(Between("published", request.since, request.until))
        if request.like:
            more.append(like(request.like, self._snapshot))
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
        if not leaves:
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
            "language": [tag.casefold() for tag in request.languages] or None,
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
        ranked = self._first(found, last)
        return tuple(self._hit(*row) for row in ranked[last - limit :]), 0

    def _rows(self, found: list[_Found]) -> Iterable[tuple[float, int, int, int]]:
        """What was found as rows that sort: best last. Score or time, position, segment, version."""
        for part in found:
            segment = self._snapshot.segments[part.place]
            position = segment.column("position")
            if part.scores:
                yield from ((score, position[doc], part.place, doc) for doc, score in part.scores.items())
            elif self._request.order is Order.RELEVANCE:
                yield from ((0.0, position[doc], part.place, doc) for doc in part.docs)
            else:
                sign = -1 if self._request.order is Order.OLDEST else 1
                times = self._times(part.place)
                yield from ((sign * times[doc], sign * position[doc], part.place, doc) for doc in part.docs)

    def _times(self, place: int) -> Sequence[int]:
        segment = self._snapshot.segments[place]
        published, retrieved = segment.column("published"), segment.column("retrieved")
        return [
            second if first == UNKNOWN else first for first, second in zip(published, retrieved, strict=True)
        ]

    def _first(self, found: list[_Found], number: int) -> list[tuple[float, int, int, int]]:
        """The best rows, best first; versions of one position in the order of their keys."""
        scored_parts = [part for part in found if part.scores]
        if scored_parts and len(scored_parts) == sum(bool(part.docs) for part in found):
            best = nlargest(number, (score for part in scored_parts for score in part.scores.values()))
            if not best:
                return []
            cut = best[-1]
            found = [
                _Found(
                    part.place, part.docs, {doc: score for doc, score in part.scores.items() if score >= cut}
                )
                for part in scored_parts
            ]
        return nlargest(number, self._rows(found))

    def _grouped(self, found: list[_Found], first: int, last: int) -> tuple[tuple[Hit, ...], int]:
        name = "item" if self._request.group is Group.ITEM else "same"
        groups: dict[int, list[tuple[float, int, int, int]]] = {}
        columns = [segment.column(name) for segment in self._snapshot.segments]
        for row in self._rows(found):
            groups.setdefault(columns[row[2]][row[3]], []).append(row)
        best = nlargest(last, ((max(rows), group) for group, rows in groups.items()), key=itemgetter(0))
        hits = []
        for _, group in best[first:last]:
            top, *others = (self._hit(*row) for row in sorted(groups[group], reverse=True))
            hits.append(Hit(top.key, top.item, top.label, top.score, tuple(others)))
        return tuple(hits), len(groups)

    def _hit(self, score: float, _: int, place: int, doc: int) -> Hit:
        key, item, label = self._snapshot.segments[place].hit(doc)
        return Hit(key, item, label, round(score, 6) if self._request.order is Order.RELEVANCE else 0.0)

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
