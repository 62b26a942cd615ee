"""Reading staged copies with all cores: documents side by side, a container part by part."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Self

from archive.formats import recognise
from archive.formats.format import HEAD_SIZE
from archive.formats.pool import Pool
from archive.ingest.ahead import Ahead
from archive.ingest.analysis import arrival, context

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from archive.attribution.resolve import Authority
    from archive.formats import Part
    from archive.ingest.journal import Pending
    from archive.limits import Limits
    from archive.record import Arrival


class Readers:
    """A pool of readers, to be entered; plain text costs no process."""

    def __init__(self, by: str, authority: Authority, limits: Limits) -> None:
        self._by, self._authority, self._limits = by, authority, limits
        self._pool = Pool()
        self._threads = ThreadPoolExecutor(self._pool.size)
        self._ahead: list[Ahead[Part]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for ahead in self._ahead:
            ahead.leave()
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._pool.interrupt()
        for ahead in self._ahead:
            ahead.join()
        self._threads.shutdown()
        # Last: what was about to begin when the others were killed may have a worker still.
        self._pool.close()

    def documents(self, copies: Sequence[tuple[Pending, Path | bytes]]) -> Iterator[Arrival]:
        """An arrival for each copy, in order."""
        read = self._threads.map(lambda copy: self._whole(*copy), copies)
        for (pending, _), part in zip(copies, read, strict=True):
            yield self.arrival(pending, part)

    def arrival(self, pending: Pending, part: Part) -> Arrival:
        """What is recorded of one copy, given what was read in it."""
        return arrival(pending, part, self._by, self._authority)

    def _whole(self, pending: Pending, source: Path | bytes) -> Part:
        # To the end, though it is one: a reading that is left before its end costs the worker its life.
        first, *_ = self._read(pending, source)
        return first

    def parts(self, pending: Pending, source: Path | bytes) -> Iterator[Part]:
        """Each thing to archive out of a file, in order, read while those before it are recorded."""
        ahead = Ahead(self._read(pending, source), _weight)
        self._ahead.append(ahead)
        try:
            yield from ahead
            self._ahead.remove(ahead)
        finally:
            ahead.leave()

    def _read(self, pending: Pending, source: Path | bytes) -> Iterator[Part]:
        return self._pool.parts(source, context(pending, self._limits))


def _weight(part: Part) -> int:
    return len(part.payload or b"") + len(part.reading.text)


def is_container(source: Path | bytes) -> bool:
    """Whether a file holds several things to archive: a web archive, a feed, rows."""
    if isinstance(source, bytes):
        head = source[:HEAD_SIZE]
    else:
        with source.open("rb") as stream:
            head = stream.read(HEAD_SIZE)
    found = recognise(head)
    return found is not None and found.open is not None
