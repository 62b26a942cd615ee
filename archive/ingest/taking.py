"""Taking material in, batch by batch: bytes, then record, then receipt."""

from __future__ import annotations

import io
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from archive.archive import TOOL
from archive.checkpoints import checkpoint_after
from archive.ingest.analysis import local
from archive.ingest.journal import Opening, Pending, write_note
from archive.ingest.reading import Readers, is_container
from archive.ingest.receipt import Receipt, RefusedCopy
from archive.ingest.sources import Peeked
from archive.record import EventType, HeldObject, Outcome, Recorded
from archive.store.received import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from uuid import UUID

    from archive.archive import Archive
    from archive.catalog.writing import Writer
    from archive.digest import Digest
    from archive.formats import Part
    from archive.ingest.receipt import Line
    from archive.ingest.sources import Source
    from archive.record import Arrival
    from archive.store import Placement, Staged

Unsafe: TypeAlias = "dict[Digest, Placement]"
"""Objects that are held already and are not what they should be."""

ONE_ITEM = "{} was not taken in: it holds several things, so it is not a version of the one item {}"


def open_accession(archive: Archive, note: str | None) -> Opening:
    """What a new accession will be opened with, once it has something to record."""
    return Opening(archive.clock.new_id(), archive.settings.archivist, TOOL, "command line", note)


