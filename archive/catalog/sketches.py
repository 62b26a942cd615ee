"""Versions as following a claim must know them: a bounded number of narrow queries, however many they are."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import select as sql_select
from sqlmodel import col, select

from archive.catalog.chunks import chunked
from archive.catalog.rows import said_of
from archive.catalog.tables import ItemRow, PassageRow, StatementRow, TextRow, VersionRow
from archive.label import Label
from archive.model import Passage, Property, Span
from archive.record import Sketch

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from uuid import UUID

    from sqlmodel import Session

    from archive.model import Statement

TOLD = (
    Property.TITLE,
    Property.OUTLET,
    Property.PUBLISHED,
    Property.RETRIEVED,
    Property.EXTERNAL_ID,
)
"""What is said of a version that the ranking and its lines need."""


def sketches(session: Session, ids: Collection[UUID]) -> dict[UUID, Sketch]:
    """Each of these versions, by its identifier."""
    return {each.id: each for some in chunked(list(ids)) for each in _some(session, some)}


def _some(session: Session, ids: Sequence[UUID]) -> Iterable[Sketch]:
    passages, said = _passages(session, ids), _said(session, ids)
    query = (
        sql_select(col(VersionRow.id), col(ItemRow.label), col(VersionRow.number), col(VersionRow.recorded))
        .add_columns(col(TextRow.body))
        .join(ItemRow, col(ItemRow.id) == VersionRow.item_id)
        .outerjoin(TextRow, col(TextRow.digest) == VersionRow.text_digest)
        .where(col(VersionRow.id).in_(ids))
    )
    for key, item, number, recorded, body in session.execute(query):
        label = Label.parse(item).at_version(number)
        yield Sketch(key, label, recorded, body or "", tuple(passages[key]), tuple(said[key]))


def _passages(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[Passage]]:
    query = (
        sql_select(col(PassageRow.version_id), col(PassageRow.number), col(PassageRow.start))
        .add_columns(col(PassageRow.end))
        .add_columns(col(PassageRow.kind))
        .where(col(PassageRow.version_id).in_(ids))
        .order_by(col(PassageRow.version_id), col(PassageRow.number))
    )
    found: dict[UUID, list[Passage]] = defaultdict(list)
    for key, number, start, end, kind in session.execute(query):
        found[key].append(Passage(number, Span(start, end), kind))
    return found


def _said(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[Statement]]:
    """What is said of each version, narrowed here: by property as well, SQLite would go through them all."""
    query = (
        select(StatementRow)
        .where(col(StatementRow.version_id).in_(ids))
        .order_by(col(StatementRow.recorded), col(StatementRow.id))
    )
    found: dict[UUID, list[Statement]] = defaultdict(list)
    for row in session.exec(query):
        if row.about in TOLD:
            found[row.version_id].append(said_of(row).statement)
    return found
