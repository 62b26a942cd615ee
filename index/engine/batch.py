"""A batch of documents on its way into a segment: words are pooled by term and written a whole term at a
time.
"""

from __future__ import annotations

import hashlib
import json
from array import array
from collections import Counter, deque
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from index.engine.codec import (
    HIT,
    NUMERIC,
    PLACED,
    UNKNOWN,
    VOCABULARY,
    WHOLE,
    TermWriter,
    column,
    column_writer,
    new_segment,
    stems,
    values,
)
from index.errors import IndexFailure
from index.tree import WORDY
from index.words import WORD, Folding, form, stemmed_as

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from index.model import Document

_BITS = 24
_MASK = (1 << _BITS) - 1
GAP = 1_000
"""Places left free between two quotations or names of one version, so that no phrase spans them."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

NONE: dict[str, Any] = {}


class BadDocument(IndexFailure):
    """A document cannot be indexed as it is."""


class _Pools(dict[str, "array[int]"]):
    """Occurrences by word: version number and place in one integer."""

    def __missing__(self, word: str) -> array[int]:
        pool = self[word] = array("Q")
        return pool


class _Lists(dict[str, list[int]]):
    """Versions by value."""

    def __missing__(self, value: str) -> list[int]:
        found = self[value] = []
        return found


def microseconds(moment: datetime | None) -> int:
    """A time as it is kept in a column."""
    return UNKNOWN if moment is None else (moment - EPOCH) // _MICROSECOND


def hashed(name: str) -> int:
    """A name as an integer of 64 bits, for columns that are only compared."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) or 1


