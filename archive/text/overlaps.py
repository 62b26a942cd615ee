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
"""Places between two texts that lie behind one another, so that no stretch and no word reaches across."""


def overlaps(one: Cut, others: Sequence[Cut], left_out: Sequence[AbstractSet[int]]) -> Iterator[Overlap]:
    """The tiles of one text and of each other, as `Sheet.overlap` says it; a set is left out of each."""
    starts = list(accumulate((len(other.grams) + _APART for other in others), initial=0))
    there = np.zeros(starts[-1], np.int64)
    real = np.zeros(starts[-1], np.bool_)
    for start, other in zip(starts, others, strict=False):
        there[start : start + len(other.grams)] = other.grams
        real[start : start + len(other.grams)] = True
    grams, kinds = np.unique(np.array(one.grams, np.int64), return_inverse=True)
    if not len(grams):
        real[:] = False
        grams = np.zeros(1, np.int64)
    kind_there = grams.searchsorted(there)
    kind_there[kind_there == len(grams)] = 0
    real &= grams[kind_there] == there
    for (start, end), absent in zip(pairwise(starts), left_out, strict=True):
        if absent:
            real[start:end] &= ~np.isin(there[start:end], np.fromiter(absent, np.int64, len(absent)))
    marks = real.nonzero()[0]
    owners = np.repeat(np.arange(len(others)), np.diff(starts))[marks]
    shared = np.zeros((len(others), len(grams)), np.bool_)
    shared[owners, kind_there[marks]] = True
    width = len(kinds) + _APART
    here = np.zeros((len(others), width), np.bool_)
    here[:, : len(kinds)] = shared[:, kinds]
    every = range(0, width * (len(others) + 1), width)
    counts = np.bincount(owners, minlength=len(others)).tolist()
    told = _tiles(here.ravel().nonzero()[0], every), _tiles(marks, starts)
    for count, tiles, tiles_there in zip(counts, *told, strict=True):
        yield Overlap(count, tiles, tiles_there)


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
