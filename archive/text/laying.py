"""The words of many texts found and hashed at once, on arrays (numpy): those that `WORD` and `hash_of` give.

Plain words, which most are, are found by their letters alone. What is written otherwise, with accents,
apostrophes or points between letters, is found chunk by chunk, a chunk being what stands between two spaces, and
remembered. Only where there is much to link is this worth what importing numpy costs; nothing imports it before.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from archive.text.hashing import HIGH, LONGEST, LOW, MIX, WORD_MASK, hash_of, letter_factors
from archive.text.words import WORD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]
    Places = NDArray[np.int64]
    Codes = NDArray[np.uint8]

_REMEMBERED = 150_000
_FOREIGN = 128
"""Stands for every character that is not ASCII."""


@dataclass(frozen=True, slots=True)
class Laid:
    """The words of several texts behind one another: their hashes, and where each stands in its own text.

    `bounds` are the numbers of each text's first word and of the one behind its last.
    """

    hashes: Hashes
    starts: Places
    ends: Places
    bounds: Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class _Found:
    """Words by where they start and end in what was searched, and their hashes."""

    starts: Places
    ends: Places
    hashes: Hashes


def lay_out(texts: Sequence[str]) -> Laid:
    """The words of these texts."""
    joined = "\n".join(texts)
    codes = _codes(joined)
    starts, ends = _runs(codes)
    begins, stops = _written_otherwise(codes, starts, ends)
    if len(begins):
        plain = ~_between(starts, begins, stops)
        starts, ends = starts[plain], ends[plain]
    found = _Found(starts, ends, _hashes(codes, starts, ends))
    if len(begins):
        found = _merged(found, _CHUNKS.words(joined, begins, stops))
    offsets = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(text) + 1 for text in texts], out=offsets[1:])
    firsts = found.starts.searchsorted(offsets)
    own = np.repeat(offsets[:-1], np.diff(firsts))
    return Laid(found.hashes, found.starts - own, found.ends - own, list(pairwise(firsts.tolist())))


@cache
def _table(*letters: str) -> NDArray[np.bool_]:
    """Of every code whether it is one of these."""
    return np.isin(np.arange(_FOREIGN + 1), [ord(letter) for letter in letters])


def _codes(text: str) -> Codes:
    if text.isascii():
        return np.frombuffer(text.encode(), np.uint8)
    wide = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    codes: Codes = np.minimum(wide, _FOREIGN).astype(np.uint8)
    return codes


def _runs(codes: Codes) -> tuple[Places, Places]:
    """Where letters and digits in a row start and end."""
    solid = np.zeros(len(codes) + 2, np.bool_)
    solid[1:-1] = _plain_letters()[codes]
    edges = (solid[1:] != solid[:-1]).nonzero()[0]
    return edges[::2], edges[1::2]


@cache
def _plain_letters() -> NDArray[np.bool_]:
    return np.array([*(chr(code).isalnum() for code in range(_FOREIGN)), False])


def _written_otherwise(codes: Codes, starts: Places, ends: Places) -> tuple[Places, Places]:
    """Where chunks start and end whose words are more than letters and digits in a row."""
    foreign = (codes == _FOREIGN).nonzero()[0]
    close = ends[:-1][starts[1:] == ends[:-1] + 1]
    joining = close[_table("'", ".", ",")[codes[close]]]
    long = starts[ends - starts > LONGEST]
    odd = np.concatenate((foreign, joining, long))
    if not len(odd):
        return odd, odd
    gaps = np.concatenate(([-1], _table(" ", "\n")[codes].nonzero()[0], [len(codes)]))
    behind = np.unique(gaps.searchsorted(odd))
    return gaps[behind - 1] + 1, gaps[behind]


def _between(places: Places, begins: Places, stops: Places) -> NDArray[np.bool_]:
    """Which of the places, in order, lie in one of the stretches."""
    changes = np.zeros(len(places) + 1, np.int8)
    np.add.at(changes, places.searchsorted(begins), 1)
    np.add.at(changes, places.searchsorted(stops), -1)
    return np.cumsum(changes[:-1], dtype=np.int8) > 0


def _hashes(codes: Codes, starts: Places, ends: Places) -> Hashes:
    """The hashes of plain words."""
    if not len(starts):
        return np.zeros(0, np.uint64)
    sizes = ends - starts
    before = np.cumsum(sizes) - sizes
    every = np.arange(int(sizes.sum()))
    places = every - np.repeat(before, sizes)
    letters = codes[every + np.repeat(starts - before, sizes)]
    sums = np.add.reduceat(_terms()[places * _FOREIGN + letters], before)
    mixed = (sums ^ (sums >> np.uint64(HIGH))) * np.uint64(MIX)
    hashes: Hashes = (mixed ^ (mixed >> np.uint64(LOW))) & np.uint64(WORD_MASK)
    return hashes


@cache
def _terms() -> Hashes:
    """What each letter, folded, adds to the sum of its word at each place in it."""
    folded = np.array([ord(chr(code).lower()) for code in range(_FOREIGN)], np.uint64)
    return (np.array(letter_factors())[:, None] * folded).ravel()


def _merged(one: _Found, other: _Found) -> _Found:
    at = one.starts.searchsorted(other.starts)
    return _Found(
        np.insert(one.starts, at, other.starts),
        np.insert(one.ends, at, other.ends),
        np.insert(one.hashes, at, other.hashes),
    )


class _Chunks(dict[str, int]):
    """Chunks, numbered as they are met, with the words of each: where they stand in it, and their hashes.

    The words of all chunks lie behind one another.
    """

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin anew."""
        self.clear()
        self._first, self._count = array("q"), array("q")
        self._starts, self._ends, self._hashes = array("q"), array("q"), array("Q")

    def __missing__(self, chunk: str) -> int:
        number = self[chunk] = len(self._first)
        spans = [match.span() for match in WORD.finditer(chunk)]
        self._first.append(len(self._hashes))
        self._count.append(len(spans))
        self._starts.extend(start for start, _ in spans)
        self._ends.extend(end for _, end in spans)
        self._hashes.extend(hash_of(chunk[start:end]) for start, end in spans)
        return number

    def words(self, text: str, begins: Places, stops: Places) -> _Found:
        """The words of the chunks of the text that begin and stop there; forgets what is too much to keep."""
        if len(self) >= _REMEMBERED:
            self.forget()
        numbers = [self[text[at:to]] for at, to in zip(begins.tolist(), stops.tolist(), strict=True)]
        counts = _of(self._count, numbers)
        before = np.cumsum(counts) - counts
        words = np.repeat(_of(self._first, numbers) - before, counts) + np.arange(int(counts.sum()))
        at = np.repeat(begins, counts)
        return _Found(at + _of(self._starts, words), at + _of(self._ends, words), _of(self._hashes, words))


_CHUNKS = _Chunks()


def _of(known: array[int], numbers: Any) -> NDArray[Any]:
    """What is known of each; the array is let go again, so that it can grow."""
    return np.frombuffer(known, known.typecode)[numbers] if known else np.zeros(0, known.typecode)
