"""Whether catalogue and index are sound, each by its own means and one against the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.record import Finding, Verdict
from index import State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archive.archive import Archive


def catalog_findings(archive: Archive) -> Iterator[Finding]:
    """What the database finds wrong with itself."""
    with archive.catalog.read() as reader:
        for fault in reader.faults():
            yield Finding(Verdict.ALTERED, "catalogue", "a sound database", fault)


def index_findings(archive: Archive) -> Iterator[Finding]:
    """What is wrong with the index: its own files, or other versions in it than in the catalogue."""
    for fault in archive.index.verify():
        yield Finding(Verdict.ALTERED, "index", "the files as they were written", fault)
    health = archive.index.health()
    with archive.catalog.read() as reader:
        covered = reader.totals().versions - reader.count_from(health.position)
    if health.state is State.READY and health.documents != covered:
        found = f"{health.documents} versions"
        yield Finding(Verdict.ALTERED, "index", f"{covered} versions", found, "run `claimtrail reindex`")
