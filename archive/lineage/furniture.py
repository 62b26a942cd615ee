"""Furniture: what an outlet prints under every story of its own, told from what was copied.

A fingerprint that three texts or more hold, four fifths of them from one outlet, is that outlet's furniture.
The words around it are furniture as far as the first three of the outlet's texts agree.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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


def furniture(holders: Sequence[Holder]) -> Furniture | None:
    """Whose furniture a fingerprint is, by its holders in the order of the ledger; None: nobody's.

    What counts is texts: versions of one item count once, and so do versions with the same text.
    """
    texts = _texts(holders)
    if len(texts) < ENOUGH_TEXTS:
        return None
    by_outlet: dict[int, list[Holder]] = defaultdict(list)
    for holder in texts:
        if holder.outlet is not None:
            by_outlet[holder.outlet].append(holder)
    outlet, most = max(by_outlet.items(), key=lambda one: len(one[1]), default=(0, []))
    if len(most) < ENOUGH_TEXTS or len(most) < SHARE * len(texts):
        return None
    return Furniture(outlet, (most[0].version, most[1].version, most[2].version))


def _texts(holders: Iterable[Holder]) -> list[Holder]:
    """The holders without those whose item or text an earlier one stands for."""
    items: set[int] = set()
    twins: set[int] = set()
    found = []
    for holder in holders:
        if holder.item not in items and holder.twin not in twins:
            found.append(holder)
        items.add(holder.item)
        twins.add(holder.twin)
    return found


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
