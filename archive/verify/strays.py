"""What lies in the store without a record, or does not belong there."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from archive.store import Held
from archive.verdict import IntegrityFinding, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archive.archive import Archive
    from archive.digest import Digest

DIGESTS_A_BATCH = 500

PAUSE_SECONDS = 0.2
"""Between looks at an ingest that is under way."""


def strays(archive: Archive, *, objects_are_checked: bool) -> Iterator[IntegrityFinding]:
    """What lies in the store and is not recorded, or does not belong there.

    What stands in the place of a recorded object is that object, altered, and told once where `objects_are_checked`.
    """
    batch = []
    for lying in archive.store.held():
        if isinstance(lying, Held):
            batch.append(lying.digest)
        elif not (objects_are_checked and lying.instead and not _without_record(archive, [lying.instead])):
            yield IntegrityFinding(Verdict.UNVERIFIABLE, lying.place, "nothing", lying.reason)
        if len(batch) == DIGESTS_A_BATCH:
            yield from _unrecorded(archive, batch)
            batch = []
    yield from _unrecorded(archive, batch)


def _unrecorded(archive: Archive, digests: list[Digest]) -> Iterator[IntegrityFinding]:
    """Objects without a record; those of an ingest under way are given the time to be recorded."""
    missing = _without_record(archive, digests)
    while missing and archive.store.busy():
        time.sleep(PAUSE_SECONDS)
        missing = _without_record(archive, missing)
    for digest in _without_record(archive, missing):
        yield IntegrityFinding(
            Verdict.UNVERIFIABLE, str(digest), "a record", "an object that no record names"
        )


def _without_record(archive: Archive, digests: list[Digest]) -> list[Digest]:
    if not digests:
        return []
    with archive.catalog.read() as reader:
        recorded = reader.recorded_objects(digests)
    return [digest for digest in digests if digest not in recorded]
