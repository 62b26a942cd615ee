"""Furniture: what an outlet prints under every story of its own, told from what was copied.

A fingerprint that three texts or more hold, four fifths of them from one outlet, is that outlet's furniture.
The words around it are furniture as far as the first three of the outlet's texts agree.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archive.text.fingerprints import Cut

ENOUGH_TEXTS = 3
SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Holder:
    """A version that holds a fingerprint, by its position in the ledger.

    `item` and `twin` are the positions of the first version of the same item and of the same text; `outlet` is
    a number that stands for the outlet, None where nobody names one.
    """

    version: int
    item: int
    twin: int
    outlet: int | None


@dataclass(frozen=True, slots=True)
class Furniture:
    """Whose furniture a fingerprint is, and the first three versions of that outlet that hold it."""

    outlet: int
    first: tuple[int, int, int]


class Texts:
    """The texts that hold a fingerprint, counted as its holders are met in the order of the ledger.

    Versions of one item count once, and so do versions with the same text.
    """

    def __init__(self, holders: Iterable[Holder]) -> None:
        self._items: set[int] = set()
        self._twins: set[int] = set()
        self._count = 0
        self._by_outlet: dict[int, list[int]] = defaultdict(list)
        for holder in holders:
            self.add(holder)

    def add(self, holder: Holder) -> None:
        """One more holder."""
        if holder.item not in self._items and holder.twin not in self._twins:
            self._count += 1
            if holder.outlet is not None:
                self._by_outlet[holder.outlet].append(holder.version)
        self._items.add(holder.item)
        self._twins.add(holder.twin)

    def furniture(self) -> Furniture | None:
        """Whose furniture the fingerprint is; None: nobody's."""
        if self._count < ENOUGH_TEXTS or not self._by_outlet:
            return None
        # Of two outlets only the one with most can have four fifths.
        outlet, most = max(self._by_outlet.items(), key=_held)
        if len(most) < ENOUGH_TEXTS or len(most) < SHARE * self._count:
            return None
        return Furniture(outlet, (most[0], most[1], most[2]))


def _held(one: tuple[int, list[int]]) -> int:
    return len(one[1])


def furniture(holders: Iterable[Holder]) -> Furniture | None:
    """Whose furniture a fingerprint is, by its holders in the order of the ledger; None: nobody's."""
    return Texts(holders).furniture()


def furnished(mark: int, first: Cut, others: Iterable[Cut]) -> frozenset[int]:
    """The grams around a fingerprint, in the first text, that the others have as well.

    It reaches to the fingerprints before and after, which are furniture or not by their own holders.
    """
    at = next(number for number, (hashed, _) in enumerate(first.fingerprints) if hashed == mark)
    places = [position for _, position in first.fingerprints]
    start = places[at - 1] + 1 if at else 0
    end = places[at + 1] if at + 1 < len(places) else len(first.grams)
    around = set(first.grams[start:end])
    for other in others:
        around.intersection_update(other.grams)
    return frozenset(around)
