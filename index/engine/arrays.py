"""Phrases and pasted sentences in a large index, worked out with numpy a whole segment at a time.

Python's own numbers take about fifteen times as long. A small index does without: there, importing numpy
would take longer than the search.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from index.engine.postings import Postings

_Flags = np.ndarray[Any, np.dtype[np.bool_]]
_Numbers = np.ndarray[Any, np.dtype[np.int64]]

_DOC = 32
"""A version and a place in it are one number, the version in the upper bits."""


def tally(lists: Iterable[tuple[Postings, int]], size: int) -> _Numbers:
    """For each version of a segment of this size how often it has any of the terms, weighed."""
    found = np.zeros(size, np.int64)
    for postings, weight in lists:
        found[_List(postings).ids] += np.asarray(postings.counts) * np.int64(weight)
    return found


def at_least(tallies: Sequence[_Numbers], least: int) -> set[int]:
    """The versions that have at least so many of what was counted."""
    reached = sum(told > 0 for told in tallies)
    return set(np.flatnonzero(reached >= least).tolist())


def of_these(told: _Numbers, docs: AbstractSet[int]) -> dict[int, int]:
    """How often each of these versions has what was counted, where it has it."""
    some = np.fromiter(docs, np.int64, len(docs))
    some = some[told[some] > 0]
    return dict(zip(some.tolist(), told[some].tolist(), strict=True))


class _List:
    """A posting list as arrays."""

    def __init__(self, postings: Postings) -> None:
        self._postings = postings
        self.ids: _Numbers = np.empty(postings.df, np.int64)
        self.ids[0] = postings.first
        np.cumsum(np.asarray(postings.steps()), out=self.ids[1:])
        self.ids[1:] += postings.first

    def occurrences(self, wanted: _Flags) -> _Numbers:
        """Where the word stands in the versions that are wanted, rising."""
        kept = np.flatnonzero(wanted[self.ids])
        counts = np.asarray(self._postings.counts)
        ends: _Numbers = np.cumsum(counts, dtype=np.int64)
        places = np.asarray(self._postings.all_places(int(ends[-1])))
        often, begins = counts[kept], (ends - counts)[kept]
        shifts = begins - (np.cumsum(often, dtype=np.int64) - often)
        at = np.repeat(shifts, often) + np.arange(int(often.sum()))
        found: _Numbers = (np.repeat(self.ids[kept], often) << _DOC) + places[at]
        return found


def _having(lists: Sequence[_Numbers], within: AbstractSet[int] | None, size: int) -> _Flags:
    """For each version of a segment whether it is in all of these lists."""
    counted = np.zeros(size, np.int64)
    for each in lists:
        counted[each] += 1
    found: _Flags = counted == len(lists)
    if within is not None:
        found &= _among(np.fromiter(within, np.int64, len(within)), size)
    return found


def _among(docs: _Numbers, size: int) -> _Flags:
    """For each version of a segment whether it is one of these."""
    found = np.zeros(size, np.bool_)
    found[docs] = True
    return found


def _before(stand: _Numbers, offset: int) -> _Numbers:
    """Where phrases begin whose word at this offset stands there: not before their version does."""
    starts = stand - offset
    found: _Numbers = starts[starts >> _DOC == stand >> _DOC]
    return found


def _also(some: _Numbers, others: _Numbers) -> _Numbers:
    """Those of some rising numbers that are among others, rising too."""
    at = np.searchsorted(others, some)
    at[at == len(others)] = 0
    found: _Numbers = some[others[at] == some]
    return found


def phrase(
    lists: Sequence[Postings], within: AbstractSet[int] | None, size: int
) -> Iterator[tuple[int, int]]:
    """In which versions of a segment of this size the words stand one after the other, and how often."""
    found = {each: _List(each) for each in set(lists)}
    wanted = _having([each.ids for each in found.values()], within, size)
    starts: _Numbers = np.empty(0, np.int64)
    for number, at in enumerate(sorted(range(len(lists)), key=lambda at: lists[at].df)):
        if not wanted.any():
            return iter(())
        stand = found[lists[at]].occurrences(wanted)
        starts = _also(starts, stand - at) if number else _before(stand, at)
        wanted = _among(starts >> _DOC, size)
    docs, counts = np.unique(starts >> _DOC, return_counts=True)
    return zip(docs.tolist(), counts.tolist(), strict=True)
