"""Versions of which something was recorded after they were: another capture, extraction or judgement."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from sqlmodel import col, select

from archive.catalog.chunks import chunked
from archive.catalog.tables import CaptureRow, EventRow
from archive.record import EventType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlmodel import Session

TELLING = (EventType.CAPTURE, EventType.METADATA_EXTRACTION, EventType.METADATA_MODIFICATION)
"""Events that say something new of a version."""

EVENTS_A_PAGE = 500


def touched(session: Session, position: int) -> Iterator[set[UUID]]:
    """The versions that events at this position of the ledger or later speak of, a page of events at a time."""
    while True:
        query = select(EventRow.position, col(EventRow.type), EventRow.subject).where(
            EventRow.position >= position, col(EventRow.type).in_(TELLING)
        )
        page = session.exec(query.order_by(col(EventRow.position)).limit(EVENTS_A_PAGE)).all()
        subjects = [(kind, _identifier(subject)) for _, kind, subject in page]
        found = {each for kind, each in subjects if each and kind is not EventType.CAPTURE}
        captures = [each for kind, each in subjects if each and kind is EventType.CAPTURE]
        for some in chunked(captures):
            found |= set(session.exec(select(CaptureRow.version_id).where(col(CaptureRow.id).in_(some))))
        yield found
        if len(page) < EVENTS_A_PAGE:
            return
        position = page[-1][0] + 1


def _identifier(subject: str) -> UUID | None:
    """The identifier that a subject is; an act upon the authority file speaks of an outlet, which has none."""
    try:
        return UUID(subject)
    except ValueError:
        return None
