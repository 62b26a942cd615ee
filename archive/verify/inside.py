"""Whether catalogue and index are sound, each by its own means and one against the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.verdict import IntegrityFinding, Verdict
from index import State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archive.archive import Archive


def catalog_findings(archive: Archive) -> Iterator[IntegrityFinding]:
    """What the database finds wrong with itself, and what does not hold between its rows."""
    with archive.catalog.read() as reader:
        faults = reader.faults()
        for fault in faults:
            yield IntegrityFinding(Verdict.ALTERED, "catalogue", "a sound database", fault)
        if faults:
            return
        for broken in reader.broken_invariants():
            yield IntegrityFinding(Verdict.ALTERED, "catalogue", "rows that agree with one another", broken)


def index_findings(archive: Archive) -> Iterator[IntegrityFinding]:
    """What is wrong with the index: its own files, or other versions in it than in the catalogue."""
    from archive.verify.indexed import compare

    faults = archive.index.verify()
    for fault in faults:
        yield IntegrityFinding(
            Verdict.ALTERED, "index", "the files as they were written", fault, "run `claimtrail reindex`"
        )
    health = archive.index.health()
    if health.state is State.READY and not faults:
        yield from compare(archive, health.position)
