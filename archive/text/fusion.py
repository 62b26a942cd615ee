"""Fusion: one order made of several, by ranks alone, since scores of different makers cannot be added."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CONSTANT = 60
"""What is added to each rank, so that the first places of one order do not outweigh all others."""


def fused(orders: Iterable[Sequence[str]]) -> list[tuple[str, float]]:
    """Each name with its score, best first: the sum of 1 / (60 + rank) over the orders that have it, ranks from 1.

    Reciprocal rank fusion: Cormack, Clarke and Buettcher, SIGIR 2009. Ties keep the order of the names.
    """
    scores: dict[str, float] = defaultdict(float)
    for order in orders:
        for rank, name in enumerate(order, 1):
            scores[name] += 1 / (CONSTANT + rank)
    return sorted(scores.items(), key=lambda each: (-each[1], each[0]))
