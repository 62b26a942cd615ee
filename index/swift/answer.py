"""A request answered from a generation that tantivy reads."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from index.engine.deadline import Deadline
from index.engine.likes import like
from index.engine.prepared import EPOCH
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
from index.swift.layout import tantivy
from index.swift.translate import Translation
from index.tree import (
    NAMED,
    TEXT,
    WORDY,
    All,
    Between,
    Every,
    Fuzzy,
    Near,
    Node,
    Phrase,
    Prefix,
    Word,
    positive,
    values,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from index.swift.opened import Opened

_ALL = 10_000_000
_FEW = 2_000
_SPARE = 20
"""Hits that are asked for beyond a page, to see whether equal scores go on behind it."""

_SCORED = (Word, Phrase, Near, Prefix, Fuzzy)
_FACETS = ("outlet", "source", "language", "section", "year", "basis")
_SHOWN = 100
_UNKNOWN = -(1 << 63)


_Row = tuple[float, int, int, int, Any]


class SwiftAnswer:
    """Answers one request; raises `BadQuery`."""

    def __init__(self, reading: Opened, request: Request, bounds: Bounds) -> None:
        self._reading, self._request, self._bounds = reading, request, bounds
        self._searcher, self._schema = reading.searcher, reading.index.schema
        typed = request.query if isinstance(request.query, str) else ""
        self._translation = Translation(reading, bounds, typed)
        self._deadline = Deadline(bounds.seconds)

    def results(self) -> Results:
        """The results, at most a page of them."""
        request = self._request
        tree = self._tree()
        query = self._query(tree)
        position = self._reading.generation.stamp.position
        if self._deadline.over():
            return Results((), 0, 0, position, tree, incomplete=True)
        limit = max(0, min(request.limit, self._bounds.page))
        last = limit * max(1, request.page)
        plain = request.versions is Versions.ALL and request.group is Group.NONE
        if plain and request.order is Order.RELEVANCE:
            total, best = self._best(tree, query, last)
            page = tuple(self._hit(row[4], row[0]) for row in best[last - limit : last])
            return self._told(tree, query, page, total, total)
        rows = sorted(self._rows(query), key=itemgetter(0, 1, 2, 3), reverse=True)
        total = len(rows)
        if request.group is Group.NONE:
            hits = tuple(self._hit(row[4], row[0]) for row in rows[last - limit : last])
            return self._told(tree, query, hits, total, total, rows)
        groups = self._groups(rows)
        shown = tuple(self._together(group) for group in list(groups.values())[last - limit : last])
        return self._told(tree, query, shown, total, len(groups), rows)

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

    def _best(self, tree: Node, query: Any, last: int) -> tuple[int, list[_Row]]:
        """How many there are, and the first so many and some more; of equal scores the later position is first."""
        held = max(1, int(self._searcher.num_docs))  # tantivy takes room for all that is asked for
        leaves = [leaf for leaf in dict.fromkeys(positive(tree)) if isinstance(leaf, _SCORED)]
        if not leaves or (len(leaves) == 1 and isinstance(leaves[0], (Prefix, Fuzzy))):
            found = self._searcher.search(query, limit=min(last + _SPARE, held), order_by_field="position")
            return found.count, self._told_apart([(float(len(leaves)), each) for _, each in found.hits])
        for spare in (_SPARE, _FEW):
            found = self._searcher.search(query, limit=min(last + spare, held))
            hits = found.hits
            if not last or len(hits) == found.count or hits[last - 1][0] > hits[-1][0]:
                return found.count, self._told_apart(hits)
        # So many alike stay in tantivy's order, whichever page is asked for.
        return found.count, [(score, 0, 0, 0, address) for score, address in hits]

    def _told_apart(self, hits: Sequence[tuple[float, Any]]) -> list[_Row]:
        addresses = [address for _, address in hits]
        columns = (self._fast(name, addresses) for name in ("position", "item_hash", "number_of_version"))
        rows = zip((score for score, _ in hits), *columns, addresses, strict=True)
        return sorted(rows, key=itemgetter(0, 1, 2, 3), reverse=True)

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
