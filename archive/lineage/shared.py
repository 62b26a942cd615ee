"""Two texts compared word by word: what they share, and where in both."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from archive.lineage.links import QUOTE_WORDS, LinkLabel, label_of, may_be_linked
from archive.lineage.shelf import quoted_words
from archive.model import Method
from archive.text.fingerprints import Cut
from archive.text.tiling import TILE, Run, Sheet, Tiling
from archive.text.words import folded, word_places

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from archive.text.tiling import Overlap
    from archive.text.words import WordPlaces

TILED = Method("tiled-6-grams", "1")
"""Compared word by word."""
ALIKE = Method("same-digest", "1")
"""The same canonical text, or where there is none the same bytes: compared by digest."""

FourPlaces = tuple[int, int, int, int]
"""Start and end in one text, start and end in the other, in characters."""


@dataclass(frozen=True, slots=True)
class SharedText:
    """What two versions share, each named by its position in the ledger, the one recorded later first."""

    later: int
    earlier: int
    label: LinkLabel
    covered: int
    covered_there: int
    words: int
    words_there: int
    spans: tuple[FourPlaces, ...]
    method: Method = TILED

    def turned(self) -> SharedText:
        """The same told from the other side: `later` is then the version recorded earlier."""
        sizes = self.covered_there, self.covered, self.words_there, self.words
        spans = tuple((start, end, at, to) for at, to, start, end in self.spans)
        return SharedText(self.earlier, self.later, self.label, *sizes, spans, self.method)


class Copy:
    """A version's text, made ready to be compared many times; each part of that when it is first needed."""

    def __init__(self, version: int, text: str, cut: tuple[Cut, WordPlaces] | None = None) -> None:
        self.version, self.text = version, text
        if cut:
            self.__dict__["cut"], self.__dict__["_places"] = cut

    @cached_property
    def cut(self) -> Cut:
        """Its words and grams."""
        return Cut.of(self.text)

    @cached_property
    def marks(self) -> array[int]:
        """The hashes of its fingerprints, each once; an array, since many copies are kept."""
        return array("q", self.cut.marks())

    @cached_property
    def quoted(self) -> list[tuple[int, int]]:
        """The stretches inside quotation marks: number of the first word, and how many."""
        return quoted_words(self.text, self._places)

    @cached_property
    def _places(self) -> WordPlaces:
        return word_places(self.text)

    def characters(self, at: int, length: int) -> tuple[int, int]:
        """From a stretch in words to one in characters."""
        starts, ends = self._places
        return starts[at], ends[at + length - 1]


def shared_by(
    later: Copy,
    earlier: Copy,
    left_out: AbstractSet[int] = frozenset(),
    sheet: Sheet | None = None,
    overlap: Overlap | None = None,
) -> SharedText | None:
    """What two versions share without the grams that are left out; None where it is not enough to be a link.

    `sheet` is the later one laid out, where it is compared with several; `overlap` is what of their tiles was
    found already.
    """
    if later.text == earlier.text:
        size, length = len(later.cut.words), len(later.text)
        whole = ((0, length, 0, length),) if length else ()
        return SharedText(later.version, earlier.version, LinkLabel.SAME_TEXT, *(size,) * 4, whole, ALIKE)
    sizes = len(later.cut.words), len(earlier.cut.words)
    found = (sheet or Sheet(later.cut)).tiling(
        earlier.cut,
        left_out,
        QUOTE_WORDS,
        # Less than a passage can only be a quote: where nothing is quoted the runs need not be found.
        lambda here, there: may_be_linked((here, there), sizes) or bool(later.quoted),
        overlap,
    )
    quoted = (lambda: later.quoted, lambda: earlier.quoted)
    label = label_of(found, sizes, quoted)
    if label is None:
        return None
    spans = tuple(_places(run, later, earlier) for run in found.runs)
    if not all(_same_words(place, later.text, earlier.text) for place in spans):
        found = _of_runs(tuple(part for run in found.runs for part in _true(run, later, earlier)))
        spans = tuple(_places(run, later, earlier) for run in found.runs)
        label = label_of(found, sizes, quoted)
    if label is None:
        return None
    counts = found.covered, found.covered_there, *sizes
    return SharedText(later.version, earlier.version, label, *counts, spans)


def _places(run: Run, later: Copy, earlier: Copy) -> FourPlaces:
    return (*later.characters(run.at, run.length), *earlier.characters(run.there, run.length))


def _same_words(places: FourPlaces, text: str, other: str) -> bool:
    """Whether the words there are the same: that they have the same hashes is no proof."""
    start, end, start_there, end_there = places
    one, there = text[start:end], other[start_there:end_there]
    # Nearly all are the same to the letter, or but for where lines end.
    return one == there or one.split() == there.split() or folded(one) == folded(there)


def _true(run: Run, later: Copy, earlier: Copy) -> Iterator[Run]:
    """What of a run has the same words, where that is long enough to count."""
    start, end, start_there, end_there = _places(run, later, earlier)
    pairs = zip(folded(later.text[start:end]), folded(earlier.text[start_there:end_there]), strict=True)
    false = [at for at, (word, there) in enumerate(pairs) if word != there]
    return _between(run, false)


def _between(run: Run, false: Iterable[int]) -> Iterator[Run]:
    """The parts of a run between these words of it."""
    for before, after in pairwise((-1, *false, run.length)):
        first, length = before + 1, after - before - 1
        if length >= TILE:
            yield Run(run.at + first, run.there + first, length)


def _of_runs(runs: tuple[Run, ...]) -> Tiling:
    here = {at for run in runs for at in range(run.at, run.at + run.length)}
    there = {at for run in runs for at in range(run.there, run.there + run.length)}
    return Tiling(len(here), len(there), runs)
