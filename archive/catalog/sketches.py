"""Versions as following a claim must know them: a bounded number of narrow queries, however many they are."""

from __future__ import annotations

from collections import defaultdict
from operator import attrgetter
from typing import TYPE_CHECKING

from sqlalchemy import select as sql_select
from sqlmodel import col

from archive.catalog.chunks import chunked
from archive.catalog.columns import table_of
from archive.catalog.rows import statement_of
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

STATEMENT = ("about", "value", "basis", "method", "method_version", "said_by")
EVIDENCE = ("quote", "start", "end", "place")
MOMENT = ("at", "precision", "original", "zone")
"""The columns of which a statement is made."""

NUMBER = attrgetter("number")


def sketches(session: Session, ids: Collection[UUID]) -> dict[UUID, Sketch]:
    """Each of these versions, by its identifier."""
    return {each.id: each for some in chunked(list(ids)) for each in _some(session, some)}


def _some(session: Session, ids: Sequence[UUID]) -> Iterable[Sketch]:
    passages, said = _passages(session, ids), _said(session, ids)
    query = (
        sql_select(col(VersionRow.id), col(ItemRow.label), col(VersionRow.number), col(VersionRow.recorded))
        .add_columns(col(TextRow.body), col(VersionRow.position))
        .join(ItemRow, col(ItemRow.id) == VersionRow.item_id)
        .outerjoin(TextRow, col(TextRow.digest) == VersionRow.text_digest)
        .where(col(VersionRow.id).in_(ids))
    )
    for key, item, number, recorded, body, at in session.execute(query):
        label = Label.parse(item).at_version(number)
        yield Sketch(key, label, recorded, body or "", tuple(passages.get(at, ())), tuple(said[at]))


def _passages(session: Session, ids: Sequence[UUID]) -> dict[int, list[Passage]]:
    """By the position in the ledger: to read an identifier for each of thousands of rows takes longer than the rest."""
    query = (
        sql_select(col(VersionRow.position), col(PassageRow.number), col(PassageRow.start))
        .add_columns(col(PassageRow.end))
        .add_columns(col(PassageRow.kind))
        .join(PassageRow, col(PassageRow.version_id) == VersionRow.id)
        .where(col(VersionRow.id).in_(ids))
    )
    found: dict[int, list[Passage]] = defaultdict(list)
    for at, number, start, end, kind in session.execute(query):
        found[at].append(Passage(number, Span(start, end), kind))
    return {at: sorted(some, key=NUMBER) for at, some in found.items()}


def _said(session: Session, ids: Sequence[UUID]) -> dict[int, list[Statement]]:
    """What is said of each version, narrowed here: by property as well, SQLite would go through them all."""
    query = (
        sql_select(
            col(VersionRow.position),
            *(table_of(StatementRow).columns[name] for name in (*STATEMENT, *EVIDENCE, *MOMENT)),
        )
        .join(StatementRow, col(StatementRow.version_id) == VersionRow.id)
        .where(col(VersionRow.id).in_(ids))
        .order_by(col(StatementRow.recorded), col(StatementRow.id))
    )
    found: dict[int, list[Statement]] = defaultdict(list)
    for row in session.execute(query):
        if row.about in TOLD:
            found[row.position].append(statement_of(row))
    return found
