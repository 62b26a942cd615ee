"""The fingerprints of very many versions, told apart on arrays (numpy), and which of them may be known already.

Only where there is much to link is this worth what importing numpy costs; nothing imports it before.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from archive.catalog.link_reading import LinkReader, LinkState
    from archive.lineage.candidates import FreshRow
    from archive.lineage.shared import Copy
    from archive.linking.marks import Told

    Numbers = NDArray[np.int64]
    Flags = NDArray[np.bool_]

_BITS = 27
"""A bit for each value of so many bits of a fingerprint, 16 MiB: of ten million one in fourteen is taken for known."""

_TUPLES = 10_000
"""Rows made into tuples at a time."""


class KnownMarks:
    """Which fingerprints the catalogue may know: all that it does, and a few that it does not (Bloom 1970).

    Nine of ten fingerprints of a new text nobody else has, and need not be looked for in the catalogue.
    """

    def __init__(self) -> None:
        self._bits = np.zeros(1 << (_BITS - 3), np.uint8)
        self._state: LinkState | None = None

    def follow(self, reader: LinkReader, state: LinkState) -> None:
        """Learn what is known where linking is somewhere else than where this was brought up to."""
        if state != self._state:
            for some in reader.fingerprints():
                self._add(np.array(some, np.int64))
            self._state = state

    def learn(self, marks: Iterable[int], state: LinkState) -> None:
        """Take in those of a batch that was entered, which brought linking here."""
        self._add(np.fromiter(marks, np.int64))
        self._state = state

    def may_have(self, marks: Numbers) -> Flags:
        """Of each fingerprint whether it may be known."""
        slots = _slots(marks)
        found: Flags = (self._bits[slots >> 3] >> (slots & 7).astype(np.uint8)) & 1 != 0
        return found

    def _add(self, marks: Numbers) -> None:
        slots = _slots(marks)
        np.bitwise_or.at(self._bits, slots >> 3, np.uint8(1) << (slots & 7).astype(np.uint8))


def _slots(marks: Numbers) -> Numbers:
    """The lowest bits: fingerprints are chosen for being small, which their highest bits show."""
    return marks & ((1 << _BITS) - 1)


class ManyMarks:
    """The fingerprints of many versions, by fingerprint, then by version in the order given."""

    def __init__(self, copies: Sequence[Copy], known: KnownMarks | None) -> None:
        marks, versions, places = _all_of(copies)
        order = marks.argsort(kind="stable")
        marks, versions, places = marks[order], versions[order], places[order]
        first = _first(marks, versions)
        self._marks, self._versions, self._places = marks[first], versions[first], places[first]
        self._first = _first(self._marks)
        self._every = self._marks[self._first]
        self._known = known

    def asked(self) -> Collection[int]:
        """Those that the catalogue may know."""
        every = self._every if self._known is None else self._every[self._known.may_have(self._every)]
        asked: list[int] = every.tolist()
        return asked

    def told(self, known: AbstractSet[int]) -> Told:
        """Told apart all together."""
        times = np.diff(self._first.nonzero()[0], append=len(self._marks))
        held = np.zeros(len(self._every), np.bool_)
        held[self._every.searchsorted(np.fromiter(known, np.int64, len(known)))] = True
        shared = np.repeat(held | (times > 1), times)
        columns = self._marks, self._versions, self._places
        of: dict[int, dict[int, int]] = defaultdict(dict)
        for mark, version, place in _Rows(*(column[shared] for column in columns)):
            of[version][mark] = place
        return _ManyTold(_Rows(*(column[~shared] for column in columns)), of)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows of fingerprints as columns: a tenth of the memory that they take as tuples."""

    marks: Numbers
    versions: Numbers
    places: Numbers

    def __iter__(self) -> Iterator[FreshRow]:
        columns = self.marks, self.versions, self.places
        for start in range(0, len(self.marks), _TUPLES):
            yield from zip(*(column[start : start + _TUPLES].tolist() for column in columns), strict=True)


@dataclass(frozen=True, slots=True)
class _ManyTold:
    lone: _Rows
    of: Mapping[int, Mapping[int, int]]

    def rows(self, fresh: Iterable[FreshRow]) -> _Rows:
        more = np.array([*fresh], np.int64).reshape(-1, 3)
        columns = self.lone.marks, self.lone.versions, self.lone.places
        marks, versions, places = map(np.append, columns, more.T)
        order = np.lexsort((versions, marks))
        return _Rows(marks[order], versions[order], places[order])


def _all_of(copies: Sequence[Copy]) -> tuple[Numbers, Numbers, Numbers]:
    """Fingerprint, version and place of each, copy after copy."""
    places = [np.array(copy.cut.places, np.int64) for copy in copies]
    marks = [
        np.frombuffer(copy.cut.grams, np.int64)[own] if len(own) else own
        for copy, own in zip(copies, places, strict=True)
    ]
    versions = np.repeat([copy.version for copy in copies], list(map(len, places)))
    return np.concatenate(marks), versions, np.concatenate(places)


def _first(*columns: Numbers) -> Flags:
    """Where another value begins in any of these, the beginning among them."""
    new = np.ones(len(columns[0]), np.bool_)
    new[1:] = np.logical_or.reduce([column[1:] != column[:-1] for column in columns])
    return new
