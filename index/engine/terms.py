"""The terms of a segment: Whoosh's hashed and ordered file of them, read without Whoosh.

The file: a head of 13 bytes; for each term, in order, the sizes of key and entry, the key (the field's number
and the term) and the entry (`layout.TERM`); 256 hash tables of pointers; their places; a pickled dictionary;
an array of the places of all terms; the size of these two.
"""

from __future__ import annotations

import io
import pickle
import struct
from typing import TYPE_CHECKING, Any
from zlib import crc32

from index.engine.layout import FIELD, LENGTHS, STARTS, TERM
from index.engine.pages import PAGE, Damaged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.engine.pages import PageFile

_FIRST = 13
_TABLE = struct.Struct("!qi")
_SLOT = struct.Struct("!Iq")
_SIZE = struct.Struct("!i")
_TABLES = 256

_WIDE = 128
"""Terms between which a search goes on reading from the file."""

Entry = tuple[bytes, int, int]
"""A term, and where in the file of postings its postings begin and how many bytes they are."""


class _Plain(pickle.Unpickler):
    """Reads numbers, strings and what holds them; a file that asks for code is not one we wrote."""

    def find_class(self, module: str, name: str, /) -> Any:
        raise Damaged(f"a file of the index asks for {module}.{name}")


class Terms:
    """The terms of a segment, looked up by their hash or read in their order."""

    def __init__(self, file: PageFile) -> None:
        self._file = file
        (tail,) = _SIZE.unpack(file.at(file.size - _SIZE.size, _SIZE.size))
        start = file.size - _SIZE.size - tail
        rest = io.BytesIO(file.at(start, min(tail, PAGE)))
        extras: dict[str, Any] = _Plain(rest).load()
        self._fields: dict[str, int] = extras["fieldmap"]
        self._starts: dict[str, int] = extras.get(STARTS, {})
        self._names = {number: name for name, number in self._fields.items()}
        self._order = struct.Struct("!" + extras["indextype"])
        self._order_at, self._count = start + rest.tell(), int(extras["indexlen"])
        size = _TABLES * _TABLE.size
        self._tables = list(_TABLE.iter_unpack(file.at(start - size, size)))
        self._end = self._tables[0][0]
        self._probed: dict[int, bytes] = {}

    def find(self, field: str, term: bytes) -> tuple[int, int] | None:
        """Where a term's postings are, and their size in bytes; None where it is not there."""
        number = self._fields.get(field)
        if number is None:
            return None
        key = FIELD.pack(number) + term
        hashed = crc32(key)
        start, slots = self._tables[hashed & 255]
        for step in range(slots):
            slot = ((hashed >> 8) + step) % slots
            found, at = _SLOT.unpack(self._file.at(start + slot * _SLOT.size, _SLOT.size))
            if not at:
                return None
            if found == hashed:
                raw = self._file.at(at, LENGTHS.size + len(key) + TERM.size)
                if LENGTHS.unpack_from(raw)[0] == len(key) and raw[LENGTHS.size :].startswith(key):
                    entry = TERM.unpack_from(raw, LENGTHS.size + len(key))
                    return entry[8], entry[9]
        return None

    def beginning(self, field: str, prefix: bytes) -> Iterator[Entry]:
        """The terms of a field that begin so, in order."""
        number = self._fields.get(field)
        if number is None:
            return
        start = FIELD.pack(number) + prefix
        first = None if prefix else self._starts.get(field)
        for key, at, size in self._from(self._closest(start) if first is None else first):
            if not key.startswith(start):
                return
            yield key[FIELD.size :], at, size

    def all(self) -> Iterator[tuple[str, bytes, int, int]]:
        """Every term in order of field and word, with where its postings are and their size."""
        for key, at, size in self._from(_FIRST):
            yield self._names[FIELD.unpack_from(key)[0]], key[FIELD.size :], at, size

    def _from(self, at: int) -> Iterator[Entry]:
        """Every key from a place on, read a page at a time."""
        unpack_sizes, unpack_entry = LENGTHS.unpack_from, TERM.unpack_from
        while at < self._end:
            block = self._file.at(at, min(PAGE, self._end - at))
            place, last = 0, len(block)
            while place + LENGTHS.size <= last:
                size, more = unpack_sizes(block, place)
                key = place + LENGTHS.size
                if key + size + more > last:
                    break
                entry = unpack_entry(block, key + size)
                yield block[key : key + size], entry[8], entry[9]
                place = key + size + more
            if not place:
                raise Damaged(f"{self._file.name} holds a term that is too long")
            at += place

    def _key_at(self, at: int) -> bytes:
        size, _ = LENGTHS.unpack(self._file.at(at, LENGTHS.size))
        return self._file.at(at + LENGTHS.size, size)

    def _closest(self, wanted: bytes) -> int:
        """The place of the first key that is not less."""
        low, high = 0, self._count
        while low < high:
            middle = (low + high) // 2
            if self._middle(middle, high - low) < wanted:
                low = middle + 1
            else:
                high = middle
        return self._end if low == self._count else self._at(low)

    def _middle(self, number: int, width: int) -> bytes:
        """A key that a search looks at: the first steps of all searches are alike and remembered."""
        found = self._probed.get(number)
        if found is None:
            found = self._key_at(self._at(number))
            if width > _WIDE:
                self._probed[number] = found
        return found

    def _at(self, number: int) -> int:
        found: int = self._order.unpack(
            self._file.at(self._order_at + number * self._order.size, self._order.size)
        )[0]
        return found
