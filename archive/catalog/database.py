"""Connections: SQLite with durable settings, PostgreSQL as it comes, and a read-only way in.

SQLite commits are made by hand: its Python driver as it comes lost updates under concurrent writers, so
every transaction begins with our own BEGIN, a writer's with BEGIN IMMEDIATE.
"""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from archive.errors import ArchiveError, ExitCode

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

BUSY_MILLISECONDS = 500
"""How long one attempt to begin waits for another writer before the retry loop says that it waits."""

_WRITES = "claimtrail_writes"


class CatalogNotThere(ArchiveError):
    """The catalogue's file is not where the archive says."""

    exit_code = ExitCode.NO_ARCHIVE


class UnfinishedWrites(ArchiveError):
    """A read-only catalogue has a write-ahead log that only a writer can take in."""


class BadCatalogAddress(ArchiveError):
    """The catalogue's address names no database we know."""

    exit_code = ExitCode.USAGE


@dataclass(frozen=True, slots=True)
class Database:
    """An engine for reading, the same for writing, and whether writing is possible."""

    engine: Engine
    writable: bool

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.engine.dialect.name == "sqlite"

    def reading(self) -> Engine:
        """The engine whose transactions see one state from beginning to end."""
        if self.is_sqlite:
            return self.engine
        return self.engine.execution_options(isolation_level="REPEATABLE READ")

    def writing(self) -> Engine:
        """The engine whose transactions take the writer's lock as they begin."""
        return self.engine.execution_options(**{_WRITES: True})

    def close(self) -> None:
        """Give back every connection; the last one out takes in SQLite's write-ahead log."""
        self.engine.dispose()


def open_database(address: str, *, create: bool = False) -> Database:
    """Connect to `sqlite:PATH` or `postgresql://...`; raises where it is not there or not an address."""
    if address.startswith("sqlite:"):
        return _open_sqlite(Path(address.removeprefix("sqlite:")), create=create)
    if address.startswith(("postgresql:", "postgresql+psycopg:")):
        return _open_postgresql(address)
    raise BadCatalogAddress(f"a catalogue is sqlite:PATH or postgresql://..., not {address!r}")


def _open_postgresql(address: str) -> Database:
    try:
        url = make_url(address).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError) as error:
        raise BadCatalogAddress(
            "the catalogue's address cannot be read: postgresql://USER@HOST/NAME"
        ) from error
    try:
        engine = create_engine(url, isolation_level="READ COMMITTED")
    except ImportError as error:
        raise BadCatalogAddress("PostgreSQL needs the extra: pip install 'claimtrail[postgresql]'") from error

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {BUSY_MILLISECONDS}")

    return Database(engine, writable=True)


def _open_sqlite(path: Path, *, create: bool) -> Database:
    if not create and not path.is_file():
        raise CatalogNotThere(f"there is no catalogue at {path}")
    writable = create or _can_write(path)
    uri = f"file:{quote(str(path.absolute()))}" + ("" if writable else _read_only(path))

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)

    engine = create_engine("sqlite://", creator=connect, pool_size=4, max_overflow=8, poolclass=_queue())
    event.listen(engine, "connect", _settings(writable=writable))
    event.listen(engine, "begin", _begin)
    return Database(engine, writable=writable)


def _queue() -> Any:
    """The pool of file databases: an address without a path would get the one for memory databases."""
    from sqlalchemy.pool import QueuePool

    return QueuePool


def _can_write(path: Path) -> bool:
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def _read_only(path: Path) -> str:
    """How to open a catalogue that cannot be written: as a file that never changes only where nobody writes it.

    A write-ahead log with something in it belongs to a writer at work, whom we may read beside, or was left by
    one; without its shared index it cannot be read here.
    """
    log, shared = (path.with_name(path.name + ending) for ending in ("-wal", "-shm"))
    if not log.exists() or log.stat().st_size == 0:
        return "?mode=ro&immutable=1"
    if not shared.exists():
        raise UnfinishedWrites(
            f"{path} was not closed and cannot be finished where it is read-only: "
            "make it writable once, or read a copy that is"
        )
    return "?mode=ro"


def _settings(*, writable: bool) -> Any:
    def apply(connection: sqlite3.Connection, _record: object) -> None:
        pragmas = ["foreign_keys=ON", f"busy_timeout={BUSY_MILLISECONDS}", "cache_size=-32768"]
        if writable:
            pragmas += ["journal_mode=WAL", "synchronous=FULL"]
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    return apply


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
