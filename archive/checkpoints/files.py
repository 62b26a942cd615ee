"""Small files that are there whole or not at all, also after a power cut."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from archive.store.durable import sync_path

if TYPE_CHECKING:
    from pathlib import Path


def write_whole(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Put a file there, in the place of one that may be there; raises `OSError`."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    with contextlib.suppress(FileNotFoundError):
        temporary.unlink()
    _write(temporary, content, mode)
    temporary.replace(path)
    sync_path(str(path.parent))


def write_new(path: Path, content: bytes, mode: int = 0o644) -> bool:
    """Put a file there unless one is; whether it was put there. Raises `OSError`."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    with contextlib.suppress(FileNotFoundError):
        temporary.unlink()
    _write(temporary, content, mode)
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        return False
    finally:
        temporary.unlink()
    sync_path(str(path.parent))
    return True


def _write(path: Path, content: bytes, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
