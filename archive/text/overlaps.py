"""What one text has in common with several others, found on arrays (numpy) for all of them at once.

Only where there is much to link is this worth what importing numpy costs; nothing imports it before.
"""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

import numpy as np

from archive.text.tiling import TILE, Overlap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from archive.text.fingerprints import Cut

    Numbers = NDArray[np.int64]

_APART = TILE
"""Places between two texts that lie one behind the other, so that no stretch and no word reaches across."""
_TOGETHER = 300_000
"""Grams looked at together: a few long texts, or some hundreds of usual ones; each takes about 50 bytes."""
_SLOTS = 1 << 15
_FEW = 20
"""With more grams than this that share a slot with another, searching for each is slower than sorting."""


def overlaps(one: Cut, others: Sequence[Cut], left_out: Sequence[AbstractSet[int]]) -> Iterator[Overlap]:
    """The tiles of one text and of each other, as `Sheet.overlap` says it; a set is left out of each."""
    first = size = 0
    for number, other in enumerate(others):
        size += len(one.grams) + len(other.grams)
        if size >= _TOGETHER or number == len(others) - 1:
            yield from _overlaps(one, others[first : number + 1], left_out[first : number + 1])
            first, size = number + 1, 0


def _overlaps(one: Cut, others: Sequence[Cut], left_out: Sequence[AbstractSet[int]]) -> Iterator[Overlap]:
    starts = list(accumulate((len(other.grams) + _APART for other in others), initial=0))
    there, owners = _laid_out(others, starts)
    kinds, found = _kinds(np.array(one.grams, np.int64), there)
    real = (found >= 0) & (owners >= 0)
    for (start, end), absent in zip(pairwise(starts), left_out, strict=True):
        if absent:
            hits = real[start:end].nonzero()[0] + start
            gone = list(map(absent.__contains__, there[hits].tolist()))
            real[hits[np.array(gone, np.bool_)]] = False
    marks = real.nonzero()[0]
    counts = np.bincount(owners[marks], minlength=len(others)).tolist()
    width = len(kinds) + _APART
    shared = np.zeros((len(others), width), np.bool_)
    shared[owners[marks], found[marks]] = True
    shared[:, : len(kinds)] = shared[:, kinds]
    tiles = _tiles(shared.ravel().nonzero()[0], range(0, width * len(others) + 1, width))
    yield from map(Overlap, counts, tiles, _tiles(marks, starts))


def _laid_out(texts: Sequence[Cut], starts: Sequence[int]) -> tuple[Numbers, Numbers]:
    """The grams of texts one behind the other, and whose each is: -1 between two texts."""
    grams, owners = np.zeros(starts[-1], np.int64), np.full(starts[-1], -1)
    for number, (start, text) in enumerate(zip(starts, texts, strict=False)):
        end = start + len(text.grams)
        grams[start:end] = text.grams
        owners[start:end] = number
    return grams, owners


def _kinds(grams: Numbers, there: Numbers) -> tuple[Numbers, Numbers]:
    """For each gram of a text, and of others, one place where the text has it; -1 where it has it nowhere.

    Looked up by their lowest bits, which all of a text but a few have to themselves: a quarter of what sorting
    and searching takes.
    """
    if not len(grams):
        return grams, np.full(len(there), -1)
    slots = np.zeros(_SLOTS, np.int64)
    own = grams & (_SLOTS - 1)
    slots[own] = np.arange(len(grams))
    kinds = slots[own]
    hidden = (grams[kinds] != grams).nonzero()[0].tolist()
    if len(hidden) > _FEW:
        return _searched(grams, there)
    found = slots[there & (_SLOTS - 1)]
    found[grams[found] != there] = -1
    for at in hidden:
        kinds[grams == grams[at]] = at
        found[there == grams[at]] = at
    return kinds, found


def _searched(grams: Numbers, there: Numbers) -> tuple[Numbers, Numbers]:
    """The same by sorting."""
    every, places, numbers = np.unique(grams, return_index=True, return_inverse=True)
    near = every.searchsorted(there)
    near[near == len(every)] = 0
    return places[numbers], np.where(every[near] == there, places[near], -1)


def _tiles(marks: Numbers, starts: Sequence[int]) -> Iterator[list[range]]:
    """For each of the texts that lie behind one another, where its tiles begin."""
    breaks = (np.diff(marks) != 1).nonzero()[0] + 1
    firsts = np.concatenate(([0], breaks))
    afters = np.concatenate((breaks, [len(marks)]))
    long = afters - firsts > 1
    begins, ends = marks[firsts[long]], marks[afters[long] - 1]
    bounds = begins.searchsorted(starts).tolist()
    first, last = begins.tolist(), ends.tolist()
    for start, (low, high) in zip(starts, pairwise(bounds), strict=False):
        yield [range(first[each] - start, last[each] - start) for each in range(low, high)]
