"""Rows that no leaf stands for: counted, and named where there are some."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, and_, func, select

from archive.catalog.chunks import KEYS_A_QUERY
from archive.catalog.columns import columns_of, table_of
from archive.catalog.copy_tables import (
    ReplicaCheckRow,
    ReplicaCopyRow,
    ReplicaEndRow,
    ReplicaRow,
    ScheduleRow,
)
from archive.catalog.fixity_tables import FixityPlanRow, ObjectDigestRow
from archive.catalog.ledger_rows import OpeningRow
from archive.catalog.tables import (
    AccessionRow,
    AttributionRow,
    CaptureRow,
    EventRow,
    ExtractionRow,
    FixityEndRow,
    FixityRunRow,
    ItemRow,
    JudgementRow,
    ObjectRow,
    OutletActRow,
    ParagraphRow,
    PassageRow,
    Row,
    StatementRow,
    TextRow,
    VersionRow,
)
from archive.record import EventType

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlmodel import Session

FEW = 5
"""How many of them are named."""

COUNTED: tuple[type[Row], ...] = (
    AccessionRow,
    VersionRow,
    ParagraphRow,
    PassageRow,
    CaptureRow,
    StatementRow,
    ExtractionRow,
    AttributionRow,
    JudgementRow,
    OutletActRow,
    FixityRunRow,
    FixityEndRow,
    ObjectDigestRow,
    FixityPlanRow,
    OpeningRow,
    ScheduleRow,
    ReplicaRow,
    ReplicaEndRow,
    ReplicaCopyRow,
    ReplicaCheckRow,
)
"""Tables each of whose rows stands under exactly one leaf; objects, texts and items may be named by several."""

ENDED: dict[type[Row], str] = {FixityRunRow: "id", FixityPlanRow: "run_id"}
"""Tables whose rows stand under the leaf of a run's end, with the run's column: one that was cut off has none yet."""


def counts(session: Session) -> dict[str, int]:
    """How many rows each table has of which each stands under one leaf."""
    return {str(table.__tablename__): _count(session, table) for table in COUNTED}


def _count(session: Session, table: type[Row]) -> int:
    query = select(func.count()).select_from(table_of(table))
    if table in ENDED:
        query = query.where(table_of(table).c[ENDED[table]].in_(select(table_of(FixityEndRow).c.run_id)))
    count: int = session.execute(query).scalar_one()
    return count


def without_leaf(session: Session, name: str) -> list[str]:
    """The keys of rows of a table that no leaf stands for, the first few."""
    table = next(each for each in COUNTED if each.__tablename__ == name)
    if table is CaptureRow:
        return _captures(session)[:FEW]
    return [_key(table, row) for row in session.execute(_strays(table).limit(FEW))]


def unnamed(session: Session) -> Iterator[tuple[str, str]]:
    """Objects, texts and items that nothing recorded speaks of: table and key, the first few of each."""
    capture, version = table_of(CaptureRow), table_of(VersionRow)
    held, text, item = table_of(ObjectRow), table_of(TextRow), table_of(ItemRow)
    queries = {
        "object": select(held.c.digest).where(
            ~select(capture.c.id).where(capture.c.object_digest == held.c.digest).exists(),
            ~select(capture.c.id).where(capture.c.container_digest == held.c.digest).exists(),
        ),
        "text": select(text.c.digest).where(
            ~select(version.c.id).where(version.c.text_digest == text.c.digest).exists()
        ),
        "item": select(item.c.label).where(
            ~select(version.c.id).where(version.c.item_id == item.c.id, version.c.number == 1).exists()
        ),
    }
    for name, query in queries.items():
        for key in session.execute(query.limit(FEW)).scalars():
            yield name, str(key)


def _captures(session: Session) -> list[str]:
    """Captures that no event is about."""
    capture, event, found, after = table_of(CaptureRow), table_of(EventRow), list[str](), None
    while len(found) < FEW:
        query = select(capture.c.id).order_by(capture.c.id).limit(KEYS_A_QUERY)
        page = list(session.execute(query.where(capture.c.id > after) if after else query).scalars())
        if not page:
            break
        subjects = [str(each) for each in page]
        about = select(event.c.subject).where(
            event.c.subject.in_(subjects), event.c.type == EventType.CAPTURE
        )
        told = set(session.execute(about).scalars())
        found += [each for each in subjects if each not in told]
        after = page[-1]
    return found


def _strays(table: type[Row]) -> Select[Any]:
    """Rows of a table whose leaf is not there."""
    rows, event = table_of(table), table_of(EventRow)
    query = select(*columns_of(table))
    if table is AccessionRow:
        opens = and_(event.c.subject == rows.c.label, event.c.type == EventType.ACCESSION)
        return query.where(~select(event.c.id).where(opens).exists())
    if "position" in rows.c:
        return query.where(~select(event.c.id).where(event.c.position == rows.c.position).exists())
    parents: dict[type[Row], tuple[str, type[Row], str]] = {
        ParagraphRow: ("version_id", VersionRow, "id"),
        PassageRow: ("version_id", VersionRow, "id"),
        AttributionRow: ("version_id", ExtractionRow, "version_id"),
        StatementRow: ("capture_id", CaptureRow, "id"),
        FixityRunRow: ("id", FixityEndRow, "run_id"),
        FixityPlanRow: ("run_id", FixityEndRow, "run_id"),
    }
    column, parent, key = parents[table]
    above = table_of(parent)
    return query.where(~select(above.c[key]).where(above.c[key] == rows.c[column]).exists())


def _key(table: type[Row], row: Any) -> str:
    """A row by its key, as a person can look it up."""
    keys: Sequence[Any] = list(table_of(table).primary_key.columns)
    return ", ".join(str(getattr(row, column.name)) for column in keys)
