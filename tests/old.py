"""An archive made by the first Claimtrail, as a test asset: whole, and without its index, which is a cache."""

from __future__ import annotations

import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path
from typing import TypeAlias

ASSET = Path(__file__).parent / "assets" / "archive-0001.tar.xz"
"""Made by the code of migration 0001 from `seeds/port-ellery`, named by relative paths; 12 captures, a check."""

Rows: TypeAlias = dict[str, list[dict[str, object]]]


def unpack(directory: Path) -> Path:
    """The old archive, in a directory of its own."""
    place = directory / "old archive"
    with tarfile.open(ASSET) as packed:
        # Debian 12 has Python 3.11.2, whose archives know no filters yet; this one is our own.
        packed.extraction_filter = getattr(tarfile, "tar_filter", None)
        packed.extractall(place)
    return place


def rows_of(database: Path) -> Rows:
    """Every row of every table, each column by its name."""
    with closing(sqlite3.connect(database)) as connection:
        connection.row_factory = sqlite3.Row
        return {
            table: [dict(row) for row in connection.execute(f'SELECT * FROM "{table}"')]
            for (table,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table'"
            ).fetchall()
        }


def changed(before: Rows, after: Rows) -> list[str]:
    """What of the rows before is not as it was among the rows after; new tables, columns and rows may be there."""
    lost = [f"table {table}" for table in before if table not in after]
    for table in before.keys() - {"alembic_version"} & after.keys():
        columns = list(before[table][0]) if before[table] else []
        if after[table] and not set(columns) <= set(after[table][0]):
            lost.append(f"columns of {table}: {set(columns) - set(after[table][0])}")
            continue
        kept = {tuple(row[name] for name in columns) for row in after[table]}
        gone = [row for row in before[table] if tuple(row.values()) not in kept]
        lost += [f"row of {table}: {row}" for row in gone]
        if len(after[table]) < len(before[table]):
            lost.append(f"rows of {table}: {len(before[table])} before, {len(after[table])} after")
    return lost


def schema_of(database: Path) -> set[tuple[str, str, str]]:
    """What the database is made of, triggers and indexes too: kind, name, and statement without its white space.

    A column that a migration added stands at the end of its table in a grown database as in a fresh one.
    """
    with closing(sqlite3.connect(database)) as connection:
        made = connection.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_master").fetchall()
    return {(kind, name, " ".join(sql.split())) for kind, name, sql in made}
