"""A segment open for reading: postings, columns, vocabulary."""

from __future__ import annotations

import json
import struct
import sys
from array import array
from bisect import bisect_left
from functools import cached_property, partial
from itertools import accumulate
from typing import TYPE_CHECKING

from index.engine.layout import HIT, NUMERIC, POSTINGS, TERMS, UNSET, VOCABULARY, column_file, file_of
from index.engine.postings import Postings, ids_of
from index.engine.terms import Terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from index.engine.pages import Files, PageFile
    from index.engine.stamp import Part
    from index.engine.terms import Entry

_AT_ONCE = 4 << 20
"""Bytes of postings that lie side by side and are read in one piece."""

_REMEMBERED = 16


class Segment:
    """One of Whoosh's segments, read in bulk; one thread's own but for its files."""

    def __init__(self, files: Files, part: Part) -> None:
        self._files, self.part = files, part
        self.name, self.count = part.name, part.count
        self.deleted = frozenset(part.deleted)
        self._columns: dict[str, array[int]] = {}
        self._beginnings: dict[tuple[str, str], list[Entry]] = {}

    @cached_property
    def terms(self) -> Terms:
        """Its terms."""
        return Terms(self._files.pages(file_of(self.name, TERMS)))

    @cached_property
    def _lists(self) -> PageFile:
        return self._files.pages(file_of(self.name, POSTINGS))

    def postings(self, field: str, term: str) -> Postings | None:
        """The postings of a term, deleted versions among them."""
        found = self.terms.find(field, term.encode())
        return self._at(found[0]) if found else None

    def _at(self, start: int) -> Postings:
        return Postings(partial(_piece, self._lists, start))

    def all_terms(self) -> Iterator[tuple[str, bytes, Postings]]:
        """Every term in order of field and word, with its postings."""
        for field, term, start, _ in self.terms.all():
            yield field, term, self._at(start)

    def terms_from(self, field: str, prefix: str) -> Iterator[str]:
        """The terms of a field that begin so, in order."""
        return (term.decode() for term, _, _ in self.terms.beginning(field, prefix.encode()))

    def having(self, field: str, terms: Iterable[str]) -> set[int]:
        """The versions that have any of these terms."""
        found: set[int] = set()
        for term in terms:
            postings = self.postings(field, term)
            if postings:
                found.update(postings.ids)
        return found

    def beginning(self, field: str, prefix: str, most: int) -> list[Entry]:
        """At most so many terms that begin so; asked twice in one search, read once."""
        found = self._beginnings.get((field, prefix))
        if found is None or len(found) < most:
            terms = self.terms.beginning(field, prefix.encode())
            found = [entry for entry, _ in zip(terms, range(most), strict=False)]
            if len(self._beginnings) >= _REMEMBERED:
                self._beginnings.clear()
            self._beginnings[field, prefix] = found
        return found

    def having_beginning(self, entries: list[Entry]) -> set[int]:
        """The versions that have any of these terms, which follow on one another."""
        found: set[int] = set()
        if not entries:
            return found
        start = entries[0][1]
        size = entries[-1][1] + entries[-1][2] - start
        read = self._lists.at if size > _AT_ONCE else partial(_cut, self._lists.at(start, size), start)
        for _, at, _ in entries:
            found.update(ids_of(read, at))
        return found

    @cached_property
    def vocabulary(self) -> list[str]:
        """The words of its headlines and texts, in order."""
        raw = self._files.whole(file_of(self.name, VOCABULARY))
        return raw.decode().split("\n") if raw else []

    def column(self, name: str) -> array[int]:
        """A column of numbers, a value for each version."""
        found = self._columns.get(name)
        if found is None:
            found = self._columns[name] = self._read(name)
        return found

    def _read(self, name: str) -> array[int]:
        file = column_file(self.name, name)
        values: array[int] = array(NUMERIC[name])
        if file in self._files:
            values.frombytes(self._files.whole(file))
        if sys.byteorder == "little":
            values.byteswap()
        values.extend([UNSET[name]] * (self.count - len(values)))
        return values

    @cached_property
    def _hits(self) -> tuple[PageFile, list[int]]:
        """The file of hits and where in it each begins, the end of the last among them."""
        file = self._files.pages(column_file(self.name, HIT))
        kind = file.at(file.size - 3, 3)
        end = file.size - 1
        if kind[2:] == b"X":  # where there are many, Whoosh writes the places too, behind the sizes
            end = file.size - 3 - self.count * struct.calcsize(kind[1:2].decode())
            kind = kind[:1]
        sizes: array[int] = array(kind[-1:].decode())
        length = self.count * sizes.itemsize
        sizes.frombytes(file.at(end - length, length))
        if sys.byteorder == "little":
            sizes.byteswap()
        return file, list(accumulate(sizes, initial=0))

    def raw_hit(self, doc: int) -> bytes:
        """The key, item and label of a version as they were written."""
        file, places = self._hits
        return file.at(places[doc], places[doc + 1] - places[doc])

    def hit(self, doc: int) -> tuple[str, str, str]:
        """The key, item and label of a version."""
        key, item, label = json.loads(self.raw_hit(doc))
        return key, item, label

    @cached_property
    def _by_position(self) -> array[int]:
        """Its versions in the order in which they were recorded."""
        return array("I", sorted(range(self.count), key=self.column("position").__getitem__))

    def recorded(self, first: int, beyond: int) -> list[int]:
        """The versions recorded at positions from `first` to before `beyond` that are not deleted."""
        position, order = self.column("position").__getitem__, self._by_position
        docs = order[bisect_left(order, first, key=position) : bisect_left(order, beyond, key=position)]
        return [doc for doc in docs if doc not in self.deleted]

    @cached_property
    def alive(self) -> frozenset[int]:
        """The versions that are not deleted."""
        return frozenset(range(self.count)) - self.deleted


def _piece(pages: PageFile, start: int, offset: int, size: int) -> bytes:
    return pages.at(start + offset, size)


def _cut(raw: bytes, base: int, at: int, size: int) -> bytes:
    return raw[at - base : at - base + size]
