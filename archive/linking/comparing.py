"""Comparing pairs of versions word by word: texts are fetched together, cut once, and kept for a while."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from itertools import repeat
from typing import TYPE_CHECKING

from archive.catalog.chunks import batched
from archive.lineage.furniture import furnished
from archive.lineage.shared import Copy, shared_by
from archive.text.tiling import Sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from archive.lineage.furniture import Furniture
    from archive.lineage.shared import SharedText
    from archive.text.tiling import Overlap

COPIES_KEPT = 5_000
"""Texts kept cut; each takes about 13 kB, and every worker keeps so many."""
FURNITURE_KEPT = 10_000
"""Fingerprints whose surroundings are remembered as furniture; each takes about 3 kB."""
VERSIONS_A_ROUND = 100
"""Later versions whose pairs are compared with all texts they need at hand."""
MANY = 500
"""With fewer versions to link than this, arrays (numpy) cost more than they bring."""

Shown = tuple[int, tuple[int, int, int]]
"""A fingerprint that is furniture, and three versions that show it."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A version to be compared with earlier ones, and which of its fingerprints are whose furniture."""

    later: int
    earlier: tuple[int, ...]
    furniture: Mapping[int, Furniture]


class Desk:
    """Where texts lie side by side; `texts` fetches those at the given positions of the ledger.

    Where there are `MANY` it works on arrays, which takes half the time and finds the same. It keeps so many
    copies: those of a batch whose comparing it takes part in, and some more.
    """

    def __init__(
        self,
        texts: Callable[[Iterable[int]], Mapping[int, str]],
        *,
        many: bool = False,
        kept: int = COPIES_KEPT,
    ) -> None:
        self._texts, self.many, self._kept = texts, many, kept
        self._copies: OrderedDict[int, Copy] = OrderedDict()
        self._furnished: dict[Shown, frozenset[int]] = {}

    def put(self, texts: Mapping[int, str]) -> dict[int, Copy]:
        """Lay out texts that are at hand; what has lain here longest makes room for them."""
        self._make_room(len(texts))
        if self.many:
            from archive.text.cuts import cut_all

            cuts = cut_all(texts.values())
            laid = {at: Copy(at, text, cut) for (at, text), cut in zip(texts.items(), cuts, strict=True)}
        else:
            laid = {at: Copy(at, text) for at, text in texts.items()}
        self._copies |= laid
        return laid

    def copies(self, versions: Iterable[int]) -> dict[int, Copy]:
        """The texts of these versions, cut; those not at hand are fetched together."""
        wanted = set(versions)
        found = {version: self._copies[version] for version in wanted if version in self._copies}
        for version in found:
            self._copies.move_to_end(version)
        absent = wanted - found.keys()
        return found | self.put(self._texts(absent)) if absent else found

    def compare(self, work: Sequence[Comparison]) -> Iterator[SharedText]:
        """What the pairs share; pairs that share too little to be linked are left out."""
        for some in batched(work, VERSIONS_A_ROUND):
            needed = {each.later for each in some}.union(*(each.earlier for each in some))
            copies = self.copies(needed)
            furniture = {
                (each.later, number): common
                for each in some
                for number in each.earlier
                if (common := self._in_common(each.furniture, copies[number]))
            }
            if len(self._furnished) > FURNITURE_KEPT:
                self._furnished.clear()
            self._learn(set().union(*furniture.values()))
            for each in some:
                earlier = [copies[number] for number in each.earlier]
                left_out = [self._left_out(furniture.get((each.later, at), ())) for at in each.earlier]
                yield from self._shared(copies[each.later], earlier, left_out)

    def _shared(
        self, later: Copy, earlier: Sequence[Copy], left_out: Sequence[AbstractSet[int]]
    ) -> Iterator[SharedText]:
        sheet = Sheet(later.cut)
        found: Iterable[Overlap | None] = repeat(None, len(earlier))
        if self.many:
            from archive.text.overlaps import overlaps

            found = overlaps(later.cut, [copy.cut for copy in earlier], left_out)
        for copy, absent, overlap in zip(earlier, left_out, found, strict=True):
            if shared := shared_by(later, copy, absent, sheet, overlap):
                yield shared

    def _left_out(self, marks: Sequence[Shown]) -> AbstractSet[int]:
        return frozenset().union(*(self._furnished[mark] for mark in marks)) if marks else frozenset()

    def _in_common(self, furniture: Mapping[int, Furniture], earlier: Copy) -> list[Shown]:
        """The furniture of one version that is among the fingerprints of the other."""
        # Without arrays, finding its fingerprints costs more than seeing that most texts cannot have any of these.
        if not furniture or (not self.many and furniture.keys().isdisjoint(earlier.cut.grams)):
            return []
        return [(mark, furniture[mark].first) for mark in furniture.keys() & earlier.marks]

    def _learn(self, marks: set[Shown]) -> None:
        """Find what surrounds fingerprints that are furniture."""
        unknown = marks - self._furnished.keys()
        shown = self.copies({version for _, first in unknown for version in first})
        for mark, first in unknown:
            cuts = [shown[version].cut for version in first]
            self._furnished[mark, first] = furnished(mark, cuts[0], cuts[1:])

    def _make_room(self, wanted: int) -> None:
        while self._copies and len(self._copies) + wanted > self._kept:
            self._copies.popitem(last=False)
