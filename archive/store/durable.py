"""What is written is on the disk: the only module that calls fsync."""

from __future__ import annotations

import contextlib
import errno
import os
import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FEW = 8
"""Up to here one fsync after another is quick; above it one syncfs is.

For 256 files of 6 kB: 61 ms one after another, 30 in threads, 3.5 by syncfs. It is not 1
because a syncfs also waits for what other programs have written to the same disk.
"""

THREADS = 8
"""More threads share a journal commit; from 4 on there is little gain."""

SYNCFS_REPORTS = (5, 8)
"""The first Linux whose syncfs tells of a failed write-back (its manual page); before, it proves little."""


def sync_path(path: str) -> None:
    """Put a file's bytes, or a directory's entries, on the disk."""
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def make_folder(path: Path) -> None:
    """Make a folder and those above it that are missing, the entry of each on the disk in its parent."""
    made = [path, *(above for above in path.parents if not above.exists())]
    for folder in reversed(made):
        folder.mkdir(exist_ok=True)
    for folder in made:
        sync_path(str(folder.parent))


def sync_all(paths: Sequence[str], within: int) -> None:
    """Put many files and directories on the disk; `within` is a descriptor on their file system.

    A failed write-back is told once, to descriptors that were open before it: open `within` before writing.
    """
    if len(paths) <= FEW:
        for path in paths:
            sync_path(path)
    elif not _sync_file_system(within):
        with ThreadPoolExecutor(THREADS) as threads:
            for _ in threads.map(sync_path, paths):
                pass


def sync_around(path: str) -> None:
    """Put the file system of a path on its disk, so far as this system can."""
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        with contextlib.suppress(OSError):
            _sync_file_system(fd)
    finally:
        os.close(fd)


def _sync_file_system(fd: int) -> bool:
    """Put all of a file system on its disk; False where this system cannot, or cannot say that it failed."""
    if _kernel() < SYNCFS_REPORTS:
        return False
    import ctypes

    syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if syncfs is None:
        return False
    if syncfs(fd) == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP):
        return False
    raise OSError(code, os.strerror(code))


def _kernel() -> tuple[int, int]:
    """The version of a Linux kernel; (0, 0) for any other."""
    system = os.uname()
    found = re.match(r"(\d+)\.(\d+)", system.release)
    return (int(found[1]), int(found[2])) if found and system.sysname == "Linux" else (0, 0)
