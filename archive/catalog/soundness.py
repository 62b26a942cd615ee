"""Whether the database is sound by its own account: its file or pages, its indexes, its references."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import String, cast, text
from sqlalchemy import select as sql_select
from sqlalchemy.exc import DBAPIError

from archive.catalog.columns import METADATA

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ForeignKey, Table
    from sqlmodel import Session

SHOWN = 20
"""How many rows without a parent are named of each reference, and faults of a file in all."""

_INDEXES = "SELECT count(bt_index_check(indexrelid)) FROM pg_index WHERE indrelid = '\"{}\"'::regclass AND indisvalid"


def faults(session: Session) -> Iterator[str]:
    """What the database itself finds wrong, in words."""
    if session.get_bind().dialect.name == "sqlite":
        yield from _file_faults(session)
    else:
        yield from _server_faults(session)
        yield from _without_parent(session)


def _file_faults(session: Session) -> Iterator[str]:
    """What SQLite finds wrong with its file, and rows whose parent is not there."""
    connection = session.connection()
    for (fault,) in connection.exec_driver_sql(f"PRAGMA integrity_check({SHOWN})").fetchall():
        if fault != "ok":
            yield fault
    for table, row, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()[:SHOWN]:
        yield f"row {row} of {table} has no parent in {parent}"


def _server_faults(session: Session) -> Iterator[str]:
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


def _without_parent(session: Session) -> Iterator[str]:
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
