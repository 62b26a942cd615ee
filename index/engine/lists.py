"""What a segment has for the words of a query: posting lists, each read once, and what is counted in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.engine.deadline import OFTEN
from index.engine.places import holds
from index.tree import TEXT, WORDY, Word, stems
from index.words import form

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from index.engine.deadline import Deadline
    from index.engine.postings import Postings
    from index.engine.segment import Segment

HEADLINE = 3
"""How often a word of a headline counts."""


def fields_of(field: str) -> tuple[str, ...]:
    """The fields that a condition on one looks into."""
    return (TEXT, "headline") if field == TEXT else (field,)


def forms(word: str, languages: Iterable[str]) -> list[str]:
    """The terms that stand for a word in texts of the languages of the index."""
    return [form(word, language) for language in languages]


class Lists:
    """The posting lists of one segment that words, phrases and expanded terms of a query stand for."""

    def __init__(self, segment: Segment, languages: tuple[str, ...], deadline: Deadline) -> None:
        self._segment, self._languages, self._deadline = segment, languages, deadline
        self._read: dict[tuple[str, str], Postings | None] = {}
        self._counts: dict[Word, dict[int, int]] = {}

    def postings(self, field: str, term: str) -> Postings | None:
        """The postings of a term, read once."""
        if (field, term) not in self._read:
            self._read[field, term] = self._segment.postings(field, term)
        return self._read[field, term]

    def frequency(self, field: str, term: str) -> int:
        """In how many versions that can be found the term stands."""
        found = self.postings(field, term)
        if found is None:
            return 0
        gone = sum(holds(found.ids, doc) for doc in self._segment.deleted)
        return int(found.df - gone)

    def counts(self, node: Word) -> dict[int, int]:
        """How often a word stands in each version that has it, counted once."""
        if node not in self._counts:
            self._counts[node] = self._counted(node)
        return self._counts[node]

    def _counted(self, node: Word) -> dict[int, int]:
        counts: dict[int, int] = {}
        for postings, weight in self.weighed(node):
            if not counts:
                counts = dict(zip(postings.ids, postings.counts, strict=True))
                if weight != 1:
                    counts = {doc: weight * count for doc, count in counts.items()}
                continue
            for doc, count in zip(postings.ids, postings.counts, strict=True):
                counts[doc] = counts.get(doc, 0) + weight * count
        return counts

    def weighed(self, node: Word) -> Iterator[tuple[Postings, int]]:
        """The posting lists that a word stands for, and how often each of their counts counts."""
        for field in fields_of(node.field):
            weight = HEADLINE if field != node.field else 1
            wordy = field in WORDY
            for term in forms(node.word, self._languages) if wordy else (node.word,):
                postings = self.postings(stems(field) if wordy else field, term)
                if postings is not None:
                    yield postings, weight

    def any_of(self, fields: Iterable[str], terms: Sequence[str]) -> set[int]:
        """The versions with any of these terms, as far as there is time."""
        found: set[int] = set()
        for field in fields:
            for number, term in enumerate(terms):
                if number % OFTEN == 0 and self._deadline.over():
                    return found
                postings = self._segment.postings(field, term)
                if postings:
                    found.update(postings.ids)
        return found

    def beginning(self, fields: Iterable[str], word: str, most: int) -> set[int]:
        """The versions with a word that begins so, of which there are at most so many: read side by side."""
        found: set[int] = set()
        for field in fields:
            if self._deadline.over():
                break
            found |= self._segment.having_beginning(self._segment.beginning(field, word, most))
        return found

    def most_with(self, field: str, word: str) -> int:
        """How many versions may have a word in any of its forms: at most as many as its lists are long."""
        looked = [stems(name) for name in fields_of(field)] if field in WORDY else [field]
        terms = forms(word, self._languages) if field in WORDY else [word]
        return sum(found.df for name in looked for term in terms if (found := self.postings(name, term)))

    def most_with_all(self, field: str, words: tuple[str, ...]) -> int:
        """How many versions may have all these words just as they are, in each of the fields."""
        return sum(
            min(found.df if (found := self.postings(name, word)) else 0 for word in words)
            for name in fields_of(field)
        )