class Batch:
    """Documents pooled by their words; `write` makes a segment of them."""

    def __init__(self, folding: Folding | None = None) -> None:
        self._folding = Folding() if folding is None else folding
        self._placed: dict[tuple[str, str], _Pools] = {}
        self._whole = {name: _Lists() for name in WHOLE}
        self._rows: list[tuple[int, ...]] = []
        self._hits: list[bytes] = []

    def __len__(self) -> int:
        return len(self._hits)

    def add(self, document: Document) -> None:
        """Take in a document, wholly or, where it raises `BadDocument`, not at all."""
        texts = self._texts(document)
        wholes = self._wholes(document)
        row, hit = self._row(document, len(texts[0][1])), self._hit(document)
        doc = len(self._hits)
        language = stemmed_as(document.language)
        for field, found in texts:
            if found:
                self._place(field, language if field in WORDY else "", doc, found)
        for field, value in wholes:
            self._whole[field][value].append(doc)
        self._rows.append(row)
        self._hits.append(hit)

    def _texts(self, document: Document) -> list[tuple[str, list[str | None]]]:
        parts: tuple[tuple[str, Iterable[str]], ...] = (
            ("text", (document.text,)),
            ("headline", (document.headline,)),
            ("quoted", document.quoted),
            ("byline", (document.byline,)),
            ("outlet", (document.outlet,)),
            ("source", document.sources),
            ("section", (document.section,)),
        )
        try:
            return [(field, self._words(texts)) for field, texts in parts]
        except (TypeError, AttributeError) as error:
            raise BadDocument(f"{document.key}: one of its texts is no text ({error})") from error

    def _words(self, texts: Iterable[str]) -> list[str | None]:
        found: list[str | None] = []
        fold = self._folding.__getitem__
        for text in texts:
            if found:
                found.extend((None,) * GAP)
            found.extend(map(fold, WORD.findall(text)))
        if len(found) > _MASK:
            raise BadDocument(f"a text of {len(found):,} words is too long to be indexed")
        return found

    def _wholes(self, document: Document) -> list[tuple[str, str]]:
        pairs = [("key", document.key), ("item", document.item), ("accession", document.accession)]
        pairs += [("language", document.language), ("digest", document.digest.removeprefix("sha256:"))]
        pairs += [("id", name) for name in (document.label, document.key, *document.external_ids)]
        pairs += [("number", number) for number in document.numbers]
        pairs += [("basis", basis) for basis in document.bases]
        folded = [(field, value if field == "key" else value.casefold()) for field, value in pairs]
        names = [("byline", document.byline), ("outlet", document.outlet), ("section", document.section)]
        names += [("source", source) for source in document.sources]
        folded += [(values(field), name) for field, name in names]
        found = [(field, value) for field, value in dict.fromkeys(folded) if value]
        for field, value in found:
            _check(document, field, value)
        return found

    def _row(self, document: Document, length: int) -> tuple[int, ...]:
        try:
            times = [
                microseconds(moment) for moment in (document.published, document.retrieved, document.recorded)
            ]
        except TypeError as error:
            raise BadDocument(f"{document.key}: a time has no zone") from error
        same = hashed(document.same_text or document.key)
        row = (length, document.number, document.position, *times, hashed(document.item), same)
        if not (0 <= document.number < (1 << 32) - 1 and 0 <= document.position < 1 << 62):
            raise BadDocument(f"{document.key}: not a version number and a position: {row[1]}, {row[2]}")
        return row

    def _hit(self, document: Document) -> bytes:
        return json.dumps([document.key, document.item, document.label], ensure_ascii=True).encode()

    def _place(self, field: str, language: str, doc: int, found: Sequence[str | None]) -> None:
        pools = self._placed.get((field, language))
        if pools is None:
            pools = self._placed[field, language] = _Pools()
        if None in found:
            for place, word in enumerate(found, doc << _BITS):
                if word is not None:
                    pools[word].append(place)
            return
        # The loop of `for word, place in ...: pools[word].append(place)`, run outside of Python.
        words: Any = found
        deque(map(array.append, map(pools.__getitem__, words), count(doc << _BITS)), maxlen=0)

    def write(self, storage: Any) -> Any:
        """Write the batch as a segment into Whoosh's storage; the segment."""
        segment = new_segment()
        segment.set_doc_count(len(self._hits))
        self._write_columns(storage, segment)
        terms = TermWriter(storage, segment)
        fields: dict[str, Any] = dict.fromkeys(WHOLE, self._write_whole)
        fields |= dict.fromkeys(PLACED, self._write_placed)
        for name in sorted((*fields, *(stems(wordy) for wordy in WORDY))):
            if name in fields:
                fields[name](terms, name)
            else:
                self._write_stems(terms, name)
        terms.close()
        self._write_vocabulary(storage, segment)
        return segment

    def _write_columns(self, storage: Any, segment: Any) -> None:
        writer = column_writer(storage, segment)
        kinds = [(name, column(name)) for name in NUMERIC]
        hits = column(HIT)
        for doc, (row, hit) in enumerate(zip(self._rows, self._hits, strict=True)):
            writer.start_doc(doc)
            for (name, kind), value in zip(kinds, row, strict=True):
                writer.add_column_value(name, kind, value)
            writer.add_column_value(HIT, hits, hit)
            writer.finish_doc()
        writer.close()

    def _write_whole(self, terms: TermWriter, field: str) -> None:
        for term, ids in sorted((value.encode(), ids) for value, ids in self._whole[field].items()):
            terms.add(field, term, ids)

    def _write_placed(self, terms: TermWriter, field: str) -> None:
        pools = [pools for (name, _), pools in self._placed.items() if name == field]
        for term, word in sorted((word.encode(), word) for word in {word for pool in pools for word in pool}):
            merged = _merged([pool[word] for pool in pools if word in pool])
            ids, counts = _counted(merged)
            terms.add(field, term, ids, counts, [occurrence & _MASK for occurrence in merged])

    def _write_stems(self, terms: TermWriter, field: str) -> None:
        grouped: dict[str, list[array[int]]] = {}
        for (name, language), pools in self._placed.items():
            if stems(name) == field:
                for word, pool in pools.items():
                    grouped.setdefault(form(word, language), []).append(pool)
        for term, pools_of in sorted((word.encode(), pools_of) for word, pools_of in grouped.items()):
            ids, counts = _counted(_merged(pools_of))
            terms.add(field, term, ids, counts)

    def _write_vocabulary(self, storage: Any, segment: Any) -> None:
        known = sorted(
            {
                word
                for (name, _), pools in self._placed.items()
                if name in ("text", "headline")
                for word in pools
            }
        )
        with segment.create_file(storage, VOCABULARY) as file:
            file.write("\n".join(known).encode())


def _check(document: Document, field: str, value: str) -> None:
    try:
        if len(value.encode()) > 1 << 15:
            raise BadDocument(f"{document.key}: its {field} is too long to be indexed")
    except UnicodeEncodeError as error:
        raise BadDocument(f"{document.key}: its {field} is not sound text") from error


def _merged(pools: list[array[int]]) -> Sequence[int]:
    if len(pools) == 1:
        return pools[0]
    return sorted(occurrence for pool in pools for occurrence in pool)


def _counted(occurrences: Sequence[int]) -> tuple[list[int], list[int]]:
    """The versions in which a word stands, rising, and how often in each."""
    if len(occurrences) == 1:
        return [occurrences[0] >> _BITS], [1]
    counted = Counter([occurrence >> _BITS for occurrence in occurrences])
    return list(counted), list(counted.values())
