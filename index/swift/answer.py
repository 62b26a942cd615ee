"""A generation open for reading by tantivy, and a request answered from it."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from index.engine.deadline import Deadline
from index.engine.likes import like
from index.engine.pages import page_digests
from index.engine.prepared import EPOCH
from index.errors import NeedsRebuild, State
from index.model import (
    Bounds,
    Count,
    Frequencies,
    Group,
    Hit,
    Order,
    Request,
    Results,
    Suggestion,
    Versions,
)
from index.notes import notes
from index.query import parse
from index.swift.layout import opened, tantivy
from index.swift.translate import Translation
from index.tree import NAMED, TEXT, WORDY, All, Between, Every, Node, Word, positive, values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from index.engine.generations import Generation
    from index.spelling import Vocabulary

_ALL = 10_000_000
_FEW = 2_000
_FACETS = ("outlet", "source", "language", "section", "year", "basis")
_SHOWN = 100
_UNKNOWN = -(1 << 63)


class Opened:
    """A generation open for reading; threads may share it."""

    def __init__(self, generation: Generation, sound: set[tuple[int, int]]) -> None:
        self.generation = generation
        for name, (size, digest, _) in generation.stamp.files.items():
            path = generation.path / name
            mark = (path.stat().st_ino, path.stat().st_mtime_ns)
            if mark not in sound:
                if page_digests(path)[:2] != (digest, size):
                    raise NeedsRebuild(State.DAMAGED, f"{name} was altered")
                sound.add(mark)
        self.index = opened(generation.path)
        self.searcher = self.index.searcher()
        self.vocabulary: dict[str, Vocabulary] = {}


_Row = tuple[float, int, int, int, Any]


class SwiftAnswer:
    """Answers one request; raises `BadQuery`."""

    def __init__(self, reading: Opened, request: Request, bounds: Bounds) -> None:
        self._reading, self._request, self._bounds = reading, request, bounds
        self._searcher, self._schema = reading.searcher, reading.index.schema
        typed = request.query if isinstance(request.query, str) else ""
        self._translation = Translation(self._searcher, self._schema, bounds, typed, reading.vocabulary)
        self._deadline = Deadline(bounds.seconds)

    def results(self) -> Results:
        """The results, at most a page of them."""
        request = self._request
        tree = self._tree()
        query = self._query(tree)
        position = self._reading.generation.stamp.position
        if self._deadline.over():
            return Results((), 0, 0, position, tree, incomplete=True)
        narrowed = request.versions is not Versions.ALL
        total = 0 if narrowed else int(self._searcher.search(query, limit=1).count)
        plain = not narrowed and request.group is Group.NONE and request.order is Order.RELEVANCE
        limit = max(0, min(request.limit, self._bounds.page))
        last = limit * max(1, request.page)
        scored = bool([leaf for leaf in positive(tree) if isinstance(leaf, Word)])
        if plain and scored and total > _FEW:
            found = self._searcher.search(query, limit=max(1, last), count=False).hits
            return self._told(tree, query, self._hits(found)[last - limit : last], total, total)
        rows = sorted(self._rows(query), key=lambda row: row[:4], reverse=True)
        total = len(rows)
        if request.group is Group.NONE:
            hits = tuple(self._hit(row[4], row[0]) for row in rows[last - limit : last])
            return self._told(tree, query, hits, total, total, rows)
        groups = self._groups(rows)
        page = list(groups.values())[last - limit : last]
        return self._told(
            tree, query, tuple(self._together(group) for group in page), total, len(groups), rows
        )

    def frequencies(self, words: Iterable[str]) -> Frequencies:
        """In how many versions each of these folded words stands, in any of its forms."""
        counts = {word: self._translation.frequency(word) for word in words}
        return Frequencies(self._searcher.num_docs, counts)

    def _tree(self) -> Node:
        request = self._request
        tree = parse(request.query, self._bounds) if isinstance(request.query, str) else request.query
        more: list[Node] = []
        if request.since or request.until:
            more.append(Between("published", request.since, request.until))
        if request.like:
            more.append(like(request.like, self._searcher.num_docs, self._translation.frequency))
        if not more:
            return tree
        return Every(tuple(more)) if isinstance(tree, All) else Every((tree, *more))

    def _query(self, tree: Node) -> Any:
        request, make = self._request, self._translation
        parts = [make.query(tree)]
        for field, wanted in (
            ("outlet", request.outlets),
            ("source", request.sources),
            ("section", request.sections),
        ):
            if wanted:
                folded = {name.casefold() for name in wanted}
                known = [term for term in make.terms(values(field), "") if term.casefold() in folded]
                parts.append(make.any_of((values(field),), known))
        if request.languages:
            parts.append(make.any_of(("language",), make.tags(request.languages)))
        if request.bases:
            parts.append(make.any_of(("basis",), [basis.casefold() for basis in request.bases]))
        library = tantivy()
        pairs = [(library.Occur.Must, part) for part in parts]
        if request.unlike:
            pairs.append((library.Occur.MustNot, make.any_of(("key",), request.unlike)))
        return parts[0] if len(pairs) == 1 else library.Query.boolean_query(pairs)

    def _rows(self, query: Any) -> list[_Row]:
        """All that was found: what it is ordered by, position, item, number, address."""
        found = self._searcher.search(query, limit=_ALL, count=False).hits
        addresses = [address for _, address in found]
        position, item, number = (
            self._fast(name, addresses) for name in ("position", "item_hash", "number_of_version")
        )
        worth: Sequence[float] = [score for score, _ in found]
        if self._request.order is not Order.RELEVANCE:
            sign = -1 if self._request.order is Order.OLDEST else 1
            pairs = zip(self._fast("published", addresses), self._fast("retrieved", addresses), strict=True)
            worth = [
                sign * (_UNKNOWN if one is None and two is None else two if one is None else one)
                for one, two in pairs
            ]
        rows = list(zip(worth, position, item, number, addresses, strict=True))
        if self._request.versions is Versions.ALL:
            return rows
        chosen = self._chosen()
        return [row for row in rows if chosen[row[2]] == (row[3], row[1])]

    def _fast(self, name: str, addresses: Sequence[Any]) -> list[Any]:
        found: list[Any] = self._searcher.fast_field_values(name, list(addresses))
        return found

    def _chosen(self) -> dict[int, tuple[int, int]]:
        """The number and position of the latest, or first, version of each item."""
        everything = self._searcher.search(tantivy().Query.all_query(), limit=_ALL, count=False).hits
        addresses = [address for _, address in everything]
        pick = max if self._request.versions is Versions.LATEST else min
        best: dict[int, tuple[int, int]] = {}
        columns = [self._fast(name, addresses) for name in ("item_hash", "number_of_version", "position")]
        for item, number, position in zip(*columns, strict=True):
            best[item] = pick(best.get(item, (number, position)), (number, position))
        return best

    def _groups(self, rows: list[_Row]) -> dict[int, list[_Row]]:
        name = "item_hash" if self._request.group is Group.ITEM else "same_hash"
        groups: dict[int, list[_Row]] = {}
        for group, row in zip(self._fast(name, [row[4] for row in rows]), rows, strict=True):
            groups.setdefault(group, []).append(row)
        return groups

    def _together(self, rows: Sequence[_Row]) -> Hit:
        top, *others = (self._hit(row[4], row[0]) for row in rows)
        return Hit(top.key, top.item, top.label, top.score, tuple(others))

    def _hits(self, found: Sequence[tuple[float, Any]]) -> tuple[Hit, ...]:
        return tuple(self._hit(address, score) for score, address in found)

    def _hit(self, address: Any, score: float) -> Hit:
        key, item, label = json.loads(self._searcher.doc(address).get_first("hit"))
        return Hit(key, item, label, round(score, 6) if self._request.order is Order.RELEVANCE else 0.0)

    def _told(
        self,
        tree: Node,
        query: Any,
        hits: tuple[Hit, ...],
        total: int,
        groups: int,
        rows: list[_Row] | None = None,
    ) -> Results:
        if self._request.versions is not Versions.ALL and self._request.facets:
            keys = [self._hit(row[4], 0.0).key for row in rows or ()]
            query = self._translation.any_of(("key",), keys)
        return Results(
            hits=hits,
            total=total,
            groups=groups,
            position=self._reading.generation.stamp.position,
            tree=tree,
            incomplete=self._deadline.over(),
            facets={name: self._facet(name, query) for name in self._request.facets if name in _FACETS},
            suggestions=tuple(self._suggested(tree)) if self._request.suggest else (),
            notes=tuple(notes(tree, self._request, self._bounds, self._translation.fuzzy)),
        )

    def _facet(self, name: str, query: Any) -> tuple[Count, ...]:
        if name == "year":
            addresses = [address for _, address in self._searcher.search(query, limit=_ALL, count=False).hits]
            days = (value for value in self._fast("published", addresses) if value is not None)
            years = Counter(f"{(EPOCH + timedelta(microseconds=day)).year:04d}" for day in days)
            return tuple(Count(*pair) for pair in sorted(years.items(), key=lambda pair: (-pair[1], pair[0])))
        field = values(name) if name in NAMED else name
        found = self._searcher.terms_with_prefix(field, "", filter_query=query, limit=_SHOWN)
        return tuple(Count(term, count) for term, count in found if count)

    def _suggested(self, tree: Node) -> Iterator[Suggestion]:
        make = self._translation
        for leaf in dict.fromkeys(positive(tree)):
            if not isinstance(leaf, Word) or leaf.field not in WORDY or len(leaf.word) < 4:
                continue
            if self._searcher.doc_freq(TEXT, leaf.word) or self._searcher.doc_freq("headline", leaf.word):
                continue
            for edits in (1, 2) if len(leaf.word) > 4 else (1,):
                near = make.near_words(TEXT, leaf.word, edits, 200)
                if near:
                    count, instead = max((self._searcher.doc_freq(TEXT, word), word) for word in near)
                    yield Suggestion(leaf.word, instead, count)
                    break
