"""What is recorded already of what a batch of arrivals brings: captures, objects, texts, statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func
from sqlalchemy import select as sql_select
from sqlmodel import Session, col, select

from archive.catalog.chunks import chunked
from archive.catalog.tables import CaptureRow, ItemRow, ObjectRow, StatementRow, TextRow
from archive.digest import Digest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from archive.catalog.shelf import Shelf
    from archive.model import Statement
    from archive.record import Accession, Arrival


SaidKey = tuple[str, str, str, str | None]
"""What makes two statements about a version the same: property, value, basis, and who says so."""


def said_key(said: Statement | StatementRow) -> SaidKey:
    """By what a statement is known again."""
    return (said.about.value, said.value, said.basis.value, said.said_by)


def without_recorded(session: Session, arrivals: Sequence[Arrival]) -> list[Arrival]:
    """The arrivals whose captures are not in the catalogue."""
    done: set[UUID] = set()
    for ids in chunked([a.capture_id for a in arrivals]):
        done |= set(session.exec(select(CaptureRow.id).where(col(CaptureRow.id).in_(ids))))
    return [arrival for arrival in arrivals if arrival.capture_id not in done]


def items_in(session: Session, accession: Accession) -> int:
    """The highest number that an item of an accession has, 0 where it has none."""
    highest = select(func.max(ItemRow.number)).where(ItemRow.accession_id == accession.id)
    return session.exec(highest).one() or 0


def held_objects(session: Session, arrivals: Sequence[Arrival]) -> dict[Digest, dict[str, object]]:
    """The rows of the batch's objects that are recorded already, by digest."""
    copies = {a.object.digest for a in arrivals}
    containers = {a.within.container.digest for a in arrivals if a.within}
    columns = (col(ObjectRow.digest), col(ObjectRow.size), col(ObjectRow.recorded))
    return _rows_by_digest(session, columns, list(copies | containers))


def held_texts(session: Session, arrivals: Sequence[Arrival]) -> dict[Digest, dict[str, object]]:
    """The rows of the batch's canonical texts that are recorded already, without bodies, by digest.

    A text may have an object's digest as well.
    """
    digests = list({Digest.of_text(a.reading.text) for a in arrivals if a.reading.text})
    columns = (col(TextRow.digest), col(TextRow.rule), col(TextRow.unicode))
    return _rows_by_digest(session, columns, digests)


def _rows_by_digest(
    session: Session, columns: Sequence[Any], digests: Sequence[Digest]
) -> dict[Digest, dict[str, object]]:
    held: dict[Digest, dict[str, object]] = {}
    for some in chunked(digests):
        for row in session.execute(sql_select(*columns).where(columns[0].in_(some))).mappings():
            held[row["digest"]] = dict(row)
    return held


def already_said(session: Session, arrivals: Sequence[Arrival], shelf: Shelf) -> dict[UUID, set[SaidKey]]:
    """What is recorded of the versions that the batch may meet again."""
    met = {v.id for a in arrivals for v in shelf.versions_like(a)}
    said: dict[UUID, set[SaidKey]] = {}
    for ids in chunked(sorted(met)):
        rows = select(StatementRow).where(col(StatementRow.version_id).in_(ids))
        for row in session.exec(rows):
            said.setdefault(row.version_id, set()).add(said_key(row))
    return said
