"""Putting a good copy in the place of a bad one, which is kept: `quarantine/<what it hashes to>.<when>`."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from archive.digest import Algorithm
from archive.errors import ArchiveError, ExitCode
from archive.store import durable
from archive.store.failures import Unreadable
from archive.store.port import ObjectState
from archive.store.reading import check_plain

if TYPE_CHECKING:
    from datetime import datetime
    from typing import BinaryIO

    from archive.digest import Digest

QUARANTINE = "quarantine"

UNREAD = "unread"
"""What stands in a name instead of a digest where the bytes could not be read, or are not a plain file's."""


class CopyAltered(ArchiveError):
    """Bytes that should be those of an object are not."""

    exit_code = ExitCode.CHECK_FAILED


class Verified:
    """A source that raises at its end unless its bytes have the digest, so that nobody keeps what it gave.

    Raises `CopyAltered` and `Unreadable`.
    """

    def __init__(self, source: BinaryIO, digest: Digest) -> None:
        self._source, self._digest = source, digest
        self._running = hashlib.new(digest.algorithm)

    def readinto(self, buffer: memoryview, /) -> int:
        """Fill the buffer from its start; 0 at the end, once the digest fits."""
        try:
            part = self._source.read(len(buffer))
        except OSError as error:
            raise Unreadable(f"object {self._digest} cannot be read: {error.strerror}") from error
        if part:
            buffer[: len(part)] = part
            self._running.update(part)
        elif self._running.digest() != self._digest.value:
            raise CopyAltered(f"object {self._digest}: its bytes have another digest")
        return len(part)


def set_aside(root: str, digest: Digest, now: datetime, buffer: memoryview) -> str | None:
    """Move what stands in an object's place into the quarantine, durably; its place below the root.

    None where nothing stands there, or where it is intact and stays. Raises OSError.
    """
    source = Path(root, Algorithm.SHA256, digest.hex[:2], digest.hex)
    checked = check_plain(str(source), digest, buffer)
    if checked.state in (ObjectState.INTACT, ObjectState.MISSING):
        return None
    folder = Path(root, QUARANTINE)
    if not folder.is_dir():
        durable.make_folder(folder)
        folder.chmod(0o700)
    name = f"{checked.found.hex if checked.found else UNREAD}.{now:%Y%m%dT%H%M%S.%fZ}"
    source.rename(folder / name)
    durable.sync_path(str(folder))
    durable.sync_path(str(source.parent))
    return f"{QUARANTINE}/{name}"
