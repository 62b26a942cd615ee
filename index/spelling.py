"""Words that are nearly alike: letters put in, left out, changed, or swapped with the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


def by_length(words: Iterable[str]) -> dict[int, list[str]]:
    """Words put together by how many characters they have."""
    found: dict[int, list[str]] = {}
    for word in words:
        found.setdefault(len(word), []).append(word)
    return found


def nearest(word: str, known: Mapping[int, Sequence[str]], edits: int, most: int) -> list[str]:
    """Of the known words, which come by their length, those that differ by at most `edits`, nearest first.

    The distance is optimal string alignment, in characters.
    """
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    sizes = range(len(word) - edits, len(word) + edits + 1)
    fitting = [near for size in sizes for near in known.get(size, ())]
    found = extract(word, fitting, scorer=OSA.distance, score_cutoff=edits, limit=None)
    return [near for _, near in sorted((int(distance), near) for near, distance, _ in found)[:most]]