class Taking:
    """One accession under way; iterate `lines` to its end, each line true when it comes out."""

    def __init__(self, archive: Archive, opening: Opening, on_wait: Callable[[], None] | None = None) -> None:
        self._archive, self._opening, self._on_wait = archive, opening, on_wait
        self._documents: list[tuple[Pending, Staged]] = []
        self.receipt = Receipt()

    def lines(self, sources: Iterable[Source]) -> Iterator[Line]:
        """Take each source in; a line comes out once what it says is durable."""
        complete = False
        with (
            Readers(self._opening.by, self._archive.authority, self._archive.settings.limits()) as readers,
            self._archive.store.intake() as intake,
        ):
            self._readers, self._intake = readers, intake
            try:
                for source in sources:
                    yield from self._counted(self._take(source))
                yield from self._counted(self._record_documents())
                complete = True
            finally:
                self._end(complete=complete)

    def _counted(self, lines: Iterable[Line]) -> Iterator[Line]:
        for line in lines:
            self.receipt.count(line)
            yield line

    def _take(self, source: Source) -> Iterator[Line]:
        """Take in one source: a document waits for its batch, a container makes batches of its own."""
        try:
            with source.open() as received:
                opened = Peeked(received)
                if not is_container(opened.head):
                    self._documents.append(self._stage(source, opened))
                elif source.told.item:
                    yield RefusedCopy(source.name, ONE_ITEM.format(source.name, source.told.item))
                else:
                    # Documents first: a container is sealed with the first of its parts, and with nothing else.
                    yield from self._record_documents()
                    container = self._stage(source, opened)
                    yield from self._record_parts(*container)
        except Refused as error:
            yield RefusedCopy(source.name, str(error))
        if self._full([pending for pending, _ in self._documents]):
            yield from self._record_documents()

    def _stage(self, source: Source, content: Peeked) -> tuple[Pending, Staged]:
        staged = self._intake.stage(content)
        clock = self._archive.clock
        held = HeldObject(staged.digest, staged.size)
        pending = Pending(clock.new_id(), held, source.name, content.modified, clock.now(), source.told)
        return pending, staged

    def _full(self, batch: list[Pending]) -> bool:
        settings = self._archive.settings
        size = sum(pending.object.size for pending in batch)
        return len(batch) >= settings.whole("batch_files") or size >= settings.whole("batch_bytes")

    def _record_documents(self) -> Iterator[Line]:
        """Seal what was staged, read it, record it; the lines of the receipt."""
        batch, self._documents = self._documents, []
        if not batch:
            return
        unsafe = self._make_durable([pending for pending, _ in batch])
        safe = [(pending, staged) for pending, staged in batch if staged.digest not in unsafe]
        with ExitStack() as files:
            copies = [(p, local(files.enter_context(self._intake.open(staged)))) for p, staged in safe]
            arrivals = list(self._readers.documents(copies))
        yield from self._record(arrivals, [p for p, _ in batch], unsafe)

    def _record_parts(self, whole: Pending, staged: Staged) -> Iterator[Line]:
        """Take a container apart; its parts are recorded a batch at a time."""
        batch: list[tuple[Pending, Part]] = []
        with self._intake.open(staged) as content:
            for part in self._readers.parts(whole, local(content)):
                batch.append((self._stage_part(whole, part), part))
                if self._full([pending for pending, _ in batch]):
                    yield from self._record_batch_of_parts(batch)
                    batch = []
        yield from self._record_batch_of_parts(batch)

    def _stage_part(self, whole: Pending, part: Part) -> Pending:
        if part.payload is None:
            return replace(whole, capture_id=self._archive.clock.new_id())
        staged = self._intake.stage(io.BytesIO(part.payload))
        return part_of(whole, part, self._archive.clock.new_id(), HeldObject(staged.digest, staged.size))

    def _record_batch_of_parts(self, batch: list[tuple[Pending, Part]]) -> Iterator[Line]:
        if not batch:
            return
        pending = [copy for copy, _ in batch]
        unsafe = self._make_durable(pending)
        arrivals = [self._readers.arrival(copy, part) for copy, part in batch if not hits(copy, unsafe)]
        yield from self._record(arrivals, pending, unsafe)

    def _make_durable(self, batch: list[Pending]) -> Unsafe:
        """Seal and place what is staged; the objects that must not be recorded."""
        self._intake.seal(write_note(self._opening, batch))
        return {placed.digest: placed for placed in self._intake.place() if not placed.safe}

    def _record(self, arrivals: list[Arrival], batch: list[Pending], unsafe: Unsafe) -> Iterator[Line]:
        """Record what is durable, say so, and forget the batch; a disk that fails after it takes no line away."""
        yield from (RefusedCopy(p.name, not_safe(*hits(p, unsafe))) for p in batch if hits(p, unsafe))
        if arrivals:
            self.receipt.label, recorded = self._archive.catalog.write(
                lambda writer: record(writer, self._opening, arrivals), self._on_wait
            )
            yield from recorded
        self._intake.clear()

    def _end(self, *, complete: bool) -> None:
        """Record how the accession ended, where anything was recorded of it."""
        if self.receipt.label is None:
            return
        clean = complete and not self.receipt.refused and not self.receipt.findings
        outcome = Outcome.SUCCESS if clean else Outcome.WARNING
        counts = {
            "items": self.receipt.items,
            "versions": self.receipt.versions,
            "captures": self.receipt.captures,
            "refused": self.receipt.refused,
            "findings": self.receipt.findings,
            "complete": complete,
        }
        label, by = self.receipt.label, self._opening.by
        self._archive.catalog.write(lambda w: w.append(EventType.INGESTION, label, outcome, by, counts))
        checkpoint_after(self._archive)


def part_of(whole: Pending, part: Part, capture_id: UUID, held: HeldObject) -> Pending:
    """The copy that a part of a container is; what was said of the file's own address and date is not of it."""
    told = replace(whole.told, url=None, published=None)
    name = f"{whole.name}, {part.place}"
    return replace(
        whole,
        capture_id=capture_id,
        object=held,
        name=name,
        told=told,
        container=whole.object,
        part=part.number,
    )


def hits(pending: Pending, unsafe: Unsafe) -> list[Placement]:
    """The objects of a copy, its own and its container's, that are not safe to record."""
    return [unsafe[held.digest] for held in (pending.object, pending.file) if held.digest in unsafe][:1]


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
