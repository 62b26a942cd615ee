"""Reading an object's bytes without following links, and hashing them in constant memory."""

from __future__ import annotations

import errno
import hashlib
import os
import stat

from archive.digest import Algorithm, Digest
from archive.store.failures import NotPlain
from archive.store.port import Checked, ObjectState

BUFFER_BYTES = 256 * 1024
"""Fits in a core's cache; larger reads of a warm file are slower."""

_KINDS = (
    (stat.S_ISLNK, "a symbolic link"),
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe (FIFO)"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def kind_of(mode: int) -> str:
    """What a file of that mode is, in words."""
    return next((words for test, words in _KINDS if test(mode)), "a file of an unknown kind")


def open_plain(path: str) -> int:
    """A descriptor on a plain file, without following a link and without waiting for a pipe's other end.

    Raises `NotPlain` for anything else that stands there, and OSError.
    """
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO, errno.ENODEV):
            raise NotPlain(f"{kind_of(os.lstat(path).st_mode)} stands in its place") from error
        raise
    mode = os.fstat(fd).st_mode
    if not stat.S_ISREG(mode):
        os.close(fd)
        raise NotPlain(f"{kind_of(mode)} stands in its place")
    return fd


def hash_plain(path: str, buffer: memoryview) -> tuple[Digest, int]:
    """The SHA-256 of a plain file and its size in bytes; raises as `open_plain` does."""
    fd = open_plain(path)
    try:
        running, size = hashlib.sha256(), 0
        while count := os.readv(fd, [buffer]):
            running.update(buffer[:count])
            size += count
    finally:
        os.close(fd)
    return Digest(Algorithm.SHA256, running.digest()), size


def check_plain(path: str, digest: Digest, buffer: memoryview) -> Checked:
    """Re-hash what stands at the path against the digest."""
    try:
        found, size = hash_plain(path, buffer)
    except (FileNotFoundError, NotADirectoryError):
        return Checked(digest, ObjectState.MISSING, reason="no such file")
    except NotPlain as error:
        return Checked(digest, ObjectState.ALTERED, reason=str(error))
    except OSError as error:
        return Checked(digest, ObjectState.UNREADABLE, reason=error.strerror or str(error))
    if found == digest:
        return Checked(digest, ObjectState.INTACT, size, found)
    return Checked(digest, ObjectState.ALTERED, size, found, "its bytes have another digest")
