"""Putting a good copy in the place of a bad one, which is kept: `quarantine/<what it hashes to>.<when>`."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from archive.digest import Algorithm, Digest
from archive.errors import ArchiveError, ExitCode
from archive.store import durable
from archive.store.failures import Unreadable
from archive.store.port import Aside, ObjectState
from archive.store.reading import check_plain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from typing import BinaryIO

    from archive.store.port import Checked

QUARANTINE = "quarantine"

SLIP = ".json"
"""Beside each thing kept lies a slip that says which object it stood for."""

ABSENT = "missing"
"""A slip whose name begins so stands for an object of which there was nothing to keep; its digest is in the name."""

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


def _write_slip(kept: Path, checked: Checked) -> None:
    """Write beside it which object it was to be: durable before it is moved, so that no kept bytes lack theirs."""
    found = str(checked.found) if checked.found else None
    written = {"object": str(checked.digest), "found": found, "was": checked.state.value}
    slip = kept.with_name(kept.name + SLIP)
    slip.write_text(json.dumps(written) + "\n", encoding="utf-8")
    durable.sync_path(str(slip))


def quarantined(root: str) -> Iterator[Aside]:
    """What is kept in the quarantine, oldest name first; a slip whose bytes were never moved is passed over.

    With it come the objects that were missing and whose restoring was begun, until that is forgotten.
    """
    for slip in sorted(Path(root, QUARANTINE).glob(f"*{SLIP}")):
        kept = slip.with_name(slip.name.removesuffix(SLIP))
        if kept.name.startswith(f"{ABSENT}."):
            yield _absent(kept.name)
        elif os.path.lexists(kept):
            written = json.loads(slip.read_bytes())
            found = Digest.parse(written["found"]) if written["found"] else None
            place = f"{QUARANTINE}/{kept.name}"
            yield Aside(Digest.parse(written["object"]), place, ObjectState(written["was"]), found)


def _absent(name: str) -> Aside:
    digest = Digest.parse(f"{Algorithm.SHA256}:{name.split('.')[1]}")
    return Aside(digest, f"{QUARANTINE}/{name}", ObjectState.MISSING, None)


def forget(root: str, aside: Aside) -> None:
    """Remove the slip of an object that was missing; raises OSError. Where bytes are kept, all stays."""
    if aside.was is ObjectState.MISSING:
        slip = Path(root, aside.place + SLIP)
        slip.unlink(missing_ok=True)
        durable.sync_path(str(slip.parent))


def set_aside(root: str, digest: Digest, now: datetime, buffer: memoryview) -> Aside | None:
    """Move what stands in an object's place into the quarantine, durably.

    Where nothing stands there only a slip says so; None where it is intact and stays. Raises OSError.
    """
    source = Path(root, Algorithm.SHA256, digest.hex[:2], digest.hex)
    checked = check_plain(str(source), digest, buffer)
    if checked.state is ObjectState.INTACT:
        return None
    folder = Path(root, QUARANTINE)
    if not folder.is_dir():
        durable.make_folder(folder)
        folder.chmod(0o700)
    when = f"{now:%Y%m%dT%H%M%S.%fZ}"
    if checked.state is ObjectState.MISSING:
        return _slip_alone(folder, checked, when)
    name = f"{checked.found.hex if checked.found else UNREAD}.{when}"
    _write_slip(folder / name, checked)
    source.rename(folder / name)
    durable.sync_path(str(folder))
    durable.sync_path(str(source.parent))
    return Aside(digest, f"{QUARANTINE}/{name}", checked.state, checked.found)


def _slip_alone(folder: Path, checked: Checked, when: str) -> Aside:
    """Say durably that an object is about to be restored that was missing; said once, however often it is tried."""
    begun = sorted(folder.glob(f"{ABSENT}.{checked.digest.hex}.*{SLIP}"))
    if begun:
        return _absent(begun[0].name.removesuffix(SLIP))
    name = f"{ABSENT}.{checked.digest.hex}.{when}"
    _write_slip(folder / name, checked)
    durable.sync_path(str(folder))
    return _absent(name)
