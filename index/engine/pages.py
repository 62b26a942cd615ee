"""Files that are checked as they are read: each page against its digest, the first time it is touched.

A whole index cannot be hashed before each search, nor may a flipped bit change an answer in silence. So the
stamp of a generation holds a digest for every page, and no byte is used before its page was found sound.
"""

from __future__ import annotations

import hashlib
import io
import os
import threading
from typing import TYPE_CHECKING, Any

from whoosh.filedb.filestore import Storage
from whoosh.filedb.structfile import StructFile

from index.errors import IndexFailure

if TYPE_CHECKING:
    from pathlib import Path

PAGE = 1 << 16
_DIGEST = 32
_struct_file: Any = StructFile


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


class PageFile(io.RawIOBase):
    """A file for reading whose pages are checked against `digests`; raises `Damaged`.

    Threads may read it at once through `at`; `read` and `seek` have one place between them.
    """

    def __init__(self, path: Path, size: int, digests: bytes) -> None:
        super().__init__()
        self.path, self.size = path, size
        self._digests = digests
        self._sound = bytearray(len(digests) // _DIGEST)
        self._place = 0
        try:
            self._fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError:
            raise
        except OSError as error:
            raise Damaged(f"{path.name} cannot be opened: {error.strerror}") from error
        if os.fstat(self._fd).st_size != size or (size + PAGE - 1) // PAGE != len(self._sound):
            os.close(self._fd)
            raise Damaged(f"{path.name} has another size than when it was written")

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
            raise Damaged(f"{self.path.name} cannot be read: {error.strerror}") from error
        if len(found) != size:
            raise Damaged(f"{self.path.name} has been cut off")
        return found

    def _checked(self, first: int, last: int) -> bytes:
        start = first * PAGE
        found = self._pread(min((last + 1) * PAGE, self.size) - start, start)
        for page in range(first, last + 1):
            if self._sound[page]:
                continue
            part = found[(page - first) * PAGE : (page - first + 1) * PAGE]
            if hashlib.sha256(part).digest() != self._digests[page * _DIGEST : (page + 1) * _DIGEST]:
                raise Damaged(f"{self.path.name} was altered after byte {page * PAGE:,}")
            self._sound[page] = 1
        return found

    def read(self, size: int | None = -1, /) -> bytes:
        """Bytes from the present place on; all there are for a negative size."""
        wanted = self.size - self._place if size is None or size < 0 else size
        found = self.at(self._place, wanted)
        self._place += len(found)
        return found

    def readinto(self, buffer: Any, /) -> int:
        """Fill a buffer from the present place on."""
        found = self.read(len(buffer))
        buffer[: len(found)] = found
        return len(found)

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Go to a place."""
        base = (0, self._place, self.size)[whence]
        self._place = base + offset
        return self._place

    def tell(self) -> int:
        """The present place."""
        return self._place

    def close(self) -> None:
        """Close the file."""
        if not self.closed:
            os.close(self._fd)
        super().close()


class _CheckedFile(StructFile):
    """Whoosh's file over a `PageFile`; reads at a place go straight to it."""

    def __init__(self, file: PageFile, name: str) -> None:
        _struct_file.__init__(self, file, name=name)
        self.is_real = False
        self._pages = file

    def get(self, position: int, length: int) -> bytes:
        """The bytes of a stretch."""
        return self._pages.at(position, length)

    def close(self) -> None:
        """Leave the file open: the storage closes it."""


class CheckedStorage(Storage):  # type: ignore[misc, unused-ignore]  # Whoosh 2.7.4 has no types
    """Whoosh's storage over files of a directory that are checked as they are read.

    `files` maps names to size and page digests; no other file is seen.
    """

    readonly = True

    def __init__(self, folder: Path, files: dict[str, tuple[int, bytes]]) -> None:
        self._folder, self._files = folder, files
        self._open: dict[str, PageFile] = {}
        self._lock = threading.Lock()

    def pages(self, name: str) -> PageFile:
        """A file, opened once and kept open."""
        with self._lock:
            found = self._open.get(name)
            if found is None:
                found = self._open[name] = PageFile(self._folder / name, *self._files[name])
            return found

    def open_all(self) -> None:
        """Open every file now, so that none can be taken away later."""
        for name in self._files:
            self.pages(name)

    def open_file(self, name: str, *_: Any, **__: Any) -> _CheckedFile:
        """A file as Whoosh reads one."""
        return _CheckedFile(self.pages(name), name)

    def list(self) -> list[str]:
        """The names of the files."""
        return list(self._files)

    def file_exists(self, name: str) -> bool:
        """Whether there is such a file."""
        return name in self._files

    def file_length(self, name: str) -> int:
        """The size of a file in bytes."""
        return self._files[name][0]

    def close(self) -> None:
        """Nothing: readers of one generation share the files; `let_go` closes them."""

    def let_go(self) -> None:
        """Close all files."""
        with self._lock:
            for file in self._open.values():
                file.close()
            self._open.clear()
