"""What can go wrong in a store, a class a failure, and the words for each."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from archive.errors import ArchiveError, ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator

NOTHING_RECORDED = "nothing of this batch was recorded"
KEPT_FOR_NEXT = "what was taken in is kept, and the next command records it"
RECORDED = "the batch is recorded; the next command clears what is left over"


class StoreFailure(ArchiveError):
    """The store as a whole cannot do what was asked."""


class StoreNotThere(StoreFailure):
    """No store is where one should be: removed, or on a disk that is not mounted."""


class StoreFull(StoreFailure):
    """The disk has no room left."""


class StoreQuota(StoreFailure):
    """The quota of this user is used up."""


class StoreReadOnly(StoreFailure):
    """The store lies on a file system that is mounted read-only."""


class StoreForbidden(StoreFailure):
    """This user may not write to the store."""


class StoreFailing(StoreFailure):
    """The disk reported an error."""


class FileTooLarge(StoreFailure):
    """A file is larger than the file system or the shell's limit lets one be."""


class NoHardLinks(StoreFailure):
    """The file system has no hard links, so an object cannot be placed without the risk of overwriting."""


class NotHeld(ArchiveError):
    """The store holds no object of that digest."""

    exit_code = ExitCode.CHECK_FAILED


class NotPlain(ArchiveError):
    """Something that is not a plain file stands where an object should be."""

    exit_code = ExitCode.CHECK_FAILED


class Unreadable(ArchiveError):
    """An object is there and cannot be read."""


_WORDS: dict[int, tuple[type[StoreFailure], str]] = {
    errno.ENOSPC: (StoreFull, "the disk is full"),
    errno.EDQUOT: (StoreQuota, "the disk quota is used up"),
    errno.EROFS: (StoreReadOnly, "the store is on a read-only file system"),
    errno.EACCES: (StoreForbidden, "this user has no permission for it"),
    errno.EPERM: (StoreForbidden, "the system does not permit it"),
    errno.EFBIG: (FileTooLarge, "the file is larger than this file system or limit allows"),
    errno.EIO: (StoreFailing, "the disk reported an error"),
}


@contextmanager
def told(doing: str, outcome: str) -> Iterator[None]:
    """Turn an operating system error into the failure it stands for: what happened and what became of it."""
    try:
        yield
    except OSError as error:
        kind, words = _WORDS.get(error.errno or 0, (StoreFailing, error.strerror or str(error)))
        place = f" ({os.fsdecode(error.filename)})" if error.filename else ""
        raise kind(f"{words}: {doing}{place}; {outcome}") from error
