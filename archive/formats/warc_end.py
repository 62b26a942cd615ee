"""Whether a WARC was read to its last byte: where its last record ends, against where the file does."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import BinaryIO

from archive.formats.inflate import GZIP_MAGIC

_HEADER_SIZE = 1 << 20
_STEP = 1 << 16
_LENGTH = re.compile(rb"^content-length:\s*(\d+)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class End:
    """How far the records of a file go, in bytes, and how long the file is."""

    consumed: int
    size: int
    whole: bool


def end_of(stream: BinaryIO, last: int | None) -> End:
    """The end of the last record, which begins at byte `last` (None: no record was read)."""
    size = stream.seek(0, 2)
    if last is None:
        return End(0, size, size == 0)
    stream.seek(0)
    if stream.read(2) != GZIP_MAGIC:
        return _plain_end(stream, last, size)
    stream.seek(last)
    # A file compressed as one stream has no byte at which its last record begins: all of it is looked at.
    start = last if stream.read(2) == GZIP_MAGIC else 0
    return _gzip_end(stream, start, size)


def _plain_end(stream: BinaryIO, last: int, size: int) -> End:
    stream.seek(last)
    head = stream.read(_HEADER_SIZE)
    stop = head.find(b"\r\n\r\n")
    length = _LENGTH.search(head[:stop])
    if stop < 0 or not length:
        return End(last, size, whole=False)
    end = last + stop + 4 + int(length[1])
    stream.seek(min(end, size))
    rest = stream.read(_HEADER_SIZE)
    # Two line ends close a record; a file that lacks them was cut.
    whole = end <= size and rest.startswith((b"\r\n\r\n", b"\n\n")) and not rest.strip()
    return End(min(end, size) + len(rest) - len(rest.lstrip()), size, whole)


def _gzip_end(stream: BinaryIO, start: int, size: int) -> End:
    """Inflates the members from `start` on, keeping nothing, to see that the last ends with the file."""
    stream.seek(start)
    consumed, waiting = start, b""
    while True:
        inner, used = zlib.decompressobj(16 + zlib.MAX_WBITS), 0
        while not inner.eof:
            piece = waiting or stream.read(_STEP)
            if not piece:
                return End(consumed, size, whole=consumed == size)
            try:
                inner.decompress(piece)
            except zlib.error:
                return End(consumed, size, whole=False)
            waiting = inner.unused_data
            used += len(piece) - len(waiting)
        consumed += used
