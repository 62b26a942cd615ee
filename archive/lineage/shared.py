"""Two texts compared word by word: what they share, and where in both."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archive.lineage.links import QUOTE_WORDS, LinkLabel, label_of
from archive.lineage.shelf import quoted_words
from archive.model import Method
from archive.text.fingerprints import Cut
from archive.text.tiling import tiling
from archive.text.words import WORD

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

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


@dataclass(slots=True)
class Copy:
    """A version's text, made ready to be compared many times."""

    version: int
    text: str
    cut: Cut
    grams: frozenset[int]
    marks: frozenset[int]
    _quoted: list[tuple[int, int]] | None = None
    _bounds: tuple[array[int], array[int]] = field(default=(array("l"), array("l")))

    @classmethod
    def of(cls, version: int, text: str) -> Copy:
        """Cut a text."""
        cut = Cut.of(text)
        return cls(version, text, cut, frozenset(cut.grams), frozenset(cut.marks()))

    def quoted(self) -> list[tuple[int, int]]:
        """The stretches inside quotation marks: number of the first word, and how many."""
        if self._quoted is None:
            self._quoted = quoted_words(self.text)
        return self._quoted

    def characters(self, at: int, length: int) -> tuple[int, int]:
        """From a stretch in words to one in characters."""
        if not self._bounds[0]:
            places = [match.span() for match in WORD.finditer(self.text)]
            self._bounds = array("l", [start for start, _ in places]), array("l", [end for _, end in places])
        starts, ends = self._bounds
        return starts[at], ends[at + length - 1]


def shared_by(later: Copy, earlier: Copy, left_out: Sequence[AbstractSet[int]]) -> SharedText | None:
    """What two versions share without the grams that are left out; None where it is not enough to be a link."""
    sizes = len(later.cut.words), len(earlier.cut.words)
    if later.text == earlier.text:
        whole = ((0, len(later.text), 0, len(earlier.text)),) if later.text else ()
        names = later.version, earlier.version
        return SharedText(*names, LinkLabel.SAME_TEXT, *sizes, *sizes, whole, ALIKE)
    found = tiling(later.cut, earlier.cut, left_out, QUOTE_WORDS, later.grams)
    label = label_of(found, sizes, (later.quoted, earlier.quoted))
    if label is None:
        return None
    spans = tuple(
        (*later.characters(run.at, run.length), *earlier.characters(run.there, run.length))
        for run in found.runs
    )
    return SharedText(
        later.version, earlier.version, label, found.covered, found.covered_there, *sizes, spans
    )
