"""What an ingest would do, found out by doing it up to its last step and taking it back."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

from archive.digest import Algorithm, Digest
from archive.formats.limits import INPUT_SIZE
from archive.ingest.analysis import arrival
from archive.ingest.journal import Pending
from archive.ingest.taking import RefusedCopy, record
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
    for source in sources:
        try:
            arrivals.append(_arrival(archive, opening, source))
        except Refused as error:
            yield RefusedCopy(source.name, str(error))
    if arrivals:
        yield from archive.catalog.rehearse(lambda writer: record(writer, opening, arrivals))[1]


def _arrival(archive: Archive, opening: Opening, source: Source) -> Arrival:
    clock = archive.clock
    with source.open() as received:
        held, start = _digest(received)
        modified = received.modified
    pending = Pending(clock.new_id(), held, source.name, modified, clock.now(), source.told)
    return arrival(pending, io.BytesIO(start), opening.by)


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
