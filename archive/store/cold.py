"""Reading the medium and not the memory: letting go of a file's pages, and seeing whether they went."""

from __future__ import annotations

import ctypes
import errno
import os
import platform
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archive.store.port import Coldness

LOOK_AT_EVERY = 16
"""Of how many files one is looked at; each look costs two microseconds."""

_CACHESTAT = 451
"""The number of the system call on every architecture (Linux 6.5, include/uapi/asm-generic/unistd.h)."""


class _Range(ctypes.Structure):
    _fields_ = (("offset", ctypes.c_uint64), ("length", ctypes.c_uint64))


class _Pages(ctypes.Structure):
    _fields_ = tuple(
        (name, ctypes.c_uint64) for name in ("cached", "dirty", "writeback", "evicted", "recently_evicted")
    )


def look(fd: int, coldness: Coldness) -> None:
    """Look at one file; where the system cannot tell, nothing is counted."""
    pages = cached_pages(fd)
    if pages is not None:
        coldness.looked_at += 1
        coldness.cold += not pages


def let_go(fd: int) -> None:
    """Ask for a file's clean pages to be dropped; a file system without any says so by an error, which is no harm."""
    try:
        os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.ESPIPE):
            raise


def cached_pages(fd: int) -> int | None:
    """How many pages of a file are in memory, None where the system does not tell (cachestat(2))."""
    call = _syscall()
    if call is None:
        return None
    wanted, found = _Range(0, 0), _Pages()
    if call(_CACHESTAT, fd, ctypes.byref(wanted), ctypes.byref(found), 0) != 0:
        return None
    return int(found.cached)


@cache
def _syscall() -> ctypes._NamedFuncPointer | None:
    if platform.system() != "Linux":
        return None
    return ctypes.CDLL(None, use_errno=True).syscall
