"""The schema's version: what the catalogue has, what this program needs, and the way from one to the other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from archive.errors import ArchiveError, ExitCode, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from alembic.config import Config
    from sqlalchemy.engine import Connection

    from archive.catalog.database import Database

TABLE = "alembic_version"


class NeedsUpgrade(ArchiveError):
    """The catalogue was made by an older Claimtrail."""

    exit_code = ExitCode.NEEDS_UPGRADE


class NewerCatalog(ArchiveError):
    """The catalogue was made by a newer Claimtrail."""

    exit_code = ExitCode.NEEDS_UPGRADE


class CatalogInUse(UsageError):
    """A new archive was given a catalogue in which another archive's records are."""


class UpgradeFailed(ArchiveError):
    """A migration would have left the catalogue inconsistent and was undone."""


def migrations_directory() -> Path:
    """Where the migrations are: in the package when installed, at the top of a checkout."""
    package = Path(__file__).parent.parent
    shipped = package / "_migrations"
    return shipped if shipped.is_dir() else package.parent / "migrations"


def _config(connection: Connection | None = None) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations_directory()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


MADE_ANEW = frozenset({
    "ledger_node", "fixity_shelf", "fixity_open", "copy_state", "job", "lease",
    "fingerprint", "common_fingerprint", "claim_mark", "linked", "link", "link_state",
})  # fmt: skip
"""Tables that can be made anew from the others, or say who is at work just now: every other only grows."""


NEWEST = "0008"
"""The revision that this program's tables describe; a test holds it against the migrations directory."""


def revision_of(connection: Connection) -> str | None:
    """The revision the catalogue is at, or None where it has no tables yet."""
    from sqlalchemy import inspect, text

    if not inspect(connection).has_table(TABLE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {TABLE}")).scalar()  # noqa: S608 - a constant


def require_newest(connection: Connection) -> None:
    """Raise `NeedsUpgrade` or `NewerCatalog` where the catalogue is not at `NEWEST`."""
    found = revision_of(connection)
    _refuse_newer(found)
    if found != NEWEST:
        raise NeedsUpgrade(
            f"this archive's catalogue is at {found or 'no version'}, "
            f"this Claimtrail needs {NEWEST}: run `claimtrail upgrade`"
        )


def _refuse_newer(found: str | None) -> None:
    if found is not None and found > NEWEST:
        raise NewerCatalog(
            f"this archive's catalogue is at {found}, "
            f"newer than this Claimtrail knows ({NEWEST}): install a newer Claimtrail"
        )


def require_unused(connection: Connection) -> None:
    """Raise `CatalogInUse` where there is a catalogue that something was recorded in."""
    from sqlalchemy import inspect, text

    if not inspect(connection).has_table("ledger_head"):
        return
    if connection.execute(text("SELECT size FROM ledger_head")).scalar():
        raise CatalogInUse(
            "the catalogue that is there holds records already, so it belongs to an archive: nothing was changed "
            "(if that archive only lost its claimtrail.toml, write an empty file of that name back)"
        )


def upgrade(
    database: Database,
    target: str = "head",
    *,
    patience_seconds: float = 60.0,
    on_wait: Callable[[], None] | None = None,
) -> tuple[str | None, str | None]:
    """Bring the catalogue to the target in one transaction; returns the revisions before and after.

    Raises `UpgradeFailed` where rows would be left without their parents, `NewerCatalog`, `Locked`, and
    `CatalogFailed`.
    """
    from archive.catalog.retry import with_retries

    return with_retries(
        lambda: _upgrade(database, target), patience_seconds=patience_seconds, on_wait=on_wait
    )


def _upgrade(database: Database, target: str) -> tuple[str | None, str | None]:
    """One attempt. Foreign keys are off while it runs: a batch alter of a parent would delete its children."""
    from alembic import command

    with database.writing().connect() as connection:
        if database.is_sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]  # a live connection has one
        try:
            with connection.begin():
                before = revision_of(connection)
                _refuse_newer(before)
                command.upgrade(_config(connection), target)
                _check_parents(connection, database)
                after = revision_of(connection)
        finally:
            if database.is_sqlite:
                connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]  # as above
    return before, after


def _check_parents(connection: Connection, database: Database) -> None:
    if database.is_sqlite:
        orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if orphans:
            raise UpgradeFailed(
                f"the upgrade would leave {len(orphans)} rows without their parents; nothing was changed"
            )
