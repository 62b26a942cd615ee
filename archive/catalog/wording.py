"""Texts that no database takes (a NUL, half a character) in a form that every one does.

What came from a command line, a mail header or a file's name can hold them, and one such text must not
keep a batch, or the recovery of one, from being recorded. They are written as escapes, `\\x00` or
`\\udc80`; the bytes that they came from are kept in the object as they were.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from archive.ledger.canonical import Json
    from archive.model import Statement
    from archive.record import Arrival

_UNRECORDABLE = re.compile("[\x00\ud800-\udfff]")
_BYTES = range(0xDC80, 0xDD00)
"""The halves of characters that stand for bytes which were not UTF-8 (PEP 383)."""

Text = TypeVar("Text", str, str | None)


def recordable(text: Text) -> Text:
    """The text itself, or with escapes for what cannot be recorded of it."""
    if not text or (text.isascii() and "\x00" not in text):
        return text
    return _UNRECORDABLE.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    point = ord(match.group())
    if point in _BYTES:
        return f"\\x{point - 0xDC00:02x}"
    return f"\\u{point:04x}" if point else "\\x00"


def recordable_json(value: Json) -> Json:
    """The value with every text in it in recordable form."""
    if isinstance(value, str):
        return recordable(value)
    if isinstance(value, Mapping):
        return {recordable(name): recordable_json(inner) for name, inner in value.items()}
    return [recordable_json(inner) for inner in value] if isinstance(value, Sequence) else value


def recordable_arrival(arrival: Arrival) -> Arrival:
    """The arrival with every text that is not taken from its canonical text in recordable form."""
    reading, within = arrival.reading, arrival.within
    return replace(
        arrival,
        name=recordable(arrival.name),
        said=tuple(map(_recordable_statement, arrival.said)),
        reading=replace(
            reading,
            statements=tuple(map(_recordable_statement, reading.statements)),
            reason=recordable(reading.reason),
        ),
        within=replace(
            within,
            place=recordable(within.place),
            payload_digest=recordable(within.payload_digest),
            revisit_of=recordable(within.revisit_of),
        )
        if within
        else None,
    )


def _recordable_statement(said: Statement) -> Statement:
    evidence, moment = said.evidence, said.moment
    wordings = [said.value, said.said_by]
    if evidence:
        wordings += [evidence.quote, evidence.place]
    if moment:
        wordings += [moment.original, moment.zone]
    if not any(words and _UNRECORDABLE.search(words) for words in wordings):
        return said
    return replace(
        said,
        value=recordable(said.value),
        said_by=recordable(said.said_by),
        evidence=evidence
        and replace(evidence, quote=recordable(evidence.quote), place=recordable(evidence.place)),
        moment=moment and replace(moment, original=recordable(moment.original), zone=recordable(moment.zone)),
    )
