"""Taking material in, batch by batch: bytes, then record, then receipt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from archive.archive import TOOL
from archive.ingest.analysis import arrival
from archive.ingest.journal import Opening, Pending, write_note
from archive.record import EventType, HeldObject, Novelty, Outcome, Recorded
from archive.store.received import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from archive.archive import Archive
    from archive.catalog.writing import Writer
    from archive.ingest.sources import Source
    from archive.record import Arrival
    from archive.store import Intake, Placement, Staged


@dataclass(frozen=True, slots=True)
class RefusedCopy:
    """A copy that was not taken in, and why."""

    name: str
    reason: str


Line: TypeAlias = Recorded | RefusedCopy
"""A line of the receipt."""


@dataclass(slots=True)
class Receipt:
    """The counts of one accession; `label` is None until something was recorded."""

    label: str | None = None
    items: int = 0
    versions: int = 0
    captures: int = 0
    refused: int = 0

    def count(self, line: Line) -> None:
        """Take a line into account."""
        if isinstance(line, RefusedCopy):
            self.refused += 1
        elif line.novelty is Novelty.ITEM:
            self.items += 1
        elif line.novelty is Novelty.VERSION:
            self.versions += 1
        else:
            self.captures += 1


def open_accession(archive: Archive, note: str | None) -> Opening:
    """What a new accession will be opened with, once it has something to record."""
    return Opening(archive.clock.new_id(), archive.settings.archivist, TOOL, "command line", note)


class Taking:
    """One accession under way; iterate `lines` to its end, each line true when it comes out."""

    def __init__(self, archive: Archive, opening: Opening, on_wait: Callable[[], None] | None = None) -> None:
        self._archive, self._opening, self._on_wait = archive, opening, on_wait
        self._batch: list[tuple[Pending, Staged]] = []
        self.receipt = Receipt()

    def lines(self, sources: Iterable[Source]) -> Iterator[Line]:
        """Take each source in; a line comes out once what it says is durable."""
        complete = False
        with self._archive.store.intake() as intake:
            try:
                for source in sources:
                    yield from self._counted(self._stage(intake, source))
                    if self._full():
                        yield from self._counted(self._record(intake))
                yield from self._counted(self._record(intake))
                complete = True
            finally:
                self._end(complete=complete)

    def _counted(self, lines: Iterable[Line]) -> Iterator[Line]:
        for line in lines:
            self.receipt.count(line)
            yield line

    def _stage(self, intake: Intake, source: Source) -> list[Line]:
        """Take the bytes of one source; the line of its refusal, or none yet."""
        try:
            with source.open() as received:
                staged = intake.stage(received)
        except Refused as error:
            return [RefusedCopy(source.name, str(error))]
        clock = self._archive.clock
        held = HeldObject(staged.digest, staged.size)
        pending = Pending(clock.new_id(), held, source.name, received.modified, clock.now(), source.told)
        self._batch.append((pending, staged))
        return []

    def _full(self) -> bool:
        settings = self._archive.settings
        size = sum(pending.object.size for pending, _ in self._batch)
        return len(self._batch) >= settings.whole("batch_files") or size >= settings.whole("batch_bytes")

    def _record(self, intake: Intake) -> list[Line]:
        """Bytes durable, then record, then the lines of the receipt."""
        if not self._batch:
            return []
        batch, self._batch = self._batch, []
        intake.seal(write_note(self._opening, [pending for pending, _ in batch]))
        unsafe = {placed.digest: placed for placed in intake.place() if not placed.safe}
        arrivals, lines = [], list[Line]()
        for pending, staged in batch:
            if staged.digest in unsafe:
                lines.append(RefusedCopy(pending.name, not_safe(unsafe[staged.digest])))
                continue
            with intake.open(staged) as content:
                arrivals.append(arrival(pending, content, self._opening.by))
        lines += self._write(arrivals)
        intake.clear()
        return lines

    def _write(self, arrivals: list[Arrival]) -> list[Line]:
        if not arrivals:
            return []
        self.receipt.label, lines = self._archive.catalog.write(
            lambda writer: record(writer, self._opening, arrivals), self._on_wait
        )
        return lines

    def _end(self, *, complete: bool) -> None:
        """Record how the accession ended, where anything was recorded of it."""
        if self.receipt.label is None:
            return
        outcome = Outcome.SUCCESS if complete and not self.receipt.refused else Outcome.WARNING
        counts = {
            "items": self.receipt.items,
            "versions": self.receipt.versions,
            "captures": self.receipt.captures,
            "refused": self.receipt.refused,
            "complete": complete,
        }
        label, by = self.receipt.label, self._opening.by
        self._archive.catalog.write(lambda w: w.append(EventType.INGESTION, label, outcome, by, counts))


def record(writer: Writer, opening: Opening, arrivals: list[Arrival]) -> tuple[str, list[Line]]:
    """Record arrivals with the accession, which is opened when it has its first; its label, and a line each."""
    accession = writer.accession(opening.id, opening.by, opening.tool, opening.origin, opening.note)
    lines: list[Line] = []
    for outcome in writer.record(accession, arrivals):
        if isinstance(outcome, Recorded):
            lines.append(outcome)
        else:
            lines.append(RefusedCopy(outcome.arrival.name, outcome.reason))
    return str(accession.label), lines


def not_safe(placed: Placement) -> str:
    """Why a copy was refused although its bytes could be read."""
    return (
        f"the archive already holds {placed.digest}, and what it holds is {placed.outcome}: "
        "nothing was overwritten; run `claimtrail verify`"
    )
