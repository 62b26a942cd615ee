"""Comparing pairs of versions word by word: texts are fetched together, cut once, and kept for a while."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.catalog.chunks import batched
from archive.lineage.furniture import furnished
from archive.lineage.shared import Copy, shared_by
from archive.text.tiling import Sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from archive.lineage.furniture import Furniture
    from archive.lineage.shared import SharedText

COPIES_KEPT = 3_000
"""Texts kept cut; each takes about 20 kB, and every worker keeps so many."""
FURNITURE_KEPT = 10_000
"""Fingerprints whose surroundings are remembered as furniture; each takes about 3 kB."""
VERSIONS_A_ROUND = 100
"""Later versions whose pairs are compared with all texts they need at hand."""


Shown = tuple[int, tuple[int, int, int]]
"""A fingerprint that is furniture, and three versions that show it."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A version to be compared with earlier ones, and which of its fingerprints are whose furniture."""

    later: int
    earlier: tuple[int, ...]
    furniture: Mapping[int, Furniture]


class Desk:
    """Where texts lie side by side; `texts` fetches those at the given positions of the ledger."""

    def __init__(self, texts: Callable[[Iterable[int]], Mapping[int, str]]) -> None:
        self._texts = texts
        self._copies: OrderedDict[int, Copy] = OrderedDict()
        self._furnished: dict[Shown, frozenset[int]] = {}

    def put(self, version: int, text: str) -> Copy:
        """Lay out a text that is at hand."""
        copy = self._copies[version] = Copy(version, text)
        return copy

    def copies(self, versions: Iterable[int]) -> dict[int, Copy]:
        """The texts of these versions, cut; those not at hand are fetched together."""
        wanted = set(versions)
        absent = [version for version in wanted if version not in self._copies]
        if absent:
            for version, text in self._texts(absent).items():
                self.put(version, text)
        found = {version: self._copies[version] for version in wanted}
        for version in wanted:
            self._copies.move_to_end(version)
        return found

    def compare(self, work: Sequence[Comparison]) -> Iterator[SharedText]:
        """What the pairs share; pairs that share too little to be linked are left out."""
        for some in batched(work, VERSIONS_A_ROUND):
            needed = {each.later for each in some}.union(*(each.earlier for each in some))
            copies = self.copies(needed)
            furniture = {
                (each.later, number): common
                for each in some
                for number in each.earlier
                if (common := _in_common(each.furniture, copies[number]))
            }
            self._learn(set().union(*furniture.values()))
            for each in some:
                later = copies[each.later]
                sheet = Sheet(later.cut)
                for number in each.earlier:
                    left_out = [self._furnished[mark] for mark in furniture.get((each.later, number), ())]
                    shared = shared_by(later, copies[number], left_out, sheet)
                    if shared:
                        yield shared
            self._tidy()

    def _learn(self, marks: set[Shown]) -> None:
        """Find what surrounds fingerprints that are furniture."""
        unknown = marks - self._furnished.keys()
        shown = self.copies({version for _, first in unknown for version in first})
        for mark, first in unknown:
            cuts = [shown[version].cut for version in first]
            self._furnished[mark, first] = furnished(mark, cuts[0], cuts[1:])

    def _tidy(self) -> None:
        while len(self._copies) > COPIES_KEPT:
            self._copies.popitem(last=False)
        if len(self._furnished) > FURNITURE_KEPT:
            self._furnished.clear()


def _in_common(furniture: Mapping[int, Furniture], earlier: Copy) -> list[Shown]:
    """The furniture of one version that is among the fingerprints of the other."""
    # Most texts have none, and finding their fingerprints costs more than seeing that they cannot.
    if furniture.keys().isdisjoint(earlier.cut.grams):
        return []
    return [(mark, furniture[mark].first) for mark in furniture.keys() & earlier.marks]
