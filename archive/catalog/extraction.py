"""Attributions over time: which extraction of a version counts, and entering a new one beside the old."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from archive.catalog.rows import attribution_values
from archive.catalog.tables import AttributionRow, ExtractionRow, JudgementRow, VersionRow
from archive.catalog.wording import recordable
from archive.record import EventType, Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from sqlalchemy import ColumnElement
    from sqlmodel import Session

    from archive.catalog.writing import Writer
    from archive.ledger.canonical import Json
    from archive.model import Attribution, Method
    from archive.record import Judgement, Version


def last_extraction() -> tuple[ColumnElement[bool], ...]:
    """Join conditions by which an attribution's row is of the last extraction of its version."""
    later = aliased(ExtractionRow)
    newest = (
        select(func.max(col(later.position)))
        .where(later.version_id == AttributionRow.version_id)
        .scalar_subquery()
    )
    return (
        col(ExtractionRow.version_id) == AttributionRow.version_id,
        col(ExtractionRow.method) == AttributionRow.method,
        col(ExtractionRow.method_version) == AttributionRow.method_version,
        col(ExtractionRow.position) == newest,
    )


def without_method(session: Session, methods: Sequence[Method], after: UUID | None, limit: int) -> list[UUID]:
    """Versions with a text that none of these methods has extracted from, in the order of their identifiers."""
    current = select(ExtractionRow.version_id).where(
        col(ExtractionRow.method_version).in_([method.version for method in methods])
    )
    query = select(VersionRow.id).where(
        col(VersionRow.text_digest).is_not(None), col(VersionRow.id).not_in(current)
    )
    if after is not None:
        query = query.where(col(VersionRow.id) > after)
    return list(session.exec(query.order_by(col(VersionRow.id)).limit(limit)))


def enter(writer: Writer, by: str, versions: Sequence[tuple[Version, Method, Sequence[Attribution]]]) -> None:
    """Enter new extractions beside those there are, with an event for each."""
    for version, method, made in versions:
        detail: dict[str, Json] = {
            "version": str(version.label),
            "method": str(method),
            "attributions": len(made),
            **_named(version),
        }
        position = writer.append(EventType.METADATA_EXTRACTION, str(version.id), Outcome.SUCCESS, by, detail)
        row = {
            "version_id": version.id,
            "method": method.name,
            "method_version": method.version,
            "position": position,
        }
        rows = [attribution_values(each, version.id, number) for number, each in enumerate(made)]
        writer.enter(ExtractionRow, [row], position)
        writer.enter(AttributionRow, rows, position)


def _named(version: Version) -> dict[str, Json]:
    """The digests of what is spoken of: the version's object and its canonical text."""
    return {"object": str(version.object), "text": str(version.text_digest) if version.text_digest else None}


def judge(
    writer: Writer,
    by: str,
    version: Version,
    made: tuple[Method, int],
    judgement: Judgement,
    source: str | None = None,
    note: str | None = None,
) -> None:
    """Enter an archivist's word on an attribution, given by its method and place, beside what was extracted."""
    method, number = made
    detail: dict[str, Json] = {
        "version": str(version.label),
        "attribution": number,
        "method": str(method),
        "judgement": judgement,
        **_named(version),
    }
    position = writer.append(EventType.METADATA_MODIFICATION, str(version.id), Outcome.SUCCESS, by, detail)
    row = {
        "id": writer.clock.new_id(),
        "version_id": version.id,
        "method": method.name,
        "method_version": method.version,
        "number": number,
        "judgement": judgement,
        "source": recordable(source),
        "note": recordable(note),
        "said_by": recordable(by),
        "recorded": writer.clock.now(),
        "position": position,
    }
    writer.enter(JudgementRow, [row], position)
