"""From a staged file to an object: a link that overwrites nothing, and the folders on the disk."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING

from archive.store import durable
from archive.store.failures import KEPT_FOR_NEXT, NoHardLinks
from archive.store.port import Checked, ObjectState, PlacedAs, Placement
from archive.store.reading import BUFFER_BYTES, check_plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archive.digest import Digest
    from archive.store.port import Staged

_OUTCOMES = {
    ObjectState.INTACT: PlacedAs.HELD,
    ObjectState.ALTERED: PlacedAs.ALTERED,
    ObjectState.UNREADABLE: PlacedAs.UNREADABLE,
}


class Placer:
    """Places the staged files of sealed batches; may be run again on the same batch."""

    def __init__(self, objects: str) -> None:
        self._objects = objects
        self._buffer = memoryview(bytearray(BUFFER_BYTES))

    def place_again(self, folder: str, batch: Iterable[Staged], disk: int) -> tuple[Placement, ...]:
        """Place a batch that another program sealed, looking first at what became of its staged bytes."""
        batch = tuple(batch)
        checks = [check_plain(f"{folder}/{s.number}", s.digest, self._buffer) for s in batch]
        bad = [c for c in checks if c.state in (ObjectState.ALTERED, ObjectState.UNREADABLE)]
        unsafe = {check.digest for check in bad}
        placed = self.place(folder, (s for s in batch if s.digest not in unsafe), disk)
        sizes = {s.digest: s.size for s in batch}
        return (*placed, *(Placement(c.digest, sizes[c.digest], _OUTCOMES[c.state], c) for c in bad))

    def place(self, folder: str, batch: Iterable[Staged], disk: int) -> tuple[Placement, ...]:
        """Link each file to its digest, then put every folder touched on the disk.

        A folder is synced for an object that was there already too, and so is the folder of folders: another
        intake may have made the entry a moment ago and may not have come to its own sync. Raises OSError.
        """
        placements, touched = [], {self._objects}
        for staged in batch:
            touched.add(f"{self._objects}/{staged.digest.hex[:2]}")
            placements.append(self._place_one(f"{folder}/{staged.number}", staged))
        durable.sync_all(sorted(touched), disk)
        return tuple(placements)

    def _place_one(self, source: str, staged: Staged) -> Placement:
        digest = staged.digest
        target = f"{self._objects}/{digest.hex[:2]}/{digest.hex}"
        while True:
            if self._link(source, target):
                return Placement(digest, staged.size, PlacedAs.NEW)
            check = check_plain(target, digest, self._buffer)
            if outcome := _OUTCOMES.get(check.state):
                return Placement(digest, staged.size, outcome, check)
            if not Path(source).exists():
                return _lost(digest, staged.size)

    def _link(self, source: str, target: str) -> bool:
        """Whether a link was made; False where something is at the target, or nothing at the source."""
        try:
            os.link(source, target, follow_symlinks=False)
        except FileExistsError:
            return False
        except FileNotFoundError:
            if not Path(source).exists():
                return False
            Path(target).parent.mkdir(exist_ok=True)
            return self._link(source, target)
        except OSError as error:
            if error.errno in (errno.EOPNOTSUPP, errno.EPERM):
                raise NoHardLinks(
                    f"the file system gives no hard link to {target}; {KEPT_FOR_NEXT}"
                ) from error
            raise
        return True


def _lost(digest: Digest, size: int) -> Placement:
    """Neither staged nor held: somebody removed it after it was sealed."""
    check = Checked(digest, ObjectState.MISSING, reason="neither staged nor held")
    return Placement(digest, size, PlacedAs.UNREADABLE, check)
