"""How much is held, counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func
from sqlmodel import select

from archive.catalog.tables import (
    OF_OUTLETS,
    AccessionRow,
    CaptureRow,
    ItemRow,
    ObjectRow,
    StatementRow,
    VersionRow,
)

if TYPE_CHECKING:
    from sqlmodel import Session

    from archive.catalog.tables import Row


@dataclass(frozen=True, slots=True)
class Totals:
    """How much is held; `size` in bytes."""

    accessions: int
    items: int
    versions: int
    captures: int
    objects: int
    size: int
    events: int


def totals(session: Session, events: int) -> Totals:
    """The rows of each kind, and the bytes of all objects, beside this number of events."""
    size = session.exec(select(func.coalesce(func.sum(ObjectRow.size), 0))).one()
    return Totals(
        accessions=_count(session, AccessionRow),
        items=_count(session, ItemRow),
        versions=_count(session, VersionRow),
        captures=_count(session, CaptureRow),
        objects=_count(session, ObjectRow),
        size=int(size),
        events=events,
    )


def _count(session: Session, table: type[Row]) -> int:
    return session.exec(select(func.count()).select_from(table)).one()


def without_outlet(session: Session) -> int:
    """How many versions nobody names an outlet for."""
    # Just as the index of outlets says it, so that a database sees that it serves.
    named = select(StatementRow.id).where(OF_OUTLETS, StatementRow.version_id == VersionRow.id)
    query = select(func.count()).select_from(VersionRow).where(~named.exists())
    return session.exec(query).one()
