"""What an ingest would do, found out by doing it up to its last step and taking it back."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from archive.digest import Algorithm, Digest
from archive.ingest.journal import Pending
from archive.ingest.reading import Readers
from archive.ingest.receipt import RefusedCopy
from archive.ingest.sources import STANDARD_INPUT
from archive.ingest.taking import part_of, record
from archive.record import HeldObject
from archive.store.received import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archive.archive import Archive
    from archive.ingest.journal import Opening
    from archive.ingest.receipt import Line
    from archive.ingest.sources import Source
    from archive.record import Arrival
    from archive.store.received import Received

BUFFER = 1 << 20


def rehearse(archive: Archive, opening: Opening, sources: Iterable[Source]) -> Iterator[Line]:
    """The lines that `Taking.lines` would yield, with nothing kept: neither bytes nor record."""
    arrivals: list[Arrival] = []
    with Readers(opening.by, archive.authority, archive.settings.limits()) as readers:
        for source in sources:
            try:
                arrivals += _arrivals(archive, readers, source)
            except Refused as error:
                yield RefusedCopy(source.name, str(error))
    if arrivals:
        yield from archive.catalog.rehearse(lambda writer: record(writer, opening, arrivals))[1]


def _arrivals(archive: Archive, readers: Readers, source: Source) -> Iterator[Arrival]:
    """What one source would bring; of a long container that comes from standard input, only the beginning."""
    clock, limit = archive.clock, archive.settings.limits().input_size
    with source.open() as received:
        held, start = _digest(received, limit)
        modified = received.modified
    content = start if held.size <= limit or source.path == STANDARD_INPUT else Path(os.fsdecode(source.path))
    whole = Pending(clock.new_id(), held, source.name, modified, clock.now(), source.told)
    for part in readers.parts(whole, content):
        if part.payload is None:
            yield readers.arrival(whole, part)
        else:
            held = HeldObject(Digest.of(part.payload), len(part.payload))
            yield readers.arrival(part_of(whole, part, clock.new_id(), held), part)


def _digest(received: Received, limit: int) -> tuple[HeldObject, bytes]:
    """The digest of all its bytes, and as many of them as a reader would look at."""
    running, size, start = hashlib.sha256(), 0, bytearray()
    buffer = memoryview(bytearray(BUFFER))
    while count := received.readinto(buffer):
        running.update(buffer[:count])
        size += count
        if len(start) <= limit:
            start += buffer[:count]
    return HeldObject(Digest(Algorithm.SHA256, running.digest()), size), bytes(start)
