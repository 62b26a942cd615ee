"""Words that are nearly alike: letters put in, left out, changed, or swapped with the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Vocabulary:
    """The words that are known, each once, put together by their first character and their length."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)
        self._alike: dict[tuple[str, int], list[str]] = {}
        for word in self._words:
            self._alike.setdefault((word[:1], len(word)), []).append(word)
        self._firsts = {first for first, _ in self._alike}

    def candidates(self, word: str, edits: int) -> list[str]:
        """All known words that differ by so few letters, and others."""
        found: list[str] = []
        firsts = self._firsts if edits > 1 else {word[:1]}
        for size in range(len(word) - edits, len(word) + edits + 1):
            for first in firsts:
                found += self._alike.get((first, size), ())
        if edits == 1:
            found += self._words.intersection(self._with_another_first(word))
        return found

    def _with_another_first(self, word: str) -> Iterator[str]:
        """What one change makes of a word that changes its first character."""
        first, rest = word[:1], word[1:]
        changed = [rest, rest[:1] + first + rest[1:]]
        changed += [other + kept for other in self._firsts for kept in (word, rest)]
        return (each for each in changed if each[:1] != first)


def alike(one: str, other: str, edits: int) -> bool:
    """Whether two words differ by at most `edits`."""
    from rapidfuzz.distance import OSA

    return abs(len(one) - len(other)) <= edits and OSA.distance(one, other, score_cutoff=edits) <= edits


def nearest(word: str, known: Vocabulary, edits: int, most: int) -> list[str]:
    """Of the known words those that differ by at most `edits`, nearest first.

    The distance is optimal string alignment, in characters.
    """
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    candidates = known.candidates(word, edits)
    found = extract(word, candidates, scorer=OSA.distance, score_cutoff=edits, limit=None)
    return [near for _, near in sorted((int(distance), near) for near, distance, _ in found)[:most]]
