"""Segments put together, deleted versions left behind."""

from __future__ import annotations

from heapq import merge as merged
from itertools import chain, groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from index.engine.codec import TermWriter, column, column_writer, new_segment
from index.engine.layout import HIT, NUMERIC, VOCABULARY
from index.engine.postings import Postings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.engine.segment import Segment

_Term = tuple[str, bytes, int, Postings]


def merge(parts: Sequence[Segment], storage: Any) -> Any:
    """Write one segment with what can be found in several; None where that is nothing."""
    moved: list[list[int]] = []
    count = 0
    for part in parts:
        places = []
        for doc in range(part.count):
            places.append(-1 if doc in part.deleted else count)
            count += doc not in part.deleted
        moved.append(places)
    if not count:
        return None
    segment = new_segment()
    segment.set_doc_count(count)
    _columns(parts, moved, storage, segment)
    terms = TermWriter(storage, segment)
    for field, term, found in _terms(parts):
        _put(terms, field, term, [(moved[place], postings) for place, postings in found])
    terms.close()
    words = sorted(set(chain.from_iterable(part.vocabulary for part in parts)))
    with segment.create_file(storage, VOCABULARY) as file:
        file.write("\n".join(words).encode())
    return segment


def _terms(parts: Sequence[Segment]) -> Iterator[tuple[str, bytes, list[tuple[int, Postings]]]]:
    def of(place: int, part: Segment) -> Iterator[_Term]:
        for field, term, postings in part.all_terms():
            yield field, term, place, postings

    rows = merged(*(of(place, part) for place, part in enumerate(parts)), key=itemgetter(0, 1, 2))
    for (field, term), same in groupby(rows, key=itemgetter(0, 1)):
        yield field, term, [(place, postings) for _, _, place, postings in same]


def _put(terms: TermWriter, field: str, term: bytes, found: list[tuple[list[int], Postings]]) -> None:
    ids: list[int] = []
    counts: list[int] = []
    places: list[int] = []
    placed = any(postings.has_places for _, postings in found)
    for moved, postings in found:
        where = postings.places() if placed else None
        for doc, often in zip(postings.ids, postings.counts, strict=True):
            if moved[doc] >= 0:
                ids.append(moved[doc])
                counts.append(often)
                if where:
                    places.extend(where(doc))
    if ids:
        terms.add(field, term, ids, counts, places if placed else None)


def _columns(parts: Sequence[Segment], moved: Sequence[Sequence[int]], storage: Any, segment: Any) -> None:
    writer = column_writer(storage, segment)
    kinds = [(name, column(name)) for name in NUMERIC]
    hits = column(HIT)
    for part, places in zip(parts, moved, strict=True):
        columns = [part.column(name) for name in NUMERIC]
        for doc, place in enumerate(places):
            if place < 0:
                continue
            writer.start_doc(place)
            for (name, kind), values in zip(kinds, columns, strict=True):
                writer.add_column_value(name, kind, values[doc])
            writer.add_column_value(HIT, hits, part.raw_hit(doc))
            writer.finish_doc()
    writer.close()
