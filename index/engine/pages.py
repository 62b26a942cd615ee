"""Files that are checked as they are read: each page against its digest, the first time it is touched.

A whole index cannot be hashed before each search, nor may a flipped bit change an answer in silence. So the
stamp of a generation holds a digest for every page, and no byte is used before its page was found sound.
"""

from __future__ import annotations

import hashlib
import os
import threading
from typing import TYPE_CHECKING

from index.errors import IndexFailure

if TYPE_CHECKING:
    from pathlib import Path

PAGE = 1 << 16
_DIGEST = 32


class Damaged(IndexFailure):
    """A file of the index is not what was written."""


def page_digests(path: Path) -> tuple[str, int, bytes]:
    """The SHA-256 of a file in hexadecimal, its size, and the digests of its pages one after the other."""
    whole, size, pages = hashlib.sha256(), 0, bytearray()
    with path.open("rb") as file:
        while page := file.read(PAGE):
            whole.update(page)
            size += len(page)
            pages += hashlib.sha256(page).digest()
    return whole.hexdigest(), size, bytes(pages)


class PageFile:
    """A file for reading whose pages are checked against `digests`; raises `Damaged`. Threads may share it."""

    def __init__(self, path: str, size: int, digests: bytes) -> None:
        self.name, self.size = path.rpartition("/")[2], size
        self._digests = digests
        self._sound = bytearray(len(digests) // _DIGEST)
        try:
            self._fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError:
            raise
        except OSError as error:
            raise Damaged(f"{self.name} cannot be opened: {error.strerror}") from error
        if os.fstat(self._fd).st_size != size or (size + PAGE - 1) // PAGE != len(self._sound):
            os.close(self._fd)
            raise Damaged(f"{self.name} has another size than when it was written")

    def at(self, start: int, size: int) -> bytes:
        """The bytes of a stretch, cut off at the end of the file."""
        end = min(start + size, self.size)
        if end <= start:
            return b""
        first, last = start // PAGE, (end - 1) // PAGE
        if 0 in self._sound[first : last + 1]:
            return self._checked(first, last)[start - first * PAGE : end - first * PAGE]
        return self._pread(end - start, start)

    def _pread(self, size: int, start: int) -> bytes:
        try:
            found = os.pread(self._fd, size, start)
        except OSError as error:
            raise Damaged(f"{self.name} cannot be read: {error.strerror}") from error
        if len(found) != size:
            raise Damaged(f"{self.name} has been cut off")
        return found

    def _checked(self, first: int, last: int) -> bytes:
        start = first * PAGE
        found = self._pread(min((last + 1) * PAGE, self.size) - start, start)
        for page in range(first, last + 1):
            if self._sound[page]:
                continue
            part = found[(page - first) * PAGE : (page - first + 1) * PAGE]
            if hashlib.sha256(part).digest() != self._digests[page * _DIGEST : (page + 1) * _DIGEST]:
                raise Damaged(f"{self.name} was altered after byte {page * PAGE:,}")
            self._sound[page] = 1
        return found

    def close(self) -> None:
        """Close the file."""
        os.close(self._fd)


class Files:
    """The files of a generation, each opened once; `told` maps names to size and page digests."""

    def __init__(self, folder: Path, told: dict[str, tuple[int, bytes]]) -> None:
        self._folder, self._told = str(folder), told
        self._open: dict[str, PageFile] = {}
        self._lock = threading.Lock()

    def __contains__(self, name: str) -> bool:
        return name in self._told

    def pages(self, name: str) -> PageFile:
        """A file, kept open; raises `Damaged` where the generation has none of that name."""
        with self._lock:
            found = self._open.get(name)
            if found is None:
                if name not in self._told:
                    raise Damaged(f"the generation has no {name}")
                found = self._open[name] = PageFile(f"{self._folder}/{name}", *self._told[name])
            return found

    def open_all(self) -> None:
        """Open every file now, so that none can be taken away later."""
        for name in self._told:
            self.pages(name)

    def whole(self, name: str) -> bytes:
        """All of a file."""
        file = self.pages(name)
        return file.at(0, file.size)

    def close(self) -> None:
        """Close all files."""
        with self._lock:
            for file in self._open.values():
                file.close()
            self._open.clear()
