"""Puts a reading together: canonical text from paragraphs, and statements with their evidence."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from archive.model import (
    Basis,
    Evidence,
    Method,
    Paragraph,
    ParagraphKind,
    Property,
    Reading,
    ReadingState,
    Span,
    Statement,
)
from archive.text.canonical import canonical, canonical_paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archive.model import Moment

Block = tuple[ParagraphKind, str]
"""A paragraph before it is made canonical: its kind and its words."""


@cache
def library(name: str) -> Method:
    """An installed library as a method, `trafilatura/2.3.1`."""
    try:
        return Method(name, version(name))
    except PackageNotFoundError:
        return Method(name, "unknown")


def claim(
    about: Property,
    value: str,
    method: Method,
    place: str,
    quote: str | None = None,
    moment: Moment | None = None,
) -> Statement:
    """What the file itself says, with its words and the place where they stand."""
    evidence = Evidence(canonical_paragraph(quote if quote is not None else value), place=place)
    return Statement(about, value, Basis.CLAIMED, method, evidence, moment)


def infer(about: Property, value: str, method: Method, place: str | None = None) -> Statement:
    """What was computed from the file."""
    evidence = Evidence(value, place=place) if place else None
    return Statement(about, value, Basis.INFERRED, method, evidence)


def anchored(statement: Statement, text: str) -> Statement:
    """The same statement, with the span of its words where they stand in the text once or first."""
    evidence = statement.evidence
    if evidence is None or evidence.span is not None or not evidence.quote:
        return statement
    start = text.find(evidence.quote)
    if start < 0:
        return statement
    span = Span(start, start + len(evidence.quote))
    return Statement(
        statement.about,
        statement.value,
        statement.basis,
        statement.method,
        Evidence(evidence.quote, span, evidence.place),
        statement.moment,
        statement.said_by,
    )


def compose(
    name: str,
    reader: Method,
    blocks: Iterable[Block],
    statements: Iterable[Statement] = (),
    nothing: str = "",
) -> Reading:
    """A reading of the blocks: `read`, or `empty` where no readable text is in them.

    `nothing` says why there may be no text.
    """
    kept = [(kind, line) for kind, text in blocks if (line := canonical_paragraph(text))]
    made = canonical(line for _, line in kept)
    paragraphs = tuple(Paragraph(span, kind) for (kind, _), span in zip(kept, made.paragraphs, strict=True))
    said = tuple(anchored(statement, made.text) for statement in statements)
    if not made.text:
        reason = nothing or "no readable text was found in it"
        return Reading(ReadingState.EMPTY, name, reader, statements=said, reason=reason)
    return Reading(ReadingState.READ, name, reader, made.text, paragraphs, said)


def unread(state: ReadingState, name: str, reader: Method, reason: str) -> Reading:
    """A reading that did not come about, and why."""
    return Reading(state, name, reader, reason=reason)
