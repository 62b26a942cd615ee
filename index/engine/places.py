"""Places of words in a version: one after the other, or close to one another."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING

from index.engine.deadline import OFTEN

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from index.engine.postings import Postings


def holds(ids: Sequence[int], doc: int) -> bool:
    """Whether a version is among rising numbers."""
    at = bisect_left(ids, doc)
    return at < len(ids) and ids[at] == doc


def standing(
    lists: Sequence[Postings],
    within: AbstractSet[int] | None,
    check: Callable[[list[array[int]]], int],
    over: Callable[[], bool],
) -> Iterator[tuple[int, int]]:
    """The versions that have all words, of those in `within`, whose places pass the check, and how often; what
    is not looked at before the time is `over` is left out.
    """
    if len(lists) == 1:
        pairs = zip(lists[0].ids, lists[0].counts, strict=True)
        yield from pairs if within is None else (pair for pair in pairs if pair[0] in within)
        return
    docs = _having_all(sorted(set(lists), key=lambda each: each.df), within)
    if not docs:
        return
    where = {each: each.places() for each in set(lists)}
    readers = [where[each] for each in lists]
    for number, doc in enumerate(docs):
        if number % OFTEN == 0 and over():
            return
        count = check([places(doc) for places in readers])
        if count:
            yield doc, count


def _having_all(lists: Sequence[Postings], within: AbstractSet[int] | None) -> set[int]:
    found = set(lists[0].ids)
    if within is not None:
        found &= within
    for each in lists[1:]:
        if not found:
            break
        found = found.intersection(each.ids)
    return found


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
