"""What must hold between the rows, whatever the database: asked in SQL, a question an invariant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, String, cast, func, literal, or_, text
from sqlalchemy import select as sql_select
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from archive.catalog.columns import METADATA
from archive.catalog.fixity_tables import FixityOpenRow, FixityShelfRow
from archive.catalog.tables import (
    AccessionRow,
    CaptureRow,
    ItemRow,
    ObjectRow,
    TextRow,
    VersionRow,
)
from archive.model import ReadingState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ForeignKey, Select, Table
    from sqlmodel import Session

SHOWN = 20
"""How many rows that break an invariant are named; the database is asked for no more."""


_INDEXES = "SELECT count(bt_index_check(indexrelid)) FROM pg_index WHERE indrelid = '\"{}\"'::regclass AND indisvalid"


def broken(session: Session) -> Iterator[str]:
    """Each row that breaks an invariant, in words; no more than `SHOWN` an invariant."""
    for words, question in _questions():
        for row in session.execute(question.limit(SHOWN)):
            yield words.format(*row)
    yield from _uncounted(session)


def without_parent(session: Session) -> Iterator[str]:
    """Rows whose parent is not there, by every foreign key the catalogue has."""
    for table in METADATA.sorted_tables:
        for key in sorted(table.foreign_keys, key=str):
            yield from _orphans(session, table, key)


def _orphans(session: Session, table: Table, key: ForeignKey) -> Iterator[str]:
    parent, name = key.column.table, key.parent.name
    child, above = table.alias("child"), parent.alias("above")
    query = (
        sql_select(cast(child.c[name], String))
        .select_from(child.outerjoin(above, above.c[key.column.name] == child.c[name]))
        .where(child.c[name].is_not(None), above.c[key.column.name].is_(None))
    )
    for (value,) in session.execute(query.limit(SHOWN)):
        yield f"a row of {table.name} names {name} {value}, which is not in {parent.name}"


def _questions() -> Iterator[tuple[str, Select[*tuple[Any, ...]]]]:
    version, item, capture = VersionRow, ItemRow, CaptureRow
    numbers = (
        sql_select(col(item.label), func.count(), func.max(col(version.number)))
        .join(version, col(version.item_id) == col(item.id), isouter=True)
        .group_by(col(item.label))
        .having(or_(func.count(col(version.number)) != func.coalesce(func.max(col(version.number)), -1)))
    )
    yield "item {0} has {1} versions, numbered up to {2}", numbers
    items = (
        sql_select(col(AccessionRow.label), func.count(), func.max(col(item.number)))
        .join(item, col(item.accession_id) == col(AccessionRow.id))
        .group_by(col(AccessionRow.label))
        .having(func.count() != func.max(col(item.number)))
    )
    yield "accession {0} has {1} items, numbered up to {2}", items
    expected = col(AccessionRow.label) + literal(".") + cast(col(item.number), String)
    labels = sql_select(col(item.label), expected).join(
        AccessionRow, col(AccessionRow.id) == col(item.accession_id)
    )
    yield "item {0} should be labelled {1}", labels.where(col(item.label) != expected)
    label = sql_select(col(item.label), col(version.number)).join(
        version, col(version.item_id) == col(item.id)
    )
    captured = sql_select(literal(1)).where(col(capture.version_id) == col(version.id)).exists()
    yield "version {0}@{1} has no capture", label.where(~captured)
    of_it = (
        sql_select(literal(1))
        .where(
            col(capture.version_id) == col(version.id),
            col(capture.object_digest) == col(version.object_digest),
        )
        .exists()
    )
    yield "version {0}@{1} was captured, but not from the object it names", label.where(captured, ~of_it)
    has_text = col(version.text_digest).is_not(None)
    is_read = col(version.state) == ReadingState.READ
    yield (
        "version {0}@{1} has a text and was not read, or was read and has none",
        label.where(or_(has_text & ~is_read, is_read & ~has_text)),
    )
    container = sql_select(cast(col(capture.id), String), col(capture.container_digest)).where(
        col(capture.container_digest).is_not(None),
        ~sql_select(literal(1)).where(col(ObjectRow.digest) == col(capture.container_digest)).exists(),
    )
    yield "capture {0} names container {1}, which is not recorded", container
    unnamed = sql_select(col(ObjectRow.digest)).where(
        ~sql_select(literal(1)).where(col(capture.object_digest) == col(ObjectRow.digest)).exists(),
        ~sql_select(literal(1)).where(col(capture.container_digest) == col(ObjectRow.digest)).exists(),
    )
    yield "object {0} is recorded, and no capture names it", unnamed
    unused = sql_select(col(TextRow.digest)).where(
        ~sql_select(literal(1)).where(col(version.text_digest) == col(TextRow.digest)).exists()
    )
    yield "text {0} is recorded, and no version has it", unused


def _uncounted(session: Session) -> Iterator[str]:
    """Every object is among those to be checked first, or on a shelf of those found intact, and in one place only."""
    shelved = func.coalesce(func.sum(FixityShelfRow.objects), 0)
    lengths = func.coalesce(func.sum(func.length(FixityShelfRow.digests)), 0)
    on_shelves, size = session.execute(sql_select(cast(shelved, Integer), lengths)).one()
    unproven = session.execute(sql_select(func.count()).select_from(FixityOpenRow)).scalar_one()
    objects = session.execute(sql_select(func.count()).select_from(ObjectRow)).scalar_one()
    if on_shelves + unproven != objects or int(size) != 32 * on_shelves:
        yield (
            f"{objects} objects are recorded, {on_shelves + unproven} are accounted for by checks: "
            "the next check reads them all (`claimtrail verify --anew`)"
        )


def server_faults(session: Session) -> Iterator[str]:
    """What PostgreSQL finds wrong: every row is read whole, and indexes are checked where `amcheck` is installed.

    Reading finds what the checksums of pages tell, where the cluster was made with them.
    """
    for table in METADATA.sorted_tables:
        whole = f'SELECT count(CAST(each AS text)) FROM "{table.name}" AS each'  # noqa: S608 - a name of ours
        yield from _asked(session, f"table {table.name}", whole)
    installed = session.execute(text("SELECT count(*) FROM pg_extension WHERE extname = 'amcheck'"))
    if not installed.scalar_one():
        return
    for table in METADATA.sorted_tables:
        yield from _asked(session, f"indexes of {table.name}", _INDEXES.format(table.name))


def _asked(session: Session, of: str, statement: str) -> Iterator[str]:
    try:
        with session.begin_nested():
            session.execute(text(statement))
    except DBAPIError as error:
        yield f"{of}: {error.orig}"
