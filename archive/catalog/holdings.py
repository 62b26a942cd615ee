"""Versions with all that is recorded about them, in one query a table."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_
from sqlalchemy import select as sql_select
from sqlmodel import col, select

from archive.catalog.chunks import chunked
from archive.catalog.columns import table_of
from archive.catalog.extraction import last_extraction
from archive.catalog.findings import findings_of
from archive.catalog.rows import attribution_of, capture_of, judged_of, said_of
from archive.catalog.tables import (
    AccessionRow,
    AttributionRow,
    CaptureRow,
    ExtractionRow,
    JudgementRow,
    ObjectRow,
    ParagraphRow,
    PassageRow,
    Row,
    StatementRow,
    TextRow,
)
from archive.model import Paragraph, Passage, Span
from archive.record import Holding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID

    from sqlmodel import Session

    from archive.digest import Digest
    from archive.model import Attribution
    from archive.record import Capture, Judged, Said, Version


def holdings(session: Session, versions: Sequence[Version], *, structure: bool = True) -> list[Holding]:
    """Each version with its text, structure, captures, statements and attributions, in the order given.

    Without `structure` they have neither paragraphs nor passages, which are half of their rows.
    """
    return [held for some in chunked(versions) for held in _some(session, some, structure=structure)]


def _some(session: Session, versions: Sequence[Version], *, structure: bool) -> list[Holding]:
    ids = [version.id for version in versions]
    texts = _texts(session, versions)
    shaped = ids if structure else []
    paragraphs, passages = _paragraphs(session, shaped), _passages(session, shaped)
    captures, said = _captures(session, ids), _said(session, ids)
    attributions, judged = _attributions(session, ids), _judged(session, ids)
    findings = findings_of(session, {one.id: one.version_id for some in captures.values() for one in some})
    return [
        Holding(
            version,
            texts[version.text_digest] if version.text_digest else "",
            tuple(paragraphs[version.id]),
            tuple(passages[version.id]),
            tuple(captures[version.id]),
            tuple(said[version.id]),
            tuple(attributions[version.id]),
            tuple(judged[version.id]),
            tuple(findings[version.id]),
        )
        for version in versions
    ]


def _texts(session: Session, versions: Sequence[Version]) -> dict[Digest, str]:
    digests = {version.text_digest for version in versions if version.text_digest}
    query = select(col(TextRow.digest), TextRow.body).where(col(TextRow.digest).in_(digests))
    return {digest: body for digest, body in session.exec(query)}  # noqa: C416 - rows are not pairs to mypy


def _rows(session: Session, row: type[Row], ids: Sequence[UUID], *order: str) -> Iterator[Any]:
    """The rows of these versions without an object each: there are tens of them for a version."""
    columns = table_of(row).columns
    query = sql_select(*columns).where(columns.version_id.in_(ids))
    return iter(session.execute(query.order_by(*(columns[name] for name in order))))


def _paragraphs(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[Paragraph]]:
    found: dict[UUID, list[Paragraph]] = defaultdict(list)
    for row in _rows(session, ParagraphRow, ids, "version_id", "number") if ids else ():
        found[row.version_id].append(Paragraph(Span(row.start, row.end), row.kind))
    return found


def _passages(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[Passage]]:
    found: dict[UUID, list[Passage]] = defaultdict(list)
    for row in _rows(session, PassageRow, ids, "version_id", "number") if ids else ():
        found[row.version_id].append(Passage(row.number, Span(row.start, row.end), row.kind))
    return found


def _captures(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[Capture]]:
    query = (
        select(CaptureRow, AccessionRow.label, ObjectRow.size)
        .join(AccessionRow, col(AccessionRow.id) == CaptureRow.accession_id)
        .join(ObjectRow, col(ObjectRow.digest) == CaptureRow.object_digest)
        .where(col(CaptureRow.version_id).in_(ids))
        .order_by(col(CaptureRow.recorded), col(CaptureRow.id))
    )
    found: dict[UUID, list[Capture]] = defaultdict(list)
    for row, label, size in session.exec(query):
        found[row.version_id].append(capture_of(row, label, size))
    return found


def _said(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[Said]]:
    found: dict[UUID, list[Said]] = defaultdict(list)
    for row in _rows(session, StatementRow, ids, "recorded", "id"):
        found[row.version_id].append(said_of(row))
    return found


def _attributions(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[Attribution]]:
    """The attributions of the last extraction of each version; earlier ones stay recorded."""
    columns = table_of(AttributionRow).columns
    query = (
        sql_select(*columns)
        .join(table_of(ExtractionRow), and_(*last_extraction()))
        .where(columns.version_id.in_(ids))
        .order_by(columns.version_id, columns.number)
    )
    found: dict[UUID, list[Attribution]] = defaultdict(list)
    rows: Iterator[Any] = iter(session.execute(query))
    for row in rows:
        found[row.version_id].append(attribution_of(row))
    return found


def _judged(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[Judged]]:
    query = select(JudgementRow).where(col(JudgementRow.version_id).in_(ids))
    found: dict[UUID, list[Judged]] = defaultdict(list)
    for row in session.exec(query.order_by(col(JudgementRow.position))):
        found[row.version_id].append(judged_of(row))
    return found
