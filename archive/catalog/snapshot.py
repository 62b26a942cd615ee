"""A copy of a catalogue that is a file, taken while it is in use."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from archive.catalog.retry import CatalogFailed, in_words

if TYPE_CHECKING:
    from pathlib import Path

    from archive.catalog.database import Database


def snapshot(database: Database, path: Path) -> None:
    """Write one state of the catalogue to a new file by SQLite's online backup; it needs no log beside it."""
    with in_words(), database.engine.connect() as connection, closing(sqlite3.connect(path)) as copy:
        source = connection.connection.driver_connection
        if not isinstance(source, sqlite3.Connection):
            raise TypeError("only a catalogue that is a file can be copied as one")
        try:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.Error as error:
            raise CatalogFailed(f"the catalogue could not be copied to {path}: {error}") from error
