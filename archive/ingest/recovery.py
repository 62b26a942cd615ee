"""Finishing what an interrupted ingest left: what was sealed is recorded, what was not is cleared away."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from archive.ingest.analysis import local
from archive.ingest.journal import read_note
from archive.ingest.reading import Readers
from archive.ingest.receipt import RefusedCopy
from archive.ingest.taking import hits, not_safe, record
from archive.record import EventType, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archive.archive import Archive
    from archive.ingest.journal import Opening, Pending
    from archive.ingest.receipt import Line
    from archive.record import Arrival
    from archive.store import Unfinished


@dataclass(frozen=True, slots=True)
class Finished:
    """One batch that was finished: the accession's label, and a line for each copy recorded just now.

    The label is None where no copy could be recorded: an accession is not opened for nothing.
    """

    label: str | None
    lines: tuple[Line, ...]


def finish_interrupted(archive: Archive, batches: Iterable[Unfinished]) -> list[Finished]:
    """Finish the batches, whose programs are gone."""
    return [done for left in batches if (done := _finish(archive, left))]


def _finish(archive: Archive, left: Unfinished) -> Finished | None:
    if left.note is None:
        left.clear()
        return None
    opening, copies = read_note(left.note)
    unsafe = {placed.digest: placed for placed in left.place() if not placed.safe}
    lines: list[Line] = [RefusedCopy(p.name, not_safe(*hits(p, unsafe))) for p in copies if hits(p, unsafe)]
    safe = [pending for pending in copies if not hits(pending, unsafe)]
    with Readers(opening.by, archive.authority, archive.settings.limits()) as readers:
        arrivals = list(_read(archive, readers, safe))
    label, recorded = _record(archive, opening, arrivals) if arrivals else (None, [])
    left.clear()
    return Finished(label, (*lines, *recorded))


def _read(archive: Archive, readers: Readers, copies: list[Pending]) -> Iterator[Arrival]:
    """Read the copies again: each file once, of a container only the parts that are wanted."""
    for file, some in groupby(copies, key=lambda pending: pending.file):
        wanted = list(some)
        with archive.store.open(file.digest) as content:
            if wanted[0].part is None:
                yield from readers.documents([(each, local(content)) for each in wanted])
                continue
            by_number = {pending.part: pending for pending in wanted}
            whole = replace(wanted[0], object=file)
            for part in readers.parts(whole, local(content)):
                if part.number in by_number:
                    yield readers.arrival(by_number.pop(part.number), part)
                if not by_number:
                    break


def _record(archive: Archive, opening: Opening, arrivals: list[Arrival]) -> tuple[str, list[Line]]:
    label, lines = archive.catalog.write(lambda writer: record(writer, opening, arrivals))
    with archive.catalog.read() as reader:
        found = reader.accession_ended(opening.id)
    if found and not found[1]:
        detail = {"complete": False, "finished_later": len(lines)}
        archive.catalog.write(
            lambda w: w.append(EventType.INGESTION, label, Outcome.WARNING, opening.by, detail)
        )
    return label, lines
