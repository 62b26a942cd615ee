"""Finishing what an interrupted ingest left: what was sealed is recorded, what was not is cleared away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.ingest.analysis import arrival
from archive.ingest.journal import read_note
from archive.ingest.taking import RefusedCopy, not_safe, record
from archive.record import EventType, Outcome

if TYPE_CHECKING:
    from archive.archive import Archive
    from archive.ingest.journal import Opening, Pending
    from archive.ingest.taking import Line
    from archive.store import Unfinished


@dataclass(frozen=True, slots=True)
class Finished:
    """One batch that was finished: the accession's label, and a line for each copy recorded just now."""

    label: str
    lines: tuple[Line, ...]


def finish_interrupted(archive: Archive) -> list[Finished]:
    """Finish every batch whose program is gone; does nothing where the archive is read-only."""
    if not archive.writable:
        return []
    return [done for left in archive.store.unfinished() if (done := _finish(archive, left))]


def _finish(archive: Archive, left: Unfinished) -> Finished | None:
    if left.note is None:
        left.clear()
        return None
    opening, copies = read_note(left.note)
    unsafe = {placed.digest: placed for placed in left.place() if not placed.safe}
    lines: list[Line] = [
        RefusedCopy(pending.name, not_safe(unsafe[pending.object.digest]))
        for pending in copies
        if pending.object.digest in unsafe
    ]
    safe = [pending for pending in copies if pending.object.digest not in unsafe]
    label, recorded = _record(archive, opening, safe)
    left.clear()
    return Finished(label, (*lines, *recorded))


def _record(archive: Archive, opening: Opening, copies: list[Pending]) -> tuple[str, list[Line]]:
    arrivals = []
    for pending in copies:
        with archive.store.open(pending.object.digest) as content:
            arrivals.append(arrival(pending, content, opening.by))
    label, lines = archive.catalog.write(lambda writer: record(writer, opening, arrivals))
    with archive.catalog.read() as reader:
        found = reader.accession_ended(opening.id)
    if found and not found[1]:
        detail = {"complete": False, "finished_later": len(lines)}
        archive.catalog.write(
            lambda w: w.append(EventType.INGESTION, label, Outcome.WARNING, opening.by, detail)
        )
    return label, lines
