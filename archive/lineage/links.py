"""Links: which versions share text, found by fingerprint, confirmed word by word, site furniture left out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

from archive.text.tiling import Tiling, tiling

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from archive.text.fingerprints import Cut
    from archive.text.tiling import Run

SAME_SHARE = 0.7
CONTAINED_SHARE = 0.5
PASSAGE_WORDS = 40
QUOTE_WORDS = 10
ENOUGH = 2
"""Two versions that share so many fingerprints are compared word by word."""
RARE = 10
"""A fingerprint that no more versions than this hold counts for two."""
MOST_HOLDERS = 400
"""A shelf names no more holders of a fingerprint than this."""
FURNITURE_HOLDERS = 3
FURNITURE_SHARE = 0.8
"""A gram held three times or more, four fifths of them by one outlet, is that outlet's furniture."""
_SAMPLE = 4


class LinkLabel(StrEnum):
    """What two versions have in common, the strongest that holds."""

    SAME_TEXT = "same text"
    CONTAINED = "contained"
    SHARES_PASSAGE = "shares passage"
    SHARES_QUOTE = "shares quote"


@dataclass(frozen=True, slots=True)
class Link:
    """Two versions that share text: how many words of each, out of how many, and the stretches in both."""

    one: str
    other: str
    label: LinkLabel
    covered: int
    covered_there: int
    words: int
    words_there: int
    runs: tuple[Run, ...]


class Shelf(Protocol):
    """What linking must be told about the versions held."""

    def holders(self, hashes: Iterable[int]) -> Mapping[int, Sequence[str]]:
        """For each fingerprint the versions that have it, at most `MOST_HOLDERS` + 1 of them."""
        ...

    def outlet(self, version: str) -> str | None:
        """The outlet of a version."""
        ...

    def cut(self, version: str) -> Cut:
        """The canonical text of a version, cut for comparing."""
        ...

    def quoted(self, version: str) -> Sequence[tuple[int, int]]:
        """The stretches of a version inside quotation marks: number of the first word, and how many."""
        ...


def links(version: str, shelf: Shelf) -> list[Link]:
    """Every link of a version to the others on the shelf, strongest first."""
    reader = Linker(shelf)
    return reader.of(version)


class Linker:
    """Links one version after another; remembers each outlet's furniture as it meets it."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._furniture: dict[str, set[int]] = defaultdict(set)

    def of(self, version: str, wanted: Callable[[str], bool] = lambda _: True) -> list[Link]:
        """The links of a version to those others that are wanted."""
        cut = self._shelf.cut(version)
        votes = self._votes(version, cut)
        chosen = [other for other, shared in votes.items() if shared >= ENOUGH and wanted(other)]
        found = (self._link(version, cut, other) for other in chosen)
        return sorted((link for link in found if link), key=lambda link: (-link.covered, link.other))

    def _votes(self, version: str, cut: Cut) -> Counter[str]:
        """How much each other version has in common with this one by fingerprints; furniture has no vote.

        What stands around a gram that several outlets have is a story, however often one of them ran it.
        """
        outlet = self._shelf.outlet
        votes: Counter[str] = Counter()
        furnished: Counter[str] = Counter()
        story: set[int] = set()
        for hashed, holders in self._shelf.holders(cut.marks()).items():
            several = len(holders) >= FURNITURE_HOLDERS
            owner = furniture_of([outlet(holder) for holder in holders]) if several else None
            if owner is None:
                if several:
                    story.add(hashed)
                weight = ENOUGH if len(holders) <= RARE else 1
                for holder in holders:
                    votes[holder] += weight
            elif hashed not in self._furniture[owner]:
                self._furniture[owner].add(hashed)
                furnished.update(holder for holder in holders[-_SAMPLE:] if outlet(holder) == owner)
        if furnished:
            self._learn(version, set(cut.grams) - _around(cut, story), furnished)
        del votes[version]
        return votes

    def _learn(self, version: str, mine: set[int], furnished: Counter[str]) -> None:
        """Add to an outlet's furniture those of the grams that two others of the outlet have as well."""
        furnished.pop(version, None)
        by_outlet: dict[str | None, Counter[int]] = defaultdict(Counter)
        for other, _ in furnished.most_common(_SAMPLE):
            by_outlet[self._shelf.outlet(other)].update(mine.intersection(self._shelf.cut(other).grams))
        own = self._shelf.outlet(version)
        for outlet, counts in by_outlet.items():
            needed = FURNITURE_HOLDERS - (outlet == own)
            self._furniture[outlet or ""].update(gram for gram, count in counts.items() if count >= needed)

    def _link(self, version: str, cut: Cut, other: str) -> Link | None:
        there = self._shelf.cut(other)
        shared = tiling(cut, there, self._left_out(version, other), QUOTE_WORDS)
        sizes = len(cut.words), len(there.words)
        quoted = (partial(self._shelf.quoted, version), partial(self._shelf.quoted, other))
        label = label_of(shared, sizes, quoted)
        if label is None:
            return None
        return Link(version, other, label, shared.covered, shared.covered_there, *sizes, shared.runs)

    def _left_out(self, version: str, other: str) -> list[set[int]]:
        outlets = {self._shelf.outlet(one) or "" for one in (version, other)}
        return [self._furniture[outlet] for outlet in outlets if outlet in self._furniture]


