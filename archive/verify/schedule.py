"""Whether the checks that were promised were made: loud where one was not."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from archive.catalog.coverage import coverage
from archive.catalog.schedules import promised
from archive.catalog.standing import run_before, unchecked_before
from archive.verdict import IntegrityFinding, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from uuid import UUID

    from archive.archive import Archive
    from archive.catalog.reading import Reader
    from archive.catalog.schedules import Promise


def schedule_findings(archive: Archive, run: UUID) -> Iterator[IntegrityFinding]:
    """That the run before this one came too late or not at all, and that objects are overdue still."""
    now = archive.clock.now()
    with archive.catalog.read() as reader:
        promise = promised(reader)
        if promise:
            yield from _late(reader, promise, run, now)
            yield from _overdue(reader, promise, now)


def _late(reader: Reader, promise: Promise, run: UUID, now: datetime) -> Iterator[IntegrityFinding]:
    before, started = run_before(reader, run)
    if promise.is_overdue(before, started or now):
        every = timedelta(seconds=promise.every_seconds)
        found = (
            f"none between {_said(before)} and {_said(started or now)}" if before else "none before this one"
        )
        expected = f"a check every {every} by {promise.keeper} on {promise.machine}"
        yield IntegrityFinding(Verdict.OVERDUE, "schedule", expected, found)


def _overdue(reader: Reader, promise: Promise, now: datetime) -> Iterator[IntegrityFinding]:
    cover = timedelta(seconds=promise.cover_seconds)
    since = now - cover
    late = coverage(reader.session, since, now).stale + unchecked_before(reader, since)
    if late:
        found = f"{late} objects not checked since {_said(since)}"
        yield IntegrityFinding(
            Verdict.OVERDUE, "objects", f"every object checked within {cover.days} days", found
        )


def _said(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
