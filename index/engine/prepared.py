"""A document made ready for an index, whichever engine keeps it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from index.errors import IndexFailure
from index.tree import values
from index.words import split, stemmed_as

if TYPE_CHECKING:
    from collections.abc import Iterable

    from index.model import Document

MOST_WORDS = (1 << 24) - 1
"""Words of one text that can be told apart by their places."""

GAP = 1_000
"""Places left free between two quotations or names of one version, so that no phrase spans them."""

UNKNOWN = -(1 << 63)
"""Stands for a time that is not known."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class BadDocument(IndexFailure):
    """A document cannot be indexed as it is."""


def microseconds(moment: datetime | None) -> int:
    """A time as it is kept in a column."""
    return UNKNOWN if moment is None else (moment - EPOCH) // _MICROSECOND


def hashed(name: str) -> int:
    """A name as an integer of 64 bits, for columns that are only compared."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) or 1


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document as it goes into an index: words by field and stretch, whole values, a row of numbers, the
    hit.
    """

    texts: list[tuple[str, list[list[str]]]]
    wholes: list[tuple[str, str]]
    row: tuple[int, ...]
    hit: bytes
    language: str


def prepare(document: Document) -> Prepared:
    """Everything an engine needs of a document; raises `BadDocument` before any of it is in an index."""
    try:
        texts, wholes = _texts(document), _wholes(document)
        row = _row(document, sum(map(len, texts[0][1])))
        return Prepared(texts, wholes, row, _hit(document), stemmed_as(document.language))
    except (TypeError, AttributeError) as error:
        raise BadDocument(f"{document.key}: one of its fields is not what it should be ({error})") from error


def _texts(document: Document) -> list[tuple[str, list[list[str]]]]:
    parts: tuple[tuple[str, Iterable[str]], ...] = (
        ("text", (document.text,)),
        ("headline", (document.headline,)),
        ("quoted", document.quoted),
        ("byline", (document.byline,)),
        ("outlet", (document.outlet,)),
        ("source", document.sources),
        ("section", (document.section,)),
    )
    found = [(field, [split(text) for text in texts]) for field, texts in parts]
    if any(sum(len(words) + GAP for words in stretches) > MOST_WORDS for _, stretches in found):
        raise BadDocument(f"{document.key}: a text of so many words cannot be indexed")
    return found


def _wholes(document: Document) -> list[tuple[str, str]]:
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


def _row(document: Document, length: int) -> tuple[int, ...]:
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


def _hit(document: Document) -> bytes:
    return json.dumps([document.key, document.item, document.label], ensure_ascii=True).encode()


def _check(document: Document, field: str, value: str) -> None:
    try:
        if len(value.encode()) > 1 << 15:
            raise BadDocument(f"{document.key}: its {field} is too long to be indexed")
    except UnicodeEncodeError as error:
        raise BadDocument(f"{document.key}: its {field} is not sound text") from error
