"""Our codec for Whoosh: its segments, term index and columns, with postings written a whole term at a time.

Whoosh writes a posting at a time and reads 128; a codec is the place it offers to do otherwise. What is
written here Whoosh reads again through `postings_reader`; we read it by `segment`, without Whoosh.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zlib import crc32

from whoosh import columns, fields, formats, matching
from whoosh.codec import whoosh3
from whoosh.filedb import filetables
from whoosh.util import numlists

from index.engine.layout import FIELD, HIT, INDEX_NAME, LENGTHS, NUMERIC, PLACED, STARTS, TERM, UNSET, WHOLE
from index.engine.postings import Postings, encode
from index.engine.stamp import Part
from index.tree import WORDY, stems

if TYPE_CHECKING:
    from collections.abc import Sequence

# Whoosh is annotated in places only; what it lacks is not asked for here.
_columns: Any = columns
_fields: Any = fields
_formats: Any = formats
_tables: Any = filetables
_numlists: Any = numlists
_whoosh3: Any = whoosh3
_matching: Any = matching

_CRC32 = 1


def column(name: str) -> Any:
    """Whoosh's column for one of ours."""
    return (
        _columns.VarBytesColumn()
        if name == HIT
        else _columns.NumericColumn(NUMERIC[name], default=UNSET[name])
    )


def schema() -> Any:
    """The fields, as Whoosh wants them told."""
    made = _fields.Schema()
    for name in sorted((*PLACED, *WHOLE, *(stems(wordy) for wordy in WORDY))):
        placed = name in PLACED
        made.add(name, _fields.TEXT(phrase=placed) if not name.endswith("_is") else _fields.ID())
    return made


class BulkCodec(whoosh3.W3Codec):
    """Whoosh's codec but for the posting lists."""

    def postings_reader(
        self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None
    ) -> Any:
        """A matcher over a posting list, for Whoosh's own queries."""
        start, _ = terminfo.extent()
        postings = Postings(lambda offset, size: bytes(dbfile.get(start + offset, size)))
        if not postings.ids:
            return _matching.NullMatcher()
        where = postings.places() if postings.has_places else None
        packed = _formats.Positions()
        found = [packed.encode(list(where(doc))) if where else b"" for doc in postings.ids]
        weights = [float(count) for count in postings.counts]
        return _matching.ListMatcher(
            postings.ids, weights, found, format_, scorer=scorer, term=term, terminfo=terminfo
        )


def _codec() -> Any:
    made: Any = BulkCodec
    return made()


class _TermIndex(filetables.OrderedHashWriter):
    """Whoosh's hashed and ordered file of terms, with fewer steps for each and a quicker hash."""

    def __init__(self, file: Any) -> None:
        _tables.HashWriter.__init__(self, file, hashtype=_CRC32)
        self.index = _numlists.GrowableArray("H")
        self.lastkey = b""
        self._file = file.raw_file()
        self._at: int = file.tell()

    @property
    def place(self) -> int:
        """Where the next term will stand."""
        return self._at

    def add(self, key: bytes, value: bytes) -> None:
        """Add a term, which comes after all that were added."""
        if key <= self.lastkey:
            raise ValueError(f"{key!r} comes after {self.lastkey!r}")
        self.index.append(self._at)
        self._file.write(b"%b%b%b" % (LENGTHS.pack(len(key), len(value)), key, value))
        hashed = crc32(key)
        self.buckets[hashed & 255].append((hashed, self._at))
        self._at += LENGTHS.size + len(key) + len(value)
        self.lastkey = key


class TermWriter:
    """Writes the terms of a segment and their postings; fields come in one order, terms of a field rising."""

    def __init__(self, storage: Any, segment: Any) -> None:
        self._file = segment.create_file(storage, whoosh3.W3Codec.POSTS_EXT)
        self._write = self._file.raw_file().write
        self._terms: Any = _TermIndex(segment.create_file(storage, whoosh3.W3Codec.TERMS_EXT))
        self._fields: dict[str, int] = {}
        self._terms.extras["fieldmap"] = self._fields
        self._starts: dict[str, int] = {}
        self._terms.extras[STARTS] = self._starts
        self._at = 0

    def add(
        self,
        field: str,
        term: bytes,
        ids: Sequence[int],
        counts: Sequence[int] | None = None,
        places: Sequence[int] | None = None,
    ) -> None:
        """Write a term's postings, as `postings.encode` takes them."""
        if field not in self._fields:
            self._fields[field] = len(self._fields)
            self._starts[field] = self._terms.place
        number = self._fields[field]
        packed = encode(ids, counts, places)
        weight, largest = (len(ids), 1) if counts is None else (sum(counts), max(counts))
        size = len(packed)
        entry = TERM.pack(0, weight, len(ids), 0, 255, largest, ids[0], ids[-1], self._at, size)
        self._terms.add(FIELD.pack(number) + term, entry)
        self._write(packed)
        self._at += size

    def close(self) -> None:
        """Finish both files."""
        self._terms.close()
        self._file.close()


def new_segment() -> Any:
    """A segment with a name of its own and nothing in it."""
    return _whoosh3.W3Segment(_codec(), INDEX_NAME)


def named_segment(part: Part) -> Any:
    """A segment that was written before, as Whoosh has it."""
    made = new_segment()
    made.segid = part.name.removeprefix(f"{INDEX_NAME}_")
    made.set_doc_count(part.count)
    for doc in part.deleted:
        made.delete_document(doc)
    return made


def as_part(segment: Any) -> Part:
    """A segment of Whoosh's as the stamp has it."""
    return Part(segment.segment_id(), segment.doc_count_all(), tuple(sorted(segment.deleted_docs())))


def write_contents(storage: Any, segments: Sequence[Any]) -> None:
    """Write Whoosh's table of contents: we never read it (it is unpickled), but Whoosh by itself can."""
    from whoosh.index import TOC

    toc: Any = TOC
    toc(schema(), list(segments), 1).write(storage, INDEX_NAME)


def column_writer(storage: Any, segment: Any) -> Any:
    """Whoosh's writer of what is kept for each version."""
    return _whoosh3.W3PerDocWriter(segment.codec(), storage, segment)
