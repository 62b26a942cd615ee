"""An archive held open: its catalogue, its store and its index together."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from archive import __version__
from archive.catalog import create_catalog, open_catalog
from archive.clock import SystemClock
from archive.errors import ArchiveError, ExitCode, UsageError
from archive.settings import FILE, load_settings, nearest
from archive.store import make_store, open_store
from archive.store.durable import sync_path

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from archive.attribution.resolve import Authority
    from archive.catalog import Catalog
    from archive.clock import Clock
    from archive.settings import Settings
    from archive.store import Store
    from index import Bounds, Index

VARIABLE = "CLAIMTRAIL_ARCHIVE"
TOOL = f"Claimtrail {__version__}"
"""What accessions and events name as the software that made them."""

_OWN = {"objects", "index", "ledger", "keys", "catalog.db", "catalog.db-wal", "catalog.db-shm"}


class NoArchive(ArchiveError):
    """There is no archive where one was looked for."""

    exit_code = ExitCode.NO_ARCHIVE


class AlreadyArchive(UsageError):
    """A new archive was asked for where one is."""


class NotEmpty(UsageError):
    """A new archive was asked for in a directory that holds something else."""


class CannotMake(ArchiveError):
    """The disk refused the new archive."""


@dataclass(slots=True)
class Archive:
    """Everything that belongs to one archive; to be closed."""

    path: Path
    settings: Settings
    catalog: Catalog
    store: Store
    clock: Clock
    _index: Index | None = None
    _authority: Authority | None = None

    @property
    def index(self) -> Index:
        """The full-text index, opened when it is first asked for."""
        if self._index is None:
            from index import open_index

            self._index = open_index(
                self.path / "index", self.settings.text("index"), search_bounds(self.settings)
            )
        return self._index

    @property
    def authority(self) -> Authority:
        """The authority file: as shipped, and after the acts of this archive's archivists."""
        if self._authority is None:
            from archive.attribution.acts import replay
            from archive.attribution.resolve import shipped

            with self.catalog.read() as reader:
                acts = reader.authority_acts()
            self._authority = replay(shipped(), acts) if acts else shipped()
        return self._authority

    def forget_authority(self) -> None:
        """Build the authority file anew when it is next asked for, because an act was entered."""
        self._authority = None

    @property
    def writable(self) -> bool:
        """Whether things can be recorded here."""
        return self.catalog.writable

    def close(self) -> None:
        """Let go of everything."""
        if self._index is not None:
            self._index.close()
        self.catalog.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def search_bounds(settings: Settings) -> Bounds:
    """What one search may cost, as it is set: a bound `length` is the setting `search_length`."""
    from dataclasses import fields

    from index import Bounds

    told: dict[str, Any] = {bound.name: settings.plain(f"search_{bound.name}") for bound in fields(Bounds)}
    return Bounds(**told)


def find_archive(named: Path | None, environment: Mapping[str, str] | None = None) -> Path:
    """Where the archive is: as named, else `CLAIMTRAIL_ARCHIVE`, else the nearest directory upwards that is one.

    Raises `NoArchive`.
    """
    environment = os.environ if environment is None else environment
    told = named or (Path(environment[VARIABLE]) if environment.get(VARIABLE) else None)
    if told:
        if not (told / FILE).is_file():
            raise NoArchive(f"there is no archive at {told}: make one with `claimtrail init {told}`")
        return told.absolute()
    place = nearest(Path.cwd())
    if place:
        return place
    raise NoArchive(
        f"there is no archive here or above: name one with --archive DIR or {VARIABLE}, "
        "or make one with `claimtrail init DIR`"
    )


def open_archive(path: Path, clock: Clock | None = None) -> Archive:
    """Open an archive; raises `NoArchive`, `NeedsUpgrade`, and what the store and the catalogue raise."""
    clock = clock or SystemClock()
    settings = load_settings(path)
    store = open_store(_within(path, settings.text("store")), clock)
    catalog = open_catalog(
        catalog_address(path, settings), clock, patience_seconds=settings.number("patience")
    )
    return Archive(path, settings, catalog, store, clock)


def make_archive(path: Path, clock: Clock | None = None, catalog: str | None = None) -> Archive:
    """Make a new archive in an empty or new directory and open it.

    `claimtrail.toml` is written last: a directory without one is no archive, and making it can be tried again.
    """
    clock = clock or SystemClock()
    _must_be_free(path)
    try:
        path.mkdir(parents=True, exist_ok=True)
        for private in ("index", "keys"):
            (path / private).mkdir(mode=0o700, exist_ok=True)
        (path / "ledger").mkdir(exist_ok=True)
        settings = load_settings(path, {"catalog": catalog} if catalog else None)
        make_store(_within(path, settings.text("store")), clock)
        create_catalog(catalog_address(path, settings), clock).close()
        _write_durably(path / FILE, _first_settings(catalog))
    except OSError as error:
        raise CannotMake(f"no archive could be made at {path}: {error.strerror}") from error
    return open_archive(path, clock)


def upgrade_archive(path: Path, on_wait: Callable[[], None] | None = None) -> tuple[str | None, str | None]:
    """Bring the archive's catalogue to the newest schema; the revisions before and after."""
    from archive.catalog.database import open_database
    from archive.catalog.schema import upgrade

    settings = load_settings(path)
    database = open_database(catalog_address(path, settings))
    try:
        return upgrade(database, patience_seconds=settings.number("patience"), on_wait=on_wait)
    finally:
        database.close()


def catalog_address(path: Path, settings: Settings) -> str:
    """The catalogue's address with its path made absolute."""
    address = settings.text("catalog")
    scheme, _, place = address.partition(":")
    return f"sqlite:{_within(path, place)}" if scheme == "sqlite" else address


def _within(path: Path, place: str) -> str:
    return place if "://" in place else str(path / place)


def _must_be_free(path: Path) -> None:
    if (path / FILE).exists():
        raise AlreadyArchive(f"{path} is an archive already; nothing was changed")
    if path.exists() and not path.is_dir():
        raise NotEmpty(f"{path} is a file; name a directory")
    with contextlib.suppress(FileNotFoundError):
        others = sorted(entry.name for entry in path.iterdir() if entry.name not in _OWN)
        if others:
            raise NotEmpty(f"{path} holds other things ({others[0]}): name a new or an empty directory")


def _first_settings(catalog: str | None) -> str:
    lines = [
        "# This file makes the directory a Claimtrail archive. `claimtrail settings` lists what can be set."
    ]
    if catalog:
        import json

        lines.append(f"catalog = {json.dumps(catalog)}")
    return "\n".join(lines) + "\n"


def _write_durably(path: Path, text: str) -> None:
    """Write a file so that after a power cut it is there whole or not at all, with every directory above it."""
    temporary = path.with_suffix(".new")
    with temporary.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(path)
    for directory in (path.parent, *path.parent.parents):
        sync_path(str(directory))
