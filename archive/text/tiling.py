"""Tiling: which words two texts have in common, compared word by word, with their places in both."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from archive.model import Span
from archive.text.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from archive.text.fingerprints import Cut

TILE = 6
"""Words in a row that two texts must share for the words to count."""

_PLACES = 32
"""A stretch that is repeated more often than this is followed from its first places alone."""


_STEP = 8
"""Words compared at once, to begin with; a power of two, so that halving it comes down to every length."""


@dataclass(frozen=True, slots=True)
class Run:
    """Words that stand in a row in both texts: the number of the first in each, from 0, and how many."""

    at: int
    there: int
    length: int


@dataclass(frozen=True, slots=True)
class Tiling:
    """How many words of each text lie in stretches of six or more that the other has too, and where."""

    covered: int
    covered_there: int
    runs: tuple[Run, ...]


NOTHING = Tiling(0, 0, ())
"""Two texts with nothing in common that counts."""


def tiling(one: Cut, other: Cut, left_out: Sequence[AbstractSet[int]] = (), at_least: int = TILE) -> Tiling:
    """Every stretch of six or more words that both texts have, without the grams that are `left_out`.

    Words are compared by their stable hashes. The two counts differ where a stretch is repeated in one text.
    Where fewer than `at_least` words can be in common the answer is `NOTHING`, at once.
    """
    known, there = one.places, other.grams
    marks_there = [at for at, gram in enumerate(there) if gram in known]
    if left_out:
        marks_there = [at for at in marks_there if not any(there[at] in grams for grams in left_out)]
    # Two grams make a tile of six words, so common grams are at least a third of the words they cover.
    if len(marks_there) * 3 < at_least:
        return NOTHING
    marks = _places(one, {there[at] for at in marks_there})
    tiles, tiles_there = _tiles(marks), _tiles(marks_there)
    covered, covered_there = _covered(tiles), _covered(tiles_there)
    if max(covered, covered_there) < at_least:
        return NOTHING
    return Tiling(covered, covered_there, tuple(_runs(one, other, tiles, tiles_there)))


def _places(cut: Cut, common: AbstractSet[int]) -> list[int]:
    """Where these grams stand in a text."""
    if len(cut.places) == len(cut.grams):
        return sorted(cut.places[gram] for gram in common)
    return [at for at, gram in enumerate(cut.grams) if gram in common]


def _tiles(marks: Sequence[int]) -> list[int]:
    """Where a tile begins whose two grams are both common: six words, since a gram is five."""
    return [at for at, following in pairwise(marks) if following == at + 1]


def _covered(starts: Iterable[int]) -> int:
    """How many words lie in tiles that begin at these places."""
    total, last = 0, -TILE
    for start in starts:
        total += min(TILE, start - last)
        last = start
    return total


def _runs(one: Cut, other: Cut, here: Sequence[int], there: Sequence[int]) -> Iterable[Run]:
    """The longest run from each place that no earlier run covers, read from left to right."""
    places: dict[int, list[int]] = defaultdict(list)
    for start in there:
        places[other.grams[start]].append(start)
    end = 0
    for start in here:
        if start + TILE <= end:
            continue
        begin = max(start, end)
        best = max(
            (Run(begin, to + begin - start, _length(one.words, other.words, begin, to + begin - start))
             for to in places.get(one.grams[start], ())[:_PLACES]),
            key=lambda run: run.length,
            default=None,
        )  # fmt: skip
        if best and best.length + begin - start >= TILE:
            yield best
            end = begin + best.length


def _length(one: Sequence[int], other: Sequence[int], at: int, there: int) -> int:
    """How many words agree from these two places on: by doubling steps, then by halving ones."""
    length, step = 0, _STEP
    while step and one[at + length : at + length + step] == other[there + length : there + length + step]:
        length += min(step, len(one) - at - length, len(other) - there - length)
        step = step * 2 if at + length < len(one) and there + length < len(other) else 0
    while step:
        reach = min(length + step, len(one) - at, len(other) - there)
        if one[at + length : at + reach] == other[there + length : there + reach]:
            length = reach
        step //= 2
    return length


def spans(text: str, stretches: Iterable[tuple[int, int]]) -> list[Span]:
    """The character spans of stretches given as the number of their first word and their length in words."""
    found = words(text)
    return [Span(found[at].span.start, found[at + length - 1].span.end) for at, length in stretches]
