"""Candidates: which versions are worth comparing word by word, told from who holds which fingerprint.

Versions are met one after another in the order of the ledger, so that the answer does not depend on how many
are met at a time: what an ingest finds file by file a rebuild finds in one go.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

from archive.lineage.furniture import ENOUGH_TEXTS, Holder, Texts, furniture

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from archive.lineage.furniture import Furniture

Pair = tuple[int, int]
"""Two versions by their positions in the ledger, the later first."""
FreshRow = tuple[int, int, int]
"""A fingerprint, a version that has it, and the number of its first word there."""

ENOUGH = 2
"""Two versions that share so many fingerprints are compared word by word: 36 words in a row always do."""
RARE = 10
"""One shared fingerprint is enough between two outlets where no more versions than this hold it."""
NEAR = 2_500
"""That holds for versions no further apart in the ledger than this: what is reprinted is reprinted soon."""
LONE = 2
"""So many are compared with a version for one fingerprint: those with the fewest holders, then the latest."""
MOST_HOLDERS = 40
"""A fingerprint that more versions hold than this finds nothing any more."""


@dataclass(slots=True)
class Postings:
    """Who holds the fingerprints that a batch of versions has, and what meeting the batch changes.

    `holders` and `common` are what is known before: holders in the order of the ledger, and for fingerprints
    that more than `MOST_HOLDERS` hold whose furniture they are. Afterwards `rows()` are the new ones, `grown` the
    fingerprints that became common, `pairs` those to compare, and `doubtful` sets of versions whose links among
    one another were made when a fingerprint was not yet furniture.
    """

    holders: dict[int, list[Holder]]
    common: dict[int, Furniture | None]
    fresh: dict[Pair, int] = field(default_factory=dict)
    grown: set[int] = field(default_factory=set)
    pairs: set[Pair] = field(default_factory=set)
    doubtful: list[list[int]] = field(default_factory=list)
    _furniture: dict[int, Furniture | None] = field(default_factory=dict)
    _texts: dict[int, Texts] = field(default_factory=dict)

    def furniture(self, mark: int) -> Furniture | None:
        """Whose furniture a fingerprint is by now."""
        held = self.holders.get(mark)
        if held is None:
            return self.common.get(mark)
        if len(held) < ENOUGH_TEXTS:
            return None
        if mark not in self._furniture:
            self._furniture[mark] = furniture(held)
        return self._furniture[mark]

    def several(self) -> set[int]:
        """The fingerprints that have holders enough to be furniture."""
        return {mark for mark, held in self.holders.items() if len(held) >= ENOUGH_TEXTS} | self.common.keys()

    def meet(self, version: Holder, marks: Mapping[int, int]) -> None:
        """Take in a version with those of its fingerprints that others have or will, each with its position.

        Versions come in the order of the ledger.
        """
        votes: Counter[int] = Counter()
        rare: dict[int, int] = {}
        for mark, position in marks.items():
            if mark in self.common:
                continue
            held = self.holders.setdefault(mark, [])
            if len(held) == MOST_HOLDERS:
                self._become_common(mark, held)
                continue
            self._share(version, mark, held, votes)
            self.fresh[mark, version.version] = position
            if len(held) <= RARE:
                _note(rare, version, held)
        self.pairs.update((version.version, other) for other, count in votes.items() if count >= ENOUGH)
        lone = sorted((count, -other) for other, count in rare.items() if votes[other] == 1)
        self.pairs.update((version.version, -other) for _, other in lone[:LONE])

    def rows(self) -> list[FreshRow]:
        """The fingerprints to be written."""
        return [(mark, version, at) for (mark, version), at in self.fresh.items()]

    def _share(self, version: Holder, mark: int, held: list[Holder], votes: Counter[int]) -> None:
        """One more holder of a fingerprint that others hold: they get its vote, unless it is furniture."""
        held.append(version)
        before = after = None
        if len(held) >= ENOUGH_TEXTS:
            if mark not in self._texts:
                self._texts[mark] = Texts(held[:-1])
                self._furniture[mark] = self._texts[mark].furniture()
            self._texts[mark].add(version)
            before, after = self._furniture[mark], self._texts[mark].furniture()
            self._furniture[mark] = after
        if before != after:
            self._turned(held[:-1], became=before is None)
        if after is None:
            votes.update([other.version for other in held[:-1]])

    def _become_common(self, mark: int, held: Sequence[Holder]) -> None:
        """The fingerprint has all the holders it may have: what it is now it stays."""
        self.common[mark] = self.furniture(mark)
        self.grown.add(mark)
        for holder in held:
            self.fresh.pop((mark, holder.version), None)
        del self.holders[mark]

    def _turned(self, held: Iterable[Holder], *, became: bool) -> None:
        """A fingerprint became furniture, or is no longer that outlet's: its holders are looked at again."""
        versions = [holder.version for holder in held]
        if became:
            self.doubtful.append(versions)
        else:
            self.pairs.update((later, earlier) for earlier, later in combinations(versions, 2))


def _note(rare: dict[int, int], version: Holder, held: Sequence[Holder]) -> None:
    """Of the holders of a rare fingerprint those near the version and of another outlet, with the fewest holders."""
    for other in held[:-1]:
        near = version.version - other.version <= NEAR
        if near and (version.outlet is None or version.outlet != other.outlet):
            rare[other.version] = min(rare.get(other.version, RARE), len(held))
