"""Postings of a term as packed arrays: versions, how often, and at which places.

The layout, little-endian: a head (`_HEAD`: the array types of the steps between version numbers, of the
counts
and of the places, the number of versions, the first of them), then these three arrays. A type of 0 means that
the array is left out: one version, each count 1, no places.
"""

from __future__ import annotations

import struct
import sys
from array import array
from bisect import bisect_left
from itertools import accumulate
from operator import sub
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_HEAD = struct.Struct("<BBBxII")
_ONCE = struct.Struct("<BBBxIIH")
_SHORT = ord("H")
_SIZES = {"B": 1, "H": 2, "I": 4}
_BIG = sys.byteorder == "big"


def _packed(values: Sequence[int] | Iterable[int], largest: int) -> tuple[int, bytes]:
    code = "B" if largest < 1 << 8 else "H" if largest < 1 << 16 else "I"
    packed = array(code, values)
    if array(code).itemsize != _SIZES[code]:
        raise OSError("this machine's integers have another size than the index")
    if _BIG:
        packed.byteswap()
    return ord(code), packed.tobytes()


def _unpacked(code: int, raw: bytes) -> array[int]:
    values: array[int] = array(chr(code))
    values.frombytes(raw)
    if _BIG:
        values.byteswap()
    return values


def encode(
    ids: Sequence[int], counts: Sequence[int] | None = None, places: Sequence[int] | None = None
) -> bytes:
    """Pack rising version numbers, how often the term stands in each (None: once), and its places in turn."""
    if len(ids) == 1 and (counts is None or counts[0] == 1):
        return _single(ids[0], places)
    steps: tuple[int, bytes] = (0, b"")
    if len(ids) > 1:
        gaps = array("I", map(sub, ids[1:], ids))
        steps = _packed(gaps, max(gaps))
    often = (0, b"")
    if counts is not None and (most := max(counts)) > 1:
        often = _packed(counts, most)
    where = (0, b"")
    if places is not None:
        where = _packed(places, max(places))
    head = _HEAD.pack(steps[0], often[0], where[0], len(ids), ids[0])
    return head + steps[1] + often[1] + where[1]


def _single(doc: int, places: Sequence[int] | None) -> bytes:
    """Half of all words stand in one place only."""
    if places is None:
        return _HEAD.pack(0, 0, 0, 1, doc)
    place = places[0]
    if place < 1 << 16:
        return _ONCE.pack(0, 0, _SHORT, 1, doc, place)
    return _HEAD.pack(0, 0, ord("I"), 1, doc) + place.to_bytes(4, "little")


def ids_of(read: Callable[[int, int], bytes], start: int) -> Sequence[int]:
    """The versions in the posting list that begins at a place, rising."""
    steps, _, _, df, first = _HEAD.unpack(read(start, _HEAD.size))
    if not steps:
        return (first,)
    gaps = _unpacked(steps, read(start + _HEAD.size, (df - 1) * _SIZES[chr(steps)]))
    return list(accumulate(gaps, initial=first))


class Postings:
    """The postings of a term, read as far as they are asked for.

    `read(offset, size)` yields bytes of the posting list.
    """

    __slots__ = ("_counts", "_ids", "_kinds", "_places", "_read", "df", "first")

    def __init__(self, read: Callable[[int, int], bytes]) -> None:
        self._read = read
        steps, often, where, self.df, self.first = _HEAD.unpack(read(0, _HEAD.size))
        self._kinds = (steps, often, where)
        self._ids: list[int] | None = None
        self._counts: Sequence[int] | None = None
        self._places: array[int] | None = None

    def _counts_at(self) -> int:
        steps = self._kinds[0]
        return _HEAD.size + ((self.df - 1) * _SIZES[chr(steps)] if steps else 0)

    @property
    def ids(self) -> list[int]:
        """The versions that have the term, rising."""
        if self._ids is None:
            self._ids = list(accumulate(self.steps(), initial=self.first))
        return self._ids

    def steps(self) -> array[int]:
        """From each version that has the term to the next."""
        steps = self._kinds[0]
        if not steps:
            return array("B")
        return _unpacked(steps, self._read(_HEAD.size, (self.df - 1) * _SIZES[chr(steps)]))

    @property
    def counts(self) -> Sequence[int]:
        """How often the term stands in each version."""
        if self._counts is None:
            often = self._kinds[1]
            if often:
                self._counts = _unpacked(often, self._read(self._counts_at(), self.df * _SIZES[chr(often)]))
            else:
                self._counts = (1,) * self.df
        return self._counts

    def all_places(self, number: int) -> array[int]:
        """The places of all versions, one after the other, of which there are so many."""
        if self._places is None:
            often, where = self._kinds[1:]
            start = self._counts_at() + (self.df * _SIZES[chr(often)] if often else 0)
            self._places = (
                _unpacked(where, self._read(start, number * _SIZES[chr(where)])) if where else array("B")
            )
        return self._places

    def places(self) -> Callable[[int], array[int]]:
        """A function from a version that has the term to its places in it, rising."""
        ids, offsets = self.ids, list(accumulate(self.counts, initial=0))
        places = self.all_places(offsets[-1])

        def of(doc: int) -> array[int]:
            at = bisect_left(ids, doc)
            return places[offsets[at] : offsets[at + 1]]

        return of

    @property
    def has_places(self) -> bool:
        """Whether places were kept."""
        return bool(self._kinds[2])
