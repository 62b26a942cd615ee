"""The fields of an index kept by tantivy, and documents in them.

Words are folded and stemmed by us and handed over with spaces between them, so that both engines find the
same.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from index.engine.layout import PLACED, WHOLE
from index.engine.prepared import UNKNOWN, Prepared
from index.tree import NAMED, WORDY, stems
from index.words import Folding, form

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

SPACED = "spaced"
NUMBERS = ("number_of_version", "position", "published", "retrieved", "recorded")
HASHES = ("item_hash", "same_hash")
HIT = "hit"
_MOST = 200_000


def tantivy() -> Any:
    """The library; an index of this kind is only opened where it is installed."""
    return importlib.import_module("tantivy")


def schema() -> Any:
    """The fields, as tantivy wants them told."""
    builder = tantivy().SchemaBuilder()
    for field in PLACED:
        builder.add_text_field(field, stored=True, tokenizer_name=SPACED, index_option="position")
    for field in WORDY:
        builder.add_text_field(stems(field), tokenizer_name=SPACED, index_option="freq")
    for field in WHOLE:
        builder.add_text_field(field, tokenizer_name="raw", index_option="basic")
    for field in NUMBERS:
        builder.add_integer_field(field, fast=True, indexed=True)
    for field in HASHES:
        builder.add_unsigned_field(field, fast=True)
    builder.add_text_field(HIT, stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def opened(path: Path) -> Any:
    """The index in a directory, made where there is none."""
    library = tantivy()
    index = library.Index(schema(), path=str(path), reuse=True)
    index.register_tokenizer(SPACED, library.TextAnalyzerBuilder(library.Tokenizer.whitespace()).build())
    return index


class Forms(dict[str, str]):
    """For each word as it is split off, the term that stands for its forms in a language."""

    def __init__(self, language: str, folding: Folding) -> None:
        super().__init__()
        self._language, self._folding = language, folding

    def __missing__(self, word: str) -> str:
        if len(self) >= _MOST:
            self.clear()
        found = self[word] = form(self._folding[word], self._language)
        return found


class Wording:
    """How words are folded and stemmed while documents are laid out."""

    def __init__(self) -> None:
        self.folding = Folding()
        self._forms: dict[str, Forms] = {}

    def forms(self, language: str) -> Forms:
        """The forms of words in a language."""
        found = self._forms.get(language)
        if found is None:
            found = self._forms[language] = Forms(language, self.folding)
        return found


def document(ready: Prepared, wording: Wording) -> Any:
    """A document as tantivy takes it."""
    fold, stemmed = wording.folding.__getitem__, wording.forms(ready.language).__getitem__
    made = tantivy().Document()
    for field, stretches in ready.texts:
        for stretch in stretches:
            made.add_text(field, " ".join(map(fold, stretch)))
            if field in WORDY:
                made.add_text(stems(field), " ".join(map(stemmed, stretch)))
    for field, value in ready.wholes:
        made.add_text(field, value)
    _, number, position, published, retrieved, recorded, item, same = ready.row
    for field, count in zip(NUMBERS, (number, position, published, retrieved, recorded), strict=True):
        if count != UNKNOWN:
            made.add_integer(field, count)
    made.add_unsigned("item_hash", item)
    made.add_unsigned("same_hash", same)
    made.add_text(HIT, ready.hit.decode())
    return made


def words_of(stored: Any, fields: Iterable[str]) -> list[list[str]]:
    """The folded words of a stored document, a list for each stretch."""
    return [stretch.split(" ") for field in fields for stretch in stored.get_all(field)]


__all__ = ["HIT", "NAMED", "NUMBERS", "document", "opened", "schema", "tantivy", "words_of"]
