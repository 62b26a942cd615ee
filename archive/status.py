"""The state of an archive at a glance: how much is held, when it was last checked, how far the index goes."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.checkpoints import keyring, shelf
from archive.errors import ArchiveError
from archive.indexing import Lag, lag

if TYPE_CHECKING:
    from archive.archive import Archive
    from archive.catalog.reading import LastRun, Totals
    from archive.ledger.keys import PublicKey


@dataclass(frozen=True, slots=True)
class Status:
    """What `claimtrail status` says; sizes in bytes.

    `key` signs the checkpoints; `signed` is how many events the newest of them covers, None where there is none.
    """

    path: str
    writable: bool
    totals: Totals
    without_outlet: int
    root: str
    last_run: LastRun | None
    last_counts: dict[str, int]
    lag: Lag
    free: int
    key: PublicKey | None = None
    signed: int | None = None

    @property
    def last_found_faults(self) -> bool:
        """Whether the last complete check found something wrong."""
        return self.last_run is not None and self.last_run.outcome not in (None, "suc")


def status(archive: Archive) -> Status:
    """Ask the catalogue, the index and the disk."""
    with archive.catalog.read() as reader:
        totals, without = reader.totals(), reader.without_outlet()
        root = reader.ledger_head().root().hex()
        run = reader.last_run()
        counts = reader.verdict_counts(run.id) if run else {}
    return Status(
        str(archive.path),
        archive.writable,
        totals,
        without,
        root,
        run,
        counts,
        lag(archive),
        shutil.disk_usage(archive.path).free,
        *_signed(archive),
    )


def _signed(archive: Archive) -> tuple[PublicKey | None, int | None]:
    """The key that signs and the size that is signed; nothing where they cannot be read here."""
    try:
        return keyring(archive).present(), max(shelf(archive).sizes(), default=None)
    except ArchiveError:
        return None, None
