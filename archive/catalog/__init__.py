"""The catalogue: what is recorded of everything held. The only place with a database session."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Self, TypeVar

from archive.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from archive.catalog.database import Database
    from archive.catalog.reading import Reader
    from archive.catalog.writing import Writer
    from archive.clock import Clock

Result = TypeVar("Result")


class ReadOnly(ArchiveError):
    """The archive is on a medium that cannot be written."""


class Catalog:
    """A catalogue at its newest schema, held open.

    `on_wait` is called by every write that has to wait and is given nothing of its own to call.
    """

    on_wait: Callable[[], None] | None = None
    grown = False
    """Whether an event was appended to the ledger through this catalogue."""

    def __init__(self, database: Database, clock: Clock, *, patience_seconds: float) -> None:
        self._database, self._clock, self._patience = database, clock, patience_seconds

    @property
    def writable(self) -> bool:
        """Whether it can be written here."""
        return self._database.writable

    @property
    def is_file(self) -> bool:
        """Whether it is a file of its own, of which `snapshot` can make a copy."""
        return self._database.is_sqlite

    def snapshot(self, path: Path) -> None:
        """Write one state of a catalogue that is a file to a new file, complete in itself, while others go on."""
        from archive.catalog.snapshot import snapshot

        snapshot(self._database, path)

    @contextmanager
    def read(self) -> Iterator[Reader]:
        """A reader that sees one state of the catalogue from its first question to its last.

        Raises `CatalogDamaged` and `CatalogFailed` for what the database reports.
        """
        from sqlmodel import Session

        from archive.catalog.reading import Reader
        from archive.catalog.retry import in_words

        with in_words(), Session(self._database.reading()) as session:
            yield Reader(session)

    def write(self, work: Callable[[Writer], Result], on_wait: Callable[[], None] | None = None) -> Result:
        """Run `work` in one transaction, again from its beginning when another writer was in the way.

        `on_wait` is called once when it has to wait. Raises `ReadOnly`, `Locked`, `CatalogFailed`, and
        whatever `work` raises, after undoing all that it did.
        """
        from archive.catalog.retry import with_retries

        if not self.writable:
            raise ReadOnly("the archive is read-only here: nothing was recorded")
        on_wait = on_wait or self.on_wait
        return with_retries(lambda: self._transaction(work), patience_seconds=self._patience, on_wait=on_wait)

    def rehearse(self, work: Callable[[Writer], Result]) -> Result:
        """Run `work` as `write` would and undo all of it; raises what `write` raises."""
        from archive.catalog.retry import with_retries

        if not self.writable:
            raise ReadOnly("the archive is read-only here: what an ingest would do cannot be tried out")
        return with_retries(
            lambda: self._transaction(work, keep=False), patience_seconds=self._patience, on_wait=self.on_wait
        )

    def _transaction(self, work: Callable[[Writer], Result], *, keep: bool = True) -> Result:
        from sqlmodel import Session

        from archive.catalog.writing import Writer

        with Session(self._database.writing(), autoflush=False) as session, session.begin() as transaction:
            writer = Writer(session, self._clock)
            result = work(writer)
            writer.ledger.close()
            if not keep:
                transaction.rollback()
        self.grown = self.grown or (keep and writer.ledger.grown)
        return result

    def close(self) -> None:
        """Give the database back."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_catalog(address: str, clock: Clock, *, patience_seconds: float = 60.0) -> Catalog:
    """The catalogue at `sqlite:PATH` or `postgresql://...`; raises where it is absent or of another schema."""
    from archive.catalog.database import open_database
    from archive.catalog.retry import in_words
    from archive.catalog.schema import require_newest

    database = open_database(address)
    try:
        with in_words(), database.engine.connect() as connection:
            require_newest(connection)
    except BaseException:
        database.close()
        raise
    return Catalog(database, clock, patience_seconds=patience_seconds)


def create_catalog(address: str, clock: Clock) -> Catalog:
    """Make an empty catalogue and open it; raises `CatalogInUse` where one with records is there already."""
    from archive.catalog.database import open_database
    from archive.catalog.retry import in_words
    from archive.catalog.schema import require_unused, upgrade

    database = open_database(address, create=True)
    try:
        with in_words(), database.engine.connect() as connection:
            require_unused(connection)
        upgrade(database)
    finally:
        database.close()
    return open_catalog(address, clock)
