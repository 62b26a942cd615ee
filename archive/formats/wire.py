"""How a task and its parts cross the pipe between us and a worker: length-prefixed JSON and raw bytes.

No pickle: a worker parses hostile files, and what a broken one sends must stay words.
"""

from __future__ import annotations

import json
import struct
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from archive.errors import ArchiveError
from archive.finding import Check, Finding
from archive.formats.format import Context, Part
from archive.limits import Limits
from archive.model import (
    Basis,
    Evidence,
    Method,
    Moment,
    Paragraph,
    ParagraphKind,
    Precision,
    Property,
    Reading,
    ReadingState,
    Span,
    Statement,
)

LENGTHS = struct.Struct("!IQ")
"""The beginning of a frame: bytes of JSON, bytes of payload."""

NO_PAYLOAD = (1 << 64) - 1
"""The payload's length where there is none (an empty one has length 0)."""


class BadFrame(ArchiveError):
    """What a worker sent is no part."""


def frame(message: dict[str, Any], payload: bytes | None = None) -> tuple[bytes, ...]:
    """The bytes to write for a message and its payload."""
    words = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    size = NO_PAYLOAD if payload is None else len(payload)
    return (LENGTHS.pack(len(words), size), words, payload or b"")


def context_out(context: Context) -> dict[str, Any]:
    """A context as JSON."""
    retrieved = context.retrieved and context.retrieved.astimezone(UTC).isoformat()
    return {
        "name": context.name,
        "address": context.address,
        "retrieved": retrieved,
        "language": context.language,
        "charset": context.charset,
        "columns": dict(context.columns),
        "limits": asdict(context.limits),
    }


def context_in(words: dict[str, Any]) -> Context:
    """The context that `context_out` wrote."""
    retrieved = words["retrieved"] and datetime.fromisoformat(words["retrieved"]).replace(tzinfo=UTC)
    return Context(**(words | {"retrieved": retrieved, "limits": Limits(**words["limits"])}))


def part_out(part: Part) -> dict[str, Any]:
    """A part without its payload as JSON."""
    return {
        "number": part.number,
        "place": part.place,
        "reading": reading_out(part.reading),
        "address": part.address,
        "statements": [_statement_out(statement) for statement in part.statements],
        "payload_digest": part.payload_digest,
        "revisit_of": part.revisit_of,
        "findings": [_finding_out(finding) for finding in part.findings],
    }


def part_in(words: dict[str, Any], payload: bytes | None) -> Part:
    """The part that `part_out` wrote; raises `BadFrame`."""
    try:
        return Part(
            words["number"],
            words["place"],
            reading_in(words["reading"]),
            payload,
            words["address"],
            tuple(map(_statement_in, words["statements"])),
            words["payload_digest"],
            words["revisit_of"],
            tuple(map(_finding_in, words["findings"])),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadFrame(f"a worker sent what is no part: {error!r}") from error


def _finding_out(finding: Finding) -> list[Any]:
    said = [finding.code, finding.subject, finding.expected, finding.found]
    return [*said, finding.check, finding.is_warning]


def _finding_in(words: list[Any]) -> Finding:
    code, subject, expected, found, check, is_warning = words
    return Finding(code, subject, expected, found, Check(check), is_warning)


def reading_out(reading: Reading) -> dict[str, Any]:
    """A reading as JSON."""
    return {
        "state": reading.state,
        "format": reading.format,
        "reader": [reading.reader.name, reading.reader.version],
        "text": reading.text,
        "paragraphs": [[p.span.start, p.span.end, p.kind] for p in reading.paragraphs],
        "statements": [_statement_out(statement) for statement in reading.statements],
        "reason": reading.reason,
    }


def reading_in(words: dict[str, Any]) -> Reading:
    """The reading that `reading_out` wrote."""
    return Reading(
        ReadingState(words["state"]),
        words["format"],
        Method(*words["reader"]),
        words["text"],
        tuple(Paragraph(Span(start, end), ParagraphKind(kind)) for start, end, kind in words["paragraphs"]),
        tuple(map(_statement_in, words["statements"])),
        words["reason"],
    )


def _statement_out(statement: Statement) -> list[Any]:
    evidence, when = statement.evidence, statement.moment
    span = evidence and evidence.span
    return [
        statement.about,
        statement.value,
        statement.basis,
        [statement.method.name, statement.method.version],
        evidence and [evidence.quote, span and [span.start, span.end], evidence.place],
        when and [when.at.isoformat(), when.precision, when.original, when.zone],
        statement.said_by,
    ]


def _statement_in(words: list[Any]) -> Statement:
    about, value, basis, method, evidence, when, said_by = words
    return Statement(
        Property(about),
        value,
        Basis(basis),
        Method(*method),
        evidence and Evidence(evidence[0], evidence[1] and Span(*evidence[1]), evidence[2]),
        when and Moment(datetime.fromisoformat(when[0]).replace(tzinfo=UTC), Precision(when[1]), *when[2:]),
        said_by,
    )
