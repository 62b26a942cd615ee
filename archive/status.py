"""The state of an archive at a glance: how much is held, when it was last checked, how far the index goes."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.indexing import Lag, lag
from archive.linking import LinkLag
from archive.linking import lag as links_lag

if TYPE_CHECKING:
    from archive.archive import Archive
    from archive.catalog.reading import LastRun, Totals


@dataclass(frozen=True, slots=True)
class Status:
    """What `claimtrail status` says; sizes in bytes."""

    path: str
    writable: bool
    totals: Totals
    without_outlet: int
    root: str
    last_run: LastRun | None
    last_counts: dict[str, int]
    lag: Lag
    free: int
    links: LinkLag

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
        links_lag(archive),
    )
