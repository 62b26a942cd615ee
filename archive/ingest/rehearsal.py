"""What an ingest would do, found out by doing it up to its last step and taking it back."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from archive.digest import Algorithm, Digest
from archive.ingest.journal import Pending
from archive.ingest.reading import Readers
from archive.ingest.taking import RefusedCopy, part_of, record
from archive.limits import INPUT_SIZE
from archive.record import HeldObject
from archive.store.received import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archive.archive import Archive
    from archive.ingest.journal import Opening
    from archive.ingest.sources import Source
    from archive.ingest.taking import Line
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
    """What one source would bring; a container that is longer than a reader looks at shows as cut off."""
    clock = archive.clock
    with source.open() as received:
        held, start = _digest(received)
        modified = received.modified
    whole = Pending(clock.new_id(), held, source.name, modified, clock.now(), source.told)
    for part in readers.parts(whole, start):
        if part.payload is None:
            yield readers.arrival(whole, part)
        else:
            held = HeldObject(Digest.of(part.payload), len(part.payload))
            yield readers.arrival(part_of(whole, part, clock.new_id(), held), part)


def _digest(received: Received) -> tuple[HeldObject, bytes]:
    """The digest of all its bytes, and as many of them as a reader would look at."""
    running, size, start = hashlib.sha256(), 0, bytearray()
    buffer = memoryview(bytearray(BUFFER))
    while count := received.readinto(buffer):
        running.update(buffer[:count])
        size += count
        if len(start) <= INPUT_SIZE:
            start += buffer[:count]
    return HeldObject(Digest(Algorithm.SHA256, running.digest()), size), bytes(start)