Quoted = Callable[[], "Sequence[tuple[int, int]]"]
"""Gives the stretches of a text inside quotation marks: number of the first word, and how many."""


def label_of(shared: Tiling, sizes: tuple[int, int], quoted: tuple[Quoted, Quoted]) -> LinkLabel | None:
    """What two texts of so many words have in common by what was found in both; None: not enough to count."""
    if not shared.runs:
        return None
    share, share_there = shared.covered / sizes[0], shared.covered_there / sizes[1]
    if min(share, share_there) >= SAME_SHARE:
        return LinkLabel.SAME_TEXT
    if max(share, share_there) >= CONTAINED_SHARE:
        return LinkLabel.CONTAINED
    if max(run.length for run in shared.runs) >= QUOTE_WORDS and _all_quoted(shared, quoted):
        return LinkLabel.SHARES_QUOTE
    if min(shared.covered, shared.covered_there) >= PASSAGE_WORDS:
        return LinkLabel.SHARES_PASSAGE
    return None


def may_be_linked(covered: tuple[int, int], sizes: tuple[int, int]) -> bool:
    """Whether so many words of each are enough for a link, quoted or not."""
    return min(covered) >= PASSAGE_WORDS or any(
        count >= CONTAINED_SHARE * size for count, size in zip(covered, sizes, strict=True)
    )


def _all_quoted(shared: Tiling, quoted: tuple[Quoted, Quoted]) -> bool:
    here = [(run.at, run.length) for run in shared.runs]
    there = [(run.there, run.length) for run in shared.runs]
    return _inside(here, quoted[0]()) and _inside(there, quoted[1]())


def furniture_of(outlets: Sequence[str | None]) -> str | None:
    """The outlet whose furniture a gram is, by the outlets of the versions that hold it; None: nobody's."""
    named = Counter(outlet for outlet in outlets if outlet is not None)
    if len(outlets) < FURNITURE_HOLDERS or not named:
        return None
    outlet, count = named.most_common(1)[0]
    return outlet if count >= FURNITURE_HOLDERS and count >= FURNITURE_SHARE * len(outlets) else None


def _around(cut: Cut, marks: set[int]) -> set[int]:
    """The grams that lie nearest to one of these fingerprints."""
    found: set[int] = set()
    places = [position for _, position in cut.fingerprints]
    bounds = [0, *((one + other) // 2 + 1 for one, other in pairwise(places)), len(cut.grams)]
    for number, (hashed, _) in enumerate(cut.fingerprints):
        if hashed in marks:
            found.update(cut.grams[bounds[number] : bounds[number + 1]])
    return found


def _inside(stretches: Sequence[tuple[int, int]], quoted: Sequence[tuple[int, int]]) -> bool:
    """Whether nine tenths of the words of the stretches stand inside quotation marks; quotations do not overlap."""
    inside = sum(
        max(0, min(at + length, start + size) - max(at, start))
        for at, length in stretches
        for start, size in quoted
    )
    return inside >= 0.9 * sum(length for _, length in stretches)
