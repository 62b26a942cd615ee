"""Tiling: which words two texts have in common, compared word by word, with their places in both."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import chain, compress, count, pairwise
from operator import attrgetter
from typing import TYPE_CHECKING

from archive.model import Span
from archive.text.words import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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


class Sheet:
    """A text laid out so that what others have in common with it is soon found."""

    def __init__(self, cut: Cut) -> None:
        self.cut = cut
        grams = self._grams = cut.grams.tolist()
        self._last = dict(zip(grams, range(len(grams)), strict=True))
        self._before: dict[int, list[int]] = defaultdict(list)
        if len(self._last) < len(grams):
            for at, gram in enumerate(grams):
                if self._last[gram] != at:
                    self._before[gram].append(at)

    def tiling(
        self,
        other: Cut,
        left_out: Sequence[AbstractSet[int]] = (),
        at_least: int = TILE,
        enough: Callable[[int, int], bool] = lambda _here, _there: True,
    ) -> Tiling:
        """Every stretch of six or more words that both texts have, without the grams that are `left_out`.

        Words are compared by their stable hashes. The two counts differ where a stretch is repeated in one
        text. Where fewer than `at_least` words can be in common, or the two counts are not `enough`, the answer
        is `NOTHING`, at once.
        """
        there = other.grams.tolist()
        marks_there = list(compress(count(), map(self._last.__contains__, there)))
        if left_out:
            absent = set().union(*left_out)
            marks_there = [at for at in marks_there if there[at] not in absent]
        # Two grams make a tile of six words, so common grams are at least a third of the words they cover.
        if len(marks_there) * 3 < at_least:
            return NOTHING
        tiles = _tiles(self._places({there[at] for at in marks_there}))
        tiles_there = _tiles(marks_there)
        covered, covered_there = _covered(tiles), _covered(tiles_there)
        if max(covered, covered_there) < at_least or not enough(covered, covered_there):
            return NOTHING
        places: dict[int, list[int]] = defaultdict(list)
        for at in chain.from_iterable(tiles_there):
            places[there[at]].append(at)
        return Tiling(covered, covered_there, tuple(self._runs(other, tiles, places)))

    def _places(self, common: AbstractSet[int]) -> list[int]:
        """Where these grams stand."""
        places = [self._last[gram] for gram in common]
        for gram in common & self._before.keys():
            places += self._before[gram]
        return sorted(places)

    def _runs(self, other: Cut, tiles: Iterable[range], places: Mapping[int, Sequence[int]]) -> Iterator[Run]:
        """The longest run from each place that no earlier run covers, read from left to right."""
        end = 0
        for start in chain.from_iterable(tiles):
            if start + TILE <= end:
                continue
            begin = max(start, end)
            runs = [
                Run(
                    begin, to + begin - start, _length(self.cut.words, other.words, begin, to + begin - start)
                )
                for to in places.get(self._grams[start], ())[:_PLACES]
            ]
            best = max(runs, key=_run_length, default=None) if len(runs) != 1 else runs[0]
            if best and best.length + begin - start >= TILE:
                yield best
                end = begin + best.length


_run_length = attrgetter("length")


def tiling(one: Cut, other: Cut, left_out: Sequence[AbstractSet[int]] = (), at_least: int = TILE) -> Tiling:
    """What two texts have in common, as `Sheet.tiling` says it."""
    return Sheet(one).tiling(other, left_out, at_least)


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
    found = words(text)
    return [Span(found[at].span.start, found[at + length - 1].span.end) for at, length in stretches]
