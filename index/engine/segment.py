"""A segment open for reading: postings, columns, vocabulary."""

from __future__ import annotations

import json
import sys
from array import array
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from index.engine.codec import HIT, NUMERIC, UNSET, VOCABULARY, column, column_file, file_of
from index.engine.postings import Postings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.engine.pages import CheckedStorage, PageFile


class Segment:
    """One of Whoosh's segments, read in bulk; one thread's own but for its files."""

    def __init__(self, storage: CheckedStorage, segment: Any) -> None:
        self._storage, self._segment = storage, segment
        self.count: int = segment.doc_count_all()
        self.deleted: frozenset[int] = frozenset(segment.deleted_docs())
        self._columns: dict[str, array[int]] = {}

    @property
    def name(self) -> str:
        """Its identifier."""
        found: str = self._segment.segment_id()
        return found

    @cached_property
    def terms(self) -> Any:
        """Whoosh's reader of its terms."""
        return self._segment.codec().terms_reader(self._storage, self._segment)

    @cached_property
    def _lists(self) -> Any:
        return self._storage.pages(file_of(self._segment, ".pst"))

    def postings(self, field: str, term: str) -> Postings | None:
        """The postings of a term, deleted versions among them."""
        from whoosh.reading import TermNotFound

        if field not in self.terms.indexed_field_names():
            return None
        try:
            start, _ = self.terms.term_info(field, term.encode()).extent()
        except TermNotFound:
            return None
        pages = self._lists
        return Postings(partial(_part, pages, start))

    def all_terms(self) -> Iterator[tuple[str, bytes, Postings]]:
        """Every term in order of field and word, with its postings."""
        pages = self._lists
        for (field, term), found in self.terms.items():
            yield field, term, Postings(partial(_part, pages, found.extent()[0]))

    def terms_from(self, field: str, prefix: str) -> Iterator[str]:
        """The terms of a field that begin so, in order."""
        if field not in self.terms.indexed_field_names():
            return
        beginning = prefix.encode()
        for name, term in self.terms.terms_from(field, beginning):
            if name != field or not term.startswith(beginning):
                return
            yield term.decode()

    @cached_property
    def vocabulary(self) -> list[str]:
        """The words of its headlines and texts, in order."""
        name = file_of(self._segment, VOCABULARY)
        raw = self._storage.pages(name).at(0, self._storage.file_length(name))
        return raw.decode().split("\n") if raw else []

    def column(self, name: str) -> array[int]:
        """A column of numbers, a value for each version."""
        found = self._columns.get(name)
        if found is None:
            found = self._columns[name] = self._read(name)
        return found

    def _read(self, name: str) -> array[int]:
        file = column_file(self._segment, name)
        values: array[int] = array(NUMERIC[name])
        if self._storage.file_exists(file):
            values.frombytes(self._storage.pages(file).at(0, self._storage.file_length(file)))
        if sys.byteorder == "little":
            values.byteswap()
        values.extend([UNSET[name]] * (self.count - len(values)))
        return values

    @cached_property
    def _hits(self) -> Any:
        reader = self._segment.codec().per_document_reader(self._storage, self._segment)
        return reader.column_reader(HIT, column(HIT))

    def raw_hit(self, doc: int) -> bytes:
        """The key, item and label of a version as they were written."""
        found: bytes = self._hits[doc]
        return found

    def hit(self, doc: int) -> tuple[str, str, str]:
        """The key, item and label of a version."""
        key, item, label = json.loads(self.raw_hit(doc))
        return key, item, label

    @cached_property
    def alive(self) -> frozenset[int]:
        """The versions that are not deleted."""
        return frozenset(range(self.count)) - self.deleted


def _part(pages: PageFile, start: int, offset: int, size: int) -> bytes:
    return pages.at(start + offset, size)
