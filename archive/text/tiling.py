"""Tiling: which words two texts have in common, compared word by word, with their places in both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, compress, count, pairwise
from typing import TYPE_CHECKING

from archive.model import Span
from archive.text.words import word_places

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterable, Iterator, Sequence
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


@dataclass(frozen=True, slots=True)
class Overlap:
    """How many grams of the other text one has too, and where tiles begin in both, in stretches."""

    marks: int
    tiles: Sequence[range]
    tiles_there: Sequence[range]


Enough = Callable[[int, int], bool]
"""Whether so many words of one text and of the other in common are worth a closer look."""


class Sheet:
    """A text laid out so that what others have in common with it is soon found."""

    def __init__(self, cut: Cut) -> None:
        self.cut = cut

    @cached_property
    def _places(self) -> _Places:
        return _Places(self.cut.grams, [range(len(self.cut.grams))])

    def tiling(
        self,
        other: Cut,
        left_out: AbstractSet[int] = frozenset(),
        at_least: int = TILE,
        enough: Enough = lambda _here, _there: True,
        overlap: Overlap | None = None,
    ) -> Tiling:
        """Every stretch of six or more words that both texts have, without the grams that are `left_out`.

        Words are compared by their stable hashes. The two counts differ where a stretch is repeated in one
        text. Where fewer than `at_least` words can be in common, or the two counts are not `enough`, the answer
        is `NOTHING`, at once. `overlap` is what was found already.
        """
        found = overlap or self.overlap(other, left_out, at_least)
        # Two grams make a tile of six words, so common grams are at least a third of the words they cover.
        if found.marks * 3 < at_least:
            return NOTHING
        covered, covered_there = _covered(found.tiles), _covered(found.tiles_there)
        if max(covered, covered_there) < at_least or not enough(covered, covered_there):
            return NOTHING
        return Tiling(covered, covered_there, tuple(_runs(self.cut, other, found)))

    def overlap(self, other: Cut, left_out: AbstractSet[int] = frozenset(), at_least: int = 0) -> Overlap:
        """The tiles of both texts; none where so few grams are in common that fewer words than asked for are."""
        there = other.grams.tolist()
        marks = list(compress(count(), map(self._places.last.__contains__, there)))
        if left_out:
            marks = [at for at in marks if there[at] not in left_out]
        if len(marks) * 3 < at_least:
            return Overlap(len(marks), (), ())
        here = self._places.every({there[at] for at in marks})
        return Overlap(len(marks), _tiles(here), _tiles(marks))


class _Places:
    """Where the grams of a text stand in some of its stretches."""

    def __init__(self, grams: array[int], stretches: Iterable[range]) -> None:
        self.last: dict[int, int] = {}
        size = 0
        for each in stretches:
            size += len(each)
            self.last.update(zip(grams[each.start : each.stop], each, strict=True))
        self._several: dict[int, list[int]] = {}
        if len(self.last) < size:
            self._find_several(grams, stretches)

    def _find_several(self, grams: array[int], stretches: Iterable[range]) -> None:
        places: dict[int, list[int]] = defaultdict(list)
        for at in chain.from_iterable(stretches):
            places[grams[at]].append(at)
        self._several = {gram: found for gram, found in places.items() if len(found) > 1}

    def of(self, gram: int) -> Sequence[int]:
        """Where a gram stands, from left to right."""
        found = self._several.get(gram)
        if found is None:
            return (self.last[gram],) if gram in self.last else ()
        return found

    def every(self, grams: AbstractSet[int]) -> list[int]:
        """Where these grams stand, from left to right; they must be there."""
        places = [self.last[gram] for gram in grams]
        for gram in grams & self._several.keys():
            places += self._several[gram][:-1]
        return sorted(places)


def _runs(one: Cut, other: Cut, overlap: Overlap) -> Iterator[Run]:
    """The longest run from each place that no earlier run covers, read from left to right."""
    places = _Places(other.grams, overlap.tiles_there)
    end = 0
    for tiles in overlap.tiles:
        start = tiles.start
        while (start := max(start, end - TILE + 1)) < tiles.stop:
            begin = max(start, end)
            best = None
            for to in places.of(one.grams[start])[:_PLACES]:
                length = _length(one.words, other.words, begin, to + begin - start)
                if best is None or length > best.length:
                    best = Run(begin, to + begin - start, length)
            if best and best.length + begin - start >= TILE:
                yield best
                end = begin + best.length
            start += 1


def tiling(one: Cut, other: Cut, left_out: Sequence[AbstractSet[int]] = (), at_least: int = TILE) -> Tiling:
    """What two texts have in common, as `Sheet.tiling` says it."""
    return Sheet(one).tiling(other, frozenset().union(*left_out), at_least)


def _tiles(marks: Sequence[int]) -> list[range]:
    """Where tiles begin whose two grams are both common: six words, since a gram is five."""
    if not marks:
        return []
    breaks = [number for number, (at, following) in enumerate(pairwise(marks), 1) if following != at + 1]
    stretches = pairwise((0, *breaks, len(marks)))
    return [range(marks[first], marks[after - 1]) for first, after in stretches if after > first + 1]


def _covered(tiles: Iterable[range]) -> int:
    """How many words lie in tiles that begin at these places."""
    total = reach = 0
    for starts in tiles:
        end = starts[-1] + TILE
        total += end - max(reach, starts[0])
        reach = end
    return total


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
    starts, ends = word_places(text)
    return [Span(starts[at], ends[at + length - 1]) for at, length in stretches]
