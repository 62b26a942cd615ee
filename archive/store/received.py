"""Opening what the archivist names: once, never through a link, never waiting, and only if it holds still."""

from __future__ import annotations

import errno
import os
import stat
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from archive.errors import ArchiveError

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Refused(ArchiveError):
    """Something that was named cannot be taken in; the rest of a batch goes on."""


class NotFound(Refused):
    """There is nothing of that name."""


class IsLink(Refused):
    """A symbolic link: what it leads to may be named instead."""


class IsFolder(Refused):
    """A folder where a file is needed."""


class IsPipe(Refused):
    """A named pipe; its bytes can be sent through standard input."""


class IsSocket(Refused):
    """A socket."""


class IsDevice(Refused):
    """A device."""


class NotPermitted(Refused):
    """This user may not read it."""


class NotReadable(Refused):
    """Reading it failed."""


class ChangedWhileRead(Refused):
    """The file was written to while it was read, so what was read is perhaps no state it ever had."""


_REFUSALS = (
    (stat.S_ISLNK, IsLink, "it is a symbolic link; name the file that it leads to"),
    (stat.S_ISDIR, IsFolder, "it is a folder"),
    (stat.S_ISFIFO, IsPipe, "it is a named pipe; send its content through standard input with -"),
    (stat.S_ISSOCK, IsSocket, "it is a socket"),
    (stat.S_ISCHR, IsDevice, "it is a device"),
    (stat.S_ISBLK, IsDevice, "it is a device"),
)

_FAILURES: dict[int, tuple[type[Refused], str]] = {
    errno.ENOENT: (NotFound, "there is no such file"),
    errno.ENOTDIR: (NotFound, "there is no such file"),
    errno.ELOOP: (IsLink, "it is a symbolic link; name the file that it leads to"),
    errno.EACCES: (NotPermitted, "this user may not read it"),
    errno.EPERM: (NotPermitted, "this user may not read it"),
    errno.EIO: (NotReadable, "the disk reported an error"),
}


class Received:
    """An open file or stream, read from start to end once.

    `name` can be printed and stored; `raw_name` is the name as the system gave it. `size` (bytes) and
    `modified` (UTC) are those of the file as it was opened, None for a stream. `readinto` raises
    `ChangedWhileRead` at the end of a file that did not hold still, so that its bytes are never kept.
    """

    def __init__(self, fd: int, raw_name: bytes, found: os.stat_result | None) -> None:
        self._fd = fd
        self._found = found
        self._count = 0
        self.raw_name = raw_name
        self.name = printable(raw_name)
        self.size = found.st_size if found else None
        self.modified = _modified(found) if found else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._found:
            os.close(self._fd)

    def readinto(self, buffer: memoryview, /) -> int:
        """Fill the buffer from its start; 0 at the end."""
        try:
            count = os.readv(self._fd, [buffer])
            self._count += count
            after = os.fstat(self._fd) if not count and self._found else None
        except OSError as error:
            raise _refusal(self.name, error) from error
        if after and self._found:
            self._must_be(self._found, after)
        return count

    def _must_be(self, before: os.stat_result, after: os.stat_result) -> None:
        if self._count != after.st_size or _state(before) != _state(after):
            raise ChangedWhileRead(f"{self.name} was not taken in: it changed while it was read; try again")


def open_received(path: str | bytes | os.PathLike[str]) -> Received:
    """Open a plain file, to be entered; raises a `Refused` for a link, folder, pipe, socket or device.

    The name is looked at before it is opened: opening alone would release a pipe's writer or wind a tape.
    """
    raw = os.fsencode(path)
    name = printable(raw)
    try:
        _must_be_plain(name, os.lstat(raw).st_mode)
        fd = os.open(raw, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except (OSError, ValueError) as error:
        raise _refusal(name, error) from error
    try:
        found = os.fstat(fd)
        _must_be_plain(name, found.st_mode)
    except BaseException:
        os.close(fd)
        raise
    return Received(fd, raw, found)


def standard_input() -> Received:
    """Standard input as it is, whatever it is; it is left open."""
    if sys.stdin is None:
        raise NotReadable("standard input was not taken in: it is closed")
    return Received(sys.stdin.fileno(), b"-", None)


def printable(name: bytes) -> str:
    r"""The name in UTF-8; where it is not UTF-8, each such byte as `\xff` and each backslash doubled."""
    try:
        return name.decode()
    except UnicodeDecodeError:
        return name.replace(b"\\", b"\\\\").decode(errors="backslashreplace")


def _must_be_plain(name: str, mode: int) -> None:
    for test, kind, words in _REFUSALS:
        if test(mode):
            raise kind(f"{name} was not taken in: {words}")


def _refusal(name: str, error: Exception) -> Refused:
    code = error.errno if isinstance(error, OSError) else None
    words = error.strerror if isinstance(error, OSError) else None
    kind, words = _FAILURES.get(code or 0, (NotReadable, words or str(error)))
    return kind(f"{name} was not taken in: {words}")


def _modified(found: os.stat_result) -> datetime | None:
    """The modification time; None for one outside the years 1 to 9999."""
    try:
        return _EPOCH + timedelta(microseconds=found.st_mtime_ns // 1000)
    except OverflowError:
        return None


def _state(found: os.stat_result) -> tuple[int, int, int, int]:
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
