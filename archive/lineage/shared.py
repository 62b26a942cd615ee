"""Two texts compared word by word: what they share, and where in both."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, islice
from typing import TYPE_CHECKING

from archive.lineage.links import QUOTE_WORDS, LinkLabel, label_of, may_be_linked
from archive.lineage.shelf import quoted_words
from archive.model import Method
from archive.text.fingerprints import LANE, Cut, laid_out
from archive.text.tiling import Sheet
from archive.text.words import WORD

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from archive.text.fingerprints import Chunks
    from archive.text.tiling import Overlap

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

    def __init__(self, version: int, text: str, cut: tuple[Cut, Chunks] | None = None) -> None:
        self.version, self.text = version, text
        self._lengths: Chunks | None = None
        if cut:
            self.__dict__["cut"], self._lengths = cut

    @cached_property
    def cut(self) -> Cut:
        """Its words and grams."""
        lanes, self._lengths = laid_out(self.text)
        return Cut.of_lanes(lanes)

    @cached_property
    def marks(self) -> array[int]:
        """The hashes of its fingerprints, each once; an array, since many copies are kept."""
        return array("q", self.cut.marks())

    @cached_property
    def quoted(self) -> list[tuple[int, int]]:
        """The stretches inside quotation marks: number of the first word, and how many."""
        return quoted_words(self.text)

    @cached_property
    def _chunks(self) -> tuple[array[int], array[int]]:
        """The letters before each part that stands between white space, and the lanes before each."""
        letters, lanes = self._lengths or laid_out(self.text)[1]
        return array("i", accumulate(letters, initial=0)), array("i", accumulate(lanes, initial=0))

    def characters(self, at: int, length: int) -> tuple[int, int]:
        """From a stretch in words to one in characters."""
        return self._word(at)[0], self._word(at + length - 1)[1]

    def _word(self, number: int) -> tuple[int, int]:
        """Where a word stands. In a canonical text, which this is, one character of white space follows a chunk."""
        letters, lanes = self._chunks
        at = bisect_right(lanes, number * LANE) - 1
        start, end = letters[at] + at, letters[at + 1] + at
        chunk = self.text[start:end]
        if chunk.isalpha() and chunk.isascii():
            return start, end
        match = next(islice(WORD.finditer(chunk), number - lanes[at] // LANE, None))
        return start + match.start(), start + match.end()


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
    label = label_of(found, sizes, (lambda: later.quoted, lambda: earlier.quoted))
    if label is None:
        return None
    spans = tuple(
        (*later.characters(run.at, run.length), *earlier.characters(run.there, run.length))
        for run in found.runs
    )
    return SharedText(
        later.version, earlier.version, label, found.covered, found.covered_there, *sizes, spans
    )
