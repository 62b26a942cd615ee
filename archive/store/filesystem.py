"""Objects as files: `sha256/ab/<hexadecimal digits>`, mode 0444, one level of folders."""

from __future__ import annotations

import os
import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from archive.digest import Algorithm, Digest
from archive.store import durable
from archive.store.failures import (
    NotHeld,
    NotPlain,
    StoreFailure,
    StoreNotThere,
    Unreadable,
    told,
)
from archive.store.inspecting import FileInspector
from archive.store.intake import FilesystemIntake, FilesystemUnfinished, busy, unfinished
from archive.store.mending import QUARANTINE, Verified, forget, quarantined, set_aside
from archive.store.port import Checked, Held, ObjectState, Stray
from archive.store.reading import BUFFER_BYTES, check_plain, open_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    from archive.clock import Clock
    from archive.store.port import Aside, Inspector

_NAME = re.compile(r"[0-9a-f]{64}")
_FOLDER = re.compile(r"[0-9a-f]{2}")
_OWN = {"sha256", "incoming", QUARANTINE, "lost+found"}
"""The last is the file system's, where the store is a whole disk."""


class FilesystemStore:
    """A folder that holds `sha256/` and `incoming/`.

    May be used from several threads, and from a forked child so long as that enters no intake of its parent.
    """

    def __init__(self, root: str, clock: Clock) -> None:
        self._root = root
        self._objects = f"{root}/{Algorithm.SHA256}"
        self._clock = clock
        self._own = threading.local()
        self._identity = self._look()

    @classmethod
    def make(cls, root: str, clock: Clock) -> FilesystemStore:
        """Make the folders, durable with every new one's entry in its parent, or open what is there."""
        with told("making the store", "there is no store yet"):
            for folder in (root, f"{root}/incoming", f"{root}/{Algorithm.SHA256}"):
                durable.make_folder(Path(folder))
        return cls(root, clock)

    @property
    def address(self) -> str:
        """The root folder."""
        return self._root

    def intake(self) -> FilesystemIntake:
        """A new intake below `incoming/`."""
        self._must_be_there()
        return FilesystemIntake(self._root, self._objects, self._clock)

    def unfinished(self) -> Iterator[FilesystemUnfinished]:
        """The batches that were cut off, oldest first; raises a `StoreFailure` where one cannot be locked."""
        self._must_be_there()
        return unfinished(self._root, self._objects)

    def busy(self) -> bool:
        """As the port says: by the locks of the intakes."""
        return busy(self._root)

    def open(self, digest: Digest) -> BinaryIO:
        """The bytes of an object, unchecked."""
        path = self._path(digest)
        try:
            return os.fdopen(open_plain(path), "rb")
        except (FileNotFoundError, NotADirectoryError) as error:
            self._must_be_there()
            raise NotHeld(f"the store holds no object {digest}") from error
        except NotPlain as error:
            raise NotPlain(f"object {digest}: {error}") from error
        except OSError as error:
            self._must_be_there()
            raise Unreadable(f"object {digest} cannot be read: {error.strerror}") from error

    def check(self, digest: Digest) -> Checked:
        """Re-hash an object into this thread's one buffer."""
        checked = check_plain(self._path(digest), digest, self._buffer())
        if checked.state in (ObjectState.MISSING, ObjectState.UNREADABLE):
            self._must_be_there()
        return checked

    def restore(self, digest: Digest, source: BinaryIO) -> Aside | None:
        """As the port says: staged and verified first, then what stands in the way is moved aside."""
        with self.intake() as intake:
            staged = intake.stage(Verified(source, digest))
            return intake.restore(
                staged, lambda: set_aside(self._root, digest, self._clock.now(), self._buffer())
            )

    def quarantined(self) -> Iterator[Aside]:
        """By the slips that lie beside it."""
        self._must_be_there()
        return quarantined(self._root)

    def forget(self, aside: Aside) -> None:
        """By removing the slip."""
        with told("removing a slip", "the object it names is restored and recorded"):
            forget(self._root, aside)

    def inspector(
        self,
        *,
        cold: bool,
        spend: Callable[[int], None] | None = None,
        add: Algorithm | None = None,
    ) -> Inspector:
        """Re-hash many files, several at a time where the disk is to be read."""
        return FileInspector(self._objects, self._must_be_there, cold=cold, spend=spend, add=add)

    def settle(self) -> None:
        """Put the whole file system on its disk: pages that are not there yet would stay in memory."""
        self._must_be_there()
        durable.sync_around(self._objects)

    def where(self, digest: Digest) -> str:
        """The path of its file."""
        return self._path(digest)

    def held(self) -> Iterator[Held | Stray]:
        """Folder by folder, in each the order the file system gives."""
        self._must_be_there()
        try:
            with told("listing the store", "what it holds is not known"):
                yield from self._listed()
        except StoreFailure:
            self._must_be_there()
            raise

    def _listed(self) -> Iterator[Held | Stray]:
        for path in sorted(Path(self._root).iterdir()):
            if path.name not in _OWN:
                yield Stray(path.name, "neither objects nor incoming")
        for path in sorted(Path(self._objects).iterdir()):
            if not _FOLDER.fullmatch(path.name):
                yield Stray(f"{Algorithm.SHA256}/{path.name}", "not a folder of objects by its name")
            elif path.is_symlink() or not path.is_dir():
                yield Stray(f"{Algorithm.SHA256}/{path.name}", "not a folder")
            else:
                yield from _in_folder(path)

    def _path(self, digest: Digest) -> str:
        name = digest.hex
        return f"{self._objects}/{name[:2]}/{name}"

    def _buffer(self) -> memoryview:
        if not hasattr(self._own, "buffer"):
            self._own.buffer = memoryview(bytearray(BUFFER_BYTES))
        buffer: memoryview = self._own.buffer
        return buffer

    def _look(self) -> tuple[int, int]:
        try:
            found = os.stat(self._objects)  # noqa: PTH116 - every `check` that fails comes here; Path costs more
        except OSError as error:
            raise StoreNotThere(
                f"no store at {self._root}: {self._objects} cannot be reached ({error.strerror}); "
                "is its disk mounted?"
            ) from error
        return found.st_dev, found.st_ino

    def _must_be_there(self) -> None:
        if self._look() != self._identity:
            raise StoreNotThere(f"the store at {self._root} is no longer the one that was opened")


def _in_folder(folder: Path) -> Iterator[Held | Stray]:
    """The objects of one folder, and what does not belong there."""
    with os.scandir(folder) as entries:
        for entry in entries:
            place = f"{Algorithm.SHA256}/{folder.name}/{entry.name}"
            if not _NAME.fullmatch(entry.name) or not entry.name.startswith(folder.name):
                yield Stray(place, "its name is not a digest of this folder")
                continue
            digest = Digest(Algorithm.SHA256, bytes.fromhex(entry.name))
            if entry.is_symlink():
                yield Stray(place, "a symbolic link", digest)
            elif not entry.is_file(follow_symlinks=False):
                yield Stray(place, "not a plain file", digest)
            else:
                yield Held(digest)
