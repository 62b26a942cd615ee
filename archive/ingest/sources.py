"""What is to be taken in: files, folders file by file, and standard input."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.formats.format import HEAD_SIZE
from archive.store.received import Refused, open_received, printable, standard_input

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archive.ingest.told import Told
    from archive.store.received import Received

STANDARD_INPUT = b"-"


OWN_PARTS = frozenset(
    (
        b"catalog.db",
        b"catalog.db-shm",
        b"catalog.db-wal",
        b"claimtrail.toml",
        b"index",
        b"keys",
        b"ledger",
        b"objects",
    )
)
"""What an archive keeps in its folder: its secret keys among it, and what would be taken in without an end."""


class PartOfArchive(Refused):
    """What is named is a part of an archive and no material."""


class Unusable(Refused):
    """What the archivist says about a file cannot be used, so the file is not taken in."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file to take in, or standard input, with what the archivist says about it, or why that is no use."""

    path: bytes
    told: Told
    fault: str | None = None

    @property
    def name(self) -> str:
        """The path in a form that can be printed."""
        return printable(self.path)

    def open(self) -> Received:
        """Open it for its one reading; raises a `Refused`."""
        if self.fault:
            raise Unusable(f"{self.name} was not taken in: {self.fault}")
        if self.path != STANDARD_INPUT and _is_own(self.path):
            raise PartOfArchive(f"{self.name} was not taken in: it is a part of an archive")
        return standard_input() if self.path == STANDARD_INPUT else open_received(self.path)


class Peeked:
    """A received file whose first bytes have been looked at; it is still read only once."""

    def __init__(self, received: Received) -> None:
        self._received = received
        self.modified = received.modified
        head = memoryview(bytearray(HEAD_SIZE))
        filled = 0
        while filled < HEAD_SIZE and (count := received.readinto(head[filled:])):
            filled += count
        self.head = bytes(head[:filled])
        self._given = 0

    def readinto(self, buffer: memoryview, /) -> int:
        """Fill the buffer from its start, the first bytes first; 0 at the end."""
        if self._given < len(self.head):
            part = self.head[self._given : self._given + len(buffer)]
            buffer[: len(part)] = part
            self._given += len(part)
            return len(part)
        return self._received.readinto(buffer)


def walk(paths: Iterable[str | bytes]) -> Iterator[bytes]:
    """Every file named, and every entry below every folder named, in the order of their names.

    Links are not followed, pipes not opened, parts of archives not entered: they come out as they are and are
    refused when opened.
    """
    for path in paths:
        raw = os.fsencode(path)
        folder = os.path.isdir(raw) and not os.path.islink(raw)  # noqa: PTH112, PTH114 - bytes
        if raw != STANDARD_INPUT and folder and not _is_own(raw):
            yield from _below(raw)
        else:
            yield raw


def _below(folder: bytes) -> Iterator[bytes]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        yield folder  # opening it says why it cannot be read
        return
    for entry in entries:
        own = entry.name in OWN_PARTS and _is_archive(folder)
        if entry.is_dir(follow_symlinks=False) and not own:
            yield from _below(entry.path)
        else:
            yield entry.path


def _is_own(path: bytes) -> bool:
    """Whether a path is a part of an archive or lies in one."""
    place = os.path.abspath(path)  # noqa: PTH100 - bytes
    while (folder := os.path.dirname(place)) != place:  # noqa: PTH120 - bytes
        if os.path.basename(place) in OWN_PARTS and _is_archive(folder):  # noqa: PTH119 - bytes
            return True
        place = folder
    return False


def _is_archive(folder: bytes) -> bool:
    return os.path.isfile(os.path.join(folder, b"claimtrail.toml"))  # noqa: PTH113, PTH118 - bytes
