"""A tree as tantivy's own query."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from index.engine.lists import fields_of, forms
from index.engine.prepared import microseconds
from index.numbers import as_decimal
from index.query import BadQuery
from index.spelling import Vocabulary, nearest
from index.swift.layout import tantivy, words_of
from index.tags import tagged
from index.tree import (
    EXACT,
    NUMBER,
    TEXT,
    WORDY,
    All,
    Between,
    Either,
    Every,
    Exactly,
    Fuzzy,
    Most,
    Near,
    Node,
    Nothing,
    Number,
    Phrase,
    Prefix,
    Without,
    Word,
    stems,
)
from index.words import stemmed_as

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from index.model import Bounds
    from index.swift.opened import Opened

_HEADLINE = 2.0
_ALL_VALUES = 1_000_000


class Translation:
    """Translates trees for one generation; raises `BadQuery` where a word stands for too many."""

    def __init__(self, reading: Opened, bounds: Bounds, query: str) -> None:
        self._reading, self._known = reading, reading.vocabulary
        self._searcher, self._schema = reading.searcher, reading.index.schema
        self._bounds, self._query = bounds, query
        self._library = tantivy()
        self._near_to: dict[Fuzzy, list[str]] = {}
        self.languages = tuple(sorted({"", *(stemmed_as(tag) for tag in reading.tags)}))

    def terms(self, field: str, beginning: str, most: int | None = None) -> list[str]:
        """The terms of a field that begin so."""
        found = self._searcher.terms_with_prefix(field, beginning, limit=most)
        return [term for term, count in found if count]

    def tags(self, wanted: Iterable[str]) -> list[str]:
        """The tags of languages that versions have, of those that are wanted."""
        return tagged(self._reading.tags, wanted)

    def any_of(self, fields: Iterable[str], terms: Sequence[str]) -> Any:
        """What holds one of these terms in one of these fields, all alike."""
        query = self._library.Query
        sets = [query.term_set_query(self._schema, field, list(terms)) for field in fields] if terms else []
        return self._flat(self._should(sets))

    def _should(self, parts: Sequence[Any], least: int | None = None) -> Any:
        query, occur = self._library.Query, self._library.Occur
        if not parts:
            return query.empty_query()
        pairs = [(occur.Should, part) for part in parts]
        return query.boolean_query(pairs, least) if least else query.boolean_query(pairs)

    def _flat(self, query: Any) -> Any:
        return self._library.Query.const_score_query(query, 0.0)

    def both(self, parts: Sequence[Any]) -> Any:
        """What all of these hold."""
        occur = self._library.Occur
        return self._library.Query.boolean_query([(occur.Must, part) for part in parts])

    def query(self, node: Node) -> Any:
        """The query for a tree."""
        query, occur = self._library.Query, self._library.Occur
        match node:
            case All():
                return self._flat(query.all_query())
            case Nothing():
                return query.empty_query()
            case Every(parts):
                return self.both([self.query(part) for part in parts])
            case Either(parts):
                return self._should([self.query(part) for part in parts])
            case Most(parts, least):
                return self._should([self.query(part) for part in parts], least)
            case Without(part):
                everything = self._flat(query.all_query())
                return query.boolean_query([(occur.Must, everything), (occur.MustNot, self.query(part))])
            case _:
                return self._leaf(node)

    def _leaf(self, node: Node) -> Any:
        match node:
            case Word(field, word):
                return self._word(field, word)
            case Phrase(field, words):
                return self._should([self._phrase(name, words) for name in fields_of(field)])
            case Near():
                return self._near(node)
            case Prefix(field, _, _) | Fuzzy(field, _, _):
                expanded = self._prefix(node) if isinstance(node, Prefix) else self.fuzzy(node)
                return self._library.Query.const_score_query(self.any_of(fields_of(field), expanded), 1.0)
            case Number():
                return self.any_of((NUMBER,), self._numbers(node))
            case Exactly("language", value):
                return self.any_of(("language",), self.tags((value,)))
            case Exactly(field, value):
                return self.any_of((field,), (value,))
            case Between():
                return self._between(node)
        raise TypeError(node)

    def _word(self, field: str, word: str) -> Any:
        query = self._library.Query
        if field not in WORDY:
            return query.term_query(self._schema, field, word)
        parts = []
        for name in fields_of(field):
            for term in forms(word, self.languages):
                if self._searcher.doc_freq(stems(name), term):  # most words have forms in one language
                    found = query.term_query(self._schema, stems(name), term)
                    parts.append(query.boost_query(found, _HEADLINE) if name != field else found)
        return self._should(parts)

    def _phrase(self, field: str, words: Sequence[str]) -> Any:
        query = self._library.Query
        if len(words) == 1:
            return query.term_query(self._schema, field, words[0])
        return query.phrase_query(self._schema, field, list(words))

    def _near(self, node: Near) -> Any:
        """Candidates by their words, then by the stored words themselves."""
        fields = fields_of(node.field)
        width = node.distance + len(node.words) - 1
        keys = []
        held = [self.both([self.any_of((f,), (word,)) for word in dict.fromkeys(node.words)]) for f in fields]
        for _, address in self._searcher.search(self._should(held), limit=_ALL_VALUES).hits:
            stored = self._searcher.doc(address)
            if any(_close(words, node.words, width) for words in words_of(stored, fields)):
                keys.append(_key(stored))
        return self._library.Query.const_score_query(self.any_of(("key",), keys), 1.0)

    def _too_many(self, what: str, start: int) -> BadQuery:
        return BadQuery(
            f"{what} stands for more than {self._bounds.expansions:,} words",
            self._query or what,
            start,
            "expansions",
        )

    def _prefix(self, node: Prefix) -> list[str]:
        most = self._bounds.expansions + 1
        found = {term for field in fields_of(node.field) for term in self.terms(field, node.word, most)}
        if len(found) > self._bounds.expansions:
            raise self._too_many(f"{node.word}*", node.start)
        return sorted(found)

    def _numbers(self, node: Number) -> list[str]:
        if node.low == node.high:
            return [node.low]
        low, high = as_decimal(node.low), as_decimal(node.high)
        known = [(term, as_decimal(term)) for term in self.terms(NUMBER, "")]
        found = [
            t for t, n in known if n is not None and low is not None and high is not None and low <= n <= high
        ]
        if len(found) > self._bounds.expansions:
            raise self._too_many(f"{node.low}..{node.high}", node.start)
        return found

    def fuzzy(self, node: Fuzzy) -> list[str]:
        """The words that a `~` stands for, looked up once."""
        found = self._near_to.get(node)
        if found is None:
            found = self.near_words(node.field, node.word, node.edits, self._bounds.fuzzy)
            self._near_to[node] = found
        return found

    def near_words(self, field: str, word: str, edits: int, most: int) -> list[str]:
        """Words of the index that differ by at most `edits` letters, the nearest first."""
        if field not in self._known:
            held = (term for name in fields_of(field) for term in self.terms(name, ""))
            self._known[field] = Vocabulary(held)
        return nearest(word, self._known[field], edits, most)

    def _between(self, node: Between) -> Any:
        kind = self._library.FieldType.Integer
        low = None if node.since is None else microseconds(node.since)
        high = None if node.until is None else microseconds(node.until) - 1
        if low is None and high is None:
            return self._flat(self._library.Query.exists_query(self._schema, node.field))
        return self._flat(self._library.Query.range_query(self._schema, node.field, kind, low, high))

    def frequency(self, word: str) -> int:
        """In how many versions a word stands in any of its forms."""
        terms = forms(word, self.languages)
        return sum(self._searcher.doc_freq(stems(TEXT), term) for term in terms)


def _key(stored: Any) -> str:
    import json

    key: str = json.loads(stored.get_first("hit"))[0]
    return key


def _close(found: Sequence[str], wanted: Sequence[str], width: int) -> bool:
    needed = Counter(wanted)
    marks = [(place, word) for place, word in enumerate(found) if word in needed]
    held: Counter[str] = Counter()
    first = 0
    for place, word in marks:
        held[word] += 1
        while place - marks[first][0] > width:
            held[marks[first][1]] -= 1
            first += 1
        if all(held[each] >= count for each, count in needed.items()):
            return True
    return False


__all__ = ["EXACT", "Translation"]
