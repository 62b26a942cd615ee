"""A batch of documents on its way into a segment: words are pooled by term and written a whole term at a
time.
"""

from __future__ import annotations

import sys
from array import array
from collections import Counter, deque
from collections.abc import Callable
from itertools import count
from operator import call
from typing import TYPE_CHECKING, Any

from index.engine.codec import TermWriter, column, column_writer, new_segment
from index.engine.layout import HIT, NUMERIC, PLACED, VOCABULARY, WHOLE
from index.engine.prepared import GAP, prepare
from index.tree import WORDY, stems
from index.words import Folding, form

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.model import Document

_BITS = 32
_DOC, _PLACE = (1, 0) if sys.byteorder == "little" else (0, 1)


class _Pool(dict[str, Callable[[int], None]]):
    """For each word as it is written, what takes its occurrences: version number and place in one integer.

    `lists` holds the occurrences of each folded word; many spellings of a word share one.
    """

    def __init__(self, folding: Folding) -> None:
        super().__init__()
        self._folding = folding
        self.lists: dict[str, array[int]] = {}

    def __missing__(self, word: str) -> Callable[[int], None]:
        folded = self._folding[word]
        found = self.lists.get(folded)
        if found is None:
            found = self.lists[folded] = array("Q")
        take = self[word] = found.append
        return take

    def take(self, found: Sequence[str], start: int) -> None:
        """Take in words that follow on one another from a place on."""
        # `for word in found: self[word](place); place += 1`, run outside of Python.
        deque(map(call, map(self.__getitem__, found), count(start)), maxlen=0)


_Counted = tuple[list[int], list[int]]
"""Versions, rising, and how often a word stands in each."""


class _Lists(dict[str, list[int]]):
    """Versions by value."""

    def __missing__(self, value: str) -> list[int]:
        found = self[value] = []
        return found


class Batch:
    """Documents pooled by their words; `write` makes a segment of them."""

    def __init__(self, folding: Folding | None = None) -> None:
        self._folding = Folding() if folding is None else folding
        self._placed: dict[tuple[str, str], _Pool] = {}
        self._whole = {name: _Lists() for name in WHOLE}
        self._rows: list[tuple[int, ...]] = []
        self._hits: list[bytes] = []

    def __len__(self) -> int:
        return len(self._hits)

    def add(self, document: Document) -> None:
        """Take in a document, wholly or, where it raises `BadDocument`, not at all."""
        ready = prepare(document)
        doc = len(self._hits)
        for field, stretches in ready.texts:
            place = doc << _BITS
            for found in stretches:
                if found:
                    self._pool(field, ready.language if field in WORDY else "").take(found, place)
                    place += len(found) + GAP
        for field, value in ready.wholes:
            self._whole[field][value].append(doc)
        self._rows.append(ready.row)
        self._hits.append(ready.hit)

    def _pool(self, field: str, language: str) -> _Pool:
        pool = self._placed.get((field, language))
        if pool is None:
            pool = self._placed[field, language] = _Pool(self._folding)
        return pool

    def write(self, storage: Any) -> Any:
        """Write the batch as a segment into Whoosh's storage; the segment."""
        segment = new_segment()
        segment.set_doc_count(len(self._hits))
        self._write_columns(storage, segment)
        terms = TermWriter(storage, segment)
        for name in sorted((*WHOLE, *PLACED)):
            if name in PLACED:
                self._write_placed(terms, name)
            else:
                self._write_whole(terms, name)
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
        for value, ids in sorted(self._whole[field].items()):
            terms.add(field, value.encode(), ids)

    def _write_placed(self, terms: TermWriter, field: str) -> None:
        """Write the words of a field, and where it is of running text their forms in each language."""
        pools = [(language, pool.lists) for (name, language), pool in self._placed.items() if name == field]
        forms: dict[str, list[_Counted]] = {}
        for word in sorted({word for _, lists in pools for word in lists}):
            having = [(language, lists[word]) for language, lists in pools if word in lists]
            counted = [_counted(found) for _, found in having]
            occurrences = having[0][1] if len(having) == 1 else _merged([found for _, found in having])
            ids, counts = _summed(counted)
            terms.add(field, word.encode(), ids, counts, _halves(occurrences, _PLACE))
            if field in WORDY:
                for (language, _), of_language in zip(having, counted, strict=True):
                    forms.setdefault(form(word, language), []).append(of_language)
        for term in sorted(forms):
            terms.add(stems(field), term.encode(), *_summed(forms[term]))

    def _write_vocabulary(self, storage: Any, segment: Any) -> None:
        shown = [pool.lists for (name, _), pool in self._placed.items() if name in ("text", "headline")]
        known = sorted({word for lists in shown for word in lists})
        with segment.create_file(storage, VOCABULARY) as file:
            file.write("\n".join(known).encode())


def _merged(pools: list[array[int]]) -> array[int]:
    return array("Q", sorted(occurrence for pool in pools for occurrence in pool))


def _halves(occurrences: array[int], which: int) -> list[int]:
    """Of each occurrence its version or its place: every second half, taken without a step of Python."""
    return memoryview(occurrences).cast("B").cast("I")[which::2].tolist()


def _counted(occurrences: array[int]) -> _Counted:
    """The versions in which a word stands, rising, and how often in each."""
    if len(occurrences) == 1:
        return [occurrences[0] >> _BITS], [1]
    counted = Counter(_halves(occurrences, _DOC))
    return list(counted), list(counted.values())


def _summed(counted: list[_Counted]) -> _Counted:
    if len(counted) == 1:
        return counted[0]
    total: dict[int, int] = {}
    for ids, counts in counted:
        for doc, often in zip(ids, counts, strict=True):
            total[doc] = total.get(doc, 0) + often
    ids = sorted(total)
    return ids, [total[doc] for doc in ids]
