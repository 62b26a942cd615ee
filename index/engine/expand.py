"""The words that a beginning, a misspelling or a range of numbers stands for, over all segments alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.engine.lists import fields_of
from index.model import Bounds, Suggestion
from index.query import BadQuery
from index.spelling import Vocabulary, nearest
from index.tree import NUMBER, TEXT, WORDY, Fuzzy, Node, Number, Prefix, Word, positive

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.engine.deadline import Deadline
    from index.engine.snapshot import Snapshot

_LOOKED_AT = 200
_OFTEN = 1_024


class Expansion:
    """Looks words up once for a whole search; raises `BadQuery` where they are too many."""

    def __init__(self, snapshot: Snapshot, bounds: Bounds, query: str, deadline: Deadline) -> None:
        self._snapshot, self._bounds, self._query, self._deadline = snapshot, bounds, query, deadline
        self._known: dict[Node, list[str]] = {}

    def __call__(self, node: Prefix | Fuzzy | Number) -> Sequence[str]:
        """The words, in order."""
        found = self._known.get(node)
        if found is None:
            found = self._known[node] = self._looked_up(node)
        return found

    def _looked_up(self, node: Prefix | Fuzzy | Number) -> list[str]:
        match node:
            case Prefix():
                return self._prefix(node)
            case Fuzzy():
                return near_words(self._snapshot, node.field, node.word, node.edits, self._bounds.fuzzy)
            case Number():
                return self._numbers(node)

    def _too_many(self, what: str, start: int) -> BadQuery:
        return BadQuery(
            f"{what} stands for more than {self._bounds.expansions:,} words",
            self._query or what,
            start,
            "expansions",
        )

    def _prefix(self, node: Prefix) -> list[str]:
        found: set[bytes] = set()
        for segment in self._snapshot.segments:
            for field in fields_of(node.field):
                entries = segment.beginning(field, node.word, self._bounds.expansions + 1)
                found.update([term for term, _, _ in entries])
                if len(found) > self._bounds.expansions:
                    raise self._too_many(f"{node.word}*", node.start)
        return sorted(term.decode() for term in found)

    def _numbers(self, node: Number) -> list[str]:
        from index.numbers import as_decimal  # late: most queries have none

        low, high = as_decimal(node.low), as_decimal(node.high)
        if low is None or high is None:
            return []
        found: set[str] = set()
        for segment in self._snapshot.segments:
            for at, term in enumerate(segment.terms_from(NUMBER, "")):
                if at % _OFTEN == 0 and self._deadline.over():
                    return sorted(found)
                value = as_decimal(term)
                if value is not None and low <= value <= high:
                    found.add(term)
                    if len(found) > self._bounds.expansions:
                        raise self._too_many(f"{node.low}..{node.high}", node.start)
        return sorted(found)


def near_words(snapshot: Snapshot, field: str, word: str, edits: int, most: int) -> list[str]:
    """Words of the index that differ by at most `edits` letters, the nearest first."""
    if field == TEXT:
        return nearest(word, snapshot.vocabulary, edits, most)
    known = {near for segment in snapshot.segments for near in segment.terms_from(field, "")}
    return nearest(word, Vocabulary(known), edits, most)


def suggestions(tree: Node, snapshot: Snapshot) -> tuple[Suggestion, ...]:
    """For each word of the query that the index does not hold, the nearest that it does, and of those the
    commonest.
    """
    found = []
    for leaf in dict.fromkeys(positive(tree)):
        if (
            isinstance(leaf, Word)
            and leaf.field in WORDY
            and len(leaf.word) > 3
            and not _known(snapshot, leaf)
        ):
            for edits in (1, 2) if len(leaf.word) > 4 else (1,):
                near = near_words(snapshot, TEXT, leaf.word, edits, _LOOKED_AT)
                if near:
                    count, instead = max((_count(snapshot, word), word) for word in near)
                    found.append(Suggestion(leaf.word, instead, count))
                    break
    return tuple(found)


def _known(snapshot: Snapshot, leaf: Word) -> bool:
    return any(
        segment.postings(field, leaf.word) for segment in snapshot.segments for field in fields_of(TEXT)
    )


def _count(snapshot: Snapshot, word: str) -> int:
    lists = (segment.postings(TEXT, word) for segment in snapshot.segments)
    return sum(found.df for found in lists if found)
