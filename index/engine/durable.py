"""Files and directories brought to the disk, and taken away."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def sync(path: Path) -> None:
    """Bring a file or a directory to the disk."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def sync_all(paths: Sequence[Path]) -> None:
    """Bring files to the disk, all on their way before the first is waited for: there are a dozen to a segment."""
    with contextlib.ExitStack() as opened:
        fds = [os.open(path, os.O_RDONLY) for path in paths]
        for fd in fds:
            opened.callback(os.close, fd)
        if hasattr(os, "posix_fadvise"):
            for fd in fds:
                os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
        for fd in fds:
            os.fsync(fd)


def write_synced(path: Path, raw: bytes) -> None:
    """Write a file and bring it to the disk."""
    path.unlink(missing_ok=True)
    with path.open("xb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())


def delete(path: Path) -> None:
    """Delete a directory and what is in it, as far as that can be done."""
    import shutil  # late: readers need none of it

    shutil.rmtree(path, ignore_errors=True)
