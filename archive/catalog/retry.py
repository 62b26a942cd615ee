"""The one place where a writer waits for another and tries again."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy.exc import DBAPIError, OperationalError

from archive.errors import ArchiveError, ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Result = TypeVar("Result")

PAUSE_SECONDS = 0.05
POSTGRESQL_AGAIN = {"40001", "40P01", "55P03"}
"""Serialisation failure, deadlock, lock not available (PostgreSQL, appendix A)."""


class Locked(ArchiveError):
    """Another command has held the catalogue for longer than we wait."""

    exit_code = ExitCode.LOCKED


class CatalogFailed(ArchiveError):
    """The database reported a failure that trying again does not mend."""


class CatalogDamaged(CatalogFailed):
    """The database finds that its own file is not what it wrote."""

    exit_code = ExitCode.CHECK_FAILED


def with_retries(
    attempt: Callable[[], Result], *, patience_seconds: float, on_wait: Callable[[], None] | None = None
) -> Result:
    """Run a whole transaction until it is through; `on_wait` is called once, when it first has to wait.

    Raises `Locked` when the patience is used up, `CatalogFailed` for every other database failure.
    """
    deadline = time.monotonic() + patience_seconds
    waited = False
    while True:
        try:
            return attempt()
        except DBAPIError as error:
            if not _worth_another(error):
                raise _in_words(error) from error
            if time.monotonic() > deadline:
                raise Locked(
                    f"another command has been writing to this archive for {patience_seconds:.0f} seconds; "
                    "try again when it has ended"
                ) from error
        if on_wait and not waited:
            on_wait()
            waited = True
        time.sleep(PAUSE_SECONDS)


@contextmanager
def in_words() -> Iterator[None]:
    """Whatever the database reports inside comes out as `Locked`, `CatalogDamaged` or `CatalogFailed`."""
    try:
        yield
    except DBAPIError as error:
        if _worth_another(error):
            raise Locked("another command holds the catalogue; try again when it has ended") from error
        raise _in_words(error) from error


def _worth_another(error: DBAPIError) -> bool:
    code = getattr(error.orig, "sqlite_errorname", "") or getattr(error.orig, "sqlstate", "") or ""
    return code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")) or code in POSTGRESQL_AGAIN


def _in_words(error: DBAPIError) -> CatalogFailed:
    code = getattr(error.orig, "sqlite_errorname", "")
    if code == "SQLITE_FULL":
        return CatalogFailed(
            "the disk is full: the catalogue could not be written, and nothing of this batch was recorded"
        )
    if code in ("SQLITE_READONLY", "SQLITE_READONLY_DBMOVED", "SQLITE_READONLY_DIRECTORY", "SQLITE_CANTOPEN"):
        return CatalogFailed("the archive is read-only here: nothing was recorded")
    if code.startswith("SQLITE_IOERR"):
        return CatalogFailed(
            f"the disk failed under the catalogue ({code}): nothing of this batch was recorded"
        )
    if code in ("SQLITE_CORRUPT", "SQLITE_NOTADB"):
        return CatalogDamaged(f"the catalogue is damaged ({error.orig}): restore it from a copy")
    no_answer = isinstance(error, OperationalError) and not code
    kind = "the database does not answer" if no_answer else "the database refused"
    return CatalogFailed(f"{kind}: {error.orig}")
