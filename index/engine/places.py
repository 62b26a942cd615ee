"""Places of words in a version: one after the other, or close to one another."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from array import array
    from collections.abc import Sequence


def holds(ids: Sequence[int], doc: int) -> bool:
    """Whether a version is among rising numbers."""
    at = bisect_left(ids, doc)
    return at < len(ids) and ids[at] == doc


def in_order(places: list[array[int]]) -> int:
    """How often the words stand one after the other."""
    first = min(range(len(places)), key=lambda at: len(places[at]))
    starts = [place - first for place in places[first]]
    for offset, later in enumerate(places):
        if offset != first:
            starts = [start for start in starts if start + offset in later]
            if not starts:
                return 0
    return len(starts)


def close(places: list[array[int]], width: int) -> int:
    """1 where a stretch of `width` + 1 places holds every word, each at a place of its own, else 0."""
    needed = Counter(tuple(found) for found in places)
    marks = sorted({(place, found) for found in needed for place in found})
    held: Counter[tuple[int, ...]] = Counter()
    first = 0
    for place, found in marks:
        held[found] += 1
        while place - marks[first][0] > width:
            held[marks[first][1]] -= 1
            first += 1
        if all(held[wanted] >= count for wanted, count in needed.items()):
            return 1
    return 0
