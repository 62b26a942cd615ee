"""Taking objects in: staged below `incoming/<uuid>/`, sealed with a note, placed, cleared."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from archive.digest import Algorithm, Digest
from archive.store import durable
from archive.store.failures import KEPT_FOR_NEXT, NOTHING_RECORDED, RECORDED, told
from archive.store.note import read_note, write_note
from archive.store.placing import Placer
from archive.store.port import Staged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType
    from typing import BinaryIO, Self

    from archive.clock import Clock
    from archive.store.port import Aside, Placement, Readable

STAGE_BYTES = 1024 * 1024
"""One buffer an intake: large enough that a large file costs few system calls."""

_LOCK = "lock"
_NOTE = "note"


class FilesystemIntake:
    """A folder below `incoming/`, locked while the program lives, with a file for each staged object."""

    def __init__(self, root: str, objects: str, clock: Clock) -> None:
        self._incoming = f"{root}/incoming"
        self._placer = Placer(objects)
        self._clock = clock
        self._count = 0
        self._sealed = False
        self._batch: dict[Digest, Staged] = {}

    def __enter__(self) -> Self:
        with told("beginning an intake", NOTHING_RECORDED):
            Path(self._incoming).mkdir(exist_ok=True)
            self._folder, self._lock = self._claim()
            self._disk = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        self._buffer = memoryview(bytearray(STAGE_BYTES))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if not self._sealed:
                _remove(self._folder)
        except OSError:
            pass  # what is left holds nothing that was recorded; `unfinished` gives it to the next command
        finally:
            os.close(self._disk)
            os.close(self._lock)

    def _claim(self) -> tuple[str, int]:
        """A new folder and its lock; another one where a reaper took the first before it was locked."""
        while True:
            folder = f"{self._incoming}/{self._clock.new_id()}"
            Path(folder).mkdir(mode=0o700)
            try:
                lock = _lock(folder, os.O_CREAT | os.O_EXCL)
            except OSError:
                Path(folder).rmdir()
                raise
            if lock is not None:
                return folder, lock

    def stage(self, source: Readable) -> Staged:
        """Write the source's bytes to a file of the intake while hashing them, in constant memory."""
        if self._sealed:
            raise ValueError("the batch is sealed: clear it before staging the next")
        self._count += 1
        path = self._path(self._count)
        with told("taking a file in", NOTHING_RECORDED):
            fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o444)
        kept = False
        try:
            staged = self._copy(source, fd)
            kept = self._batch.setdefault(staged.digest, staged) is staged
        finally:
            with told("taking a file in", NOTHING_RECORDED):
                os.close(fd)
                if not kept:
                    Path(path).unlink()
        return self._batch[staged.digest]

    def _copy(self, source: Readable, fd: int) -> Staged:
        running, size = hashlib.sha256(), 0
        while count := source.readinto(self._buffer):
            part = self._buffer[:count]
            running.update(part)
            with told("taking a file in", NOTHING_RECORDED):
                _write(fd, part)
            size += count
        with told("taking a file in", NOTHING_RECORDED):
            os.fchmod(fd, 0o444)
        return Staged(Digest(Algorithm.SHA256, running.digest()), size, self._count)

    def open(self, staged: Staged) -> BinaryIO:
        """The staged bytes, from their start."""
        return Path(self._path(staged.number)).open("rb")

    def seal(self, note: bytes) -> None:
        """Bytes, note and folder are on the disk before the note gets its name; then the name is."""
        if self._sealed:
            raise ValueError("the batch is sealed already")
        staged = tuple(self._batch.values())
        draft = f"{self._folder}/{_NOTE}.draft"
        with told("making the batch durable", NOTHING_RECORDED):
            _write_file(draft, write_note(staged, note))
            written = [draft, *(self._path(s.number) for s in staged), self._folder, self._incoming]
            durable.sync_all(written, self._disk)
            Path(draft).rename(f"{self._folder}/{_NOTE}")
            self._sealed = True
        with told("making the batch durable", KEPT_FOR_NEXT):
            durable.sync_path(self._folder)

    def place(self) -> tuple[Placement, ...]:
        """Link each staged file to its digest; see `Placer`."""
        if not self._sealed:
            raise ValueError("only a sealed batch is placed")
        with told("placing objects", KEPT_FOR_NEXT):
            return self._placer.place(self._folder, tuple(self._batch.values()), self._disk)

    def restore(self, staged: Staged, make_room: Callable[[], Aside | None]) -> Aside | None:
        """Place one staged object that is recorded already, and so needs no note; what `make_room` says.

        Its place is cleared by `make_room` once the new bytes are on the disk.
        """
        with told("restoring an object", "what stood in its place is kept, there or in quarantine"):
            durable.sync_all([self._path(staged.number), self._folder], self._disk)
            aside = make_room()
            self._placer.place(self._folder, (staged,), self._disk)
        return aside

    def clear(self) -> None:
        """Remove note, then files: a note without its files would only be recorded a second time."""
        with told("clearing an intake", RECORDED):
            Path(f"{self._folder}/{_NOTE}").unlink(missing_ok=True)
            self._sealed = False
            numbers = [staged.number for staged in self._batch.values()]
            self._batch.clear()
            for number in numbers:
                Path(self._path(number)).unlink(missing_ok=True)

    def _path(self, number: int) -> str:
        return f"{self._folder}/{number}"


class FilesystemUnfinished:
    """A folder of an intake whose program is gone."""

    def __init__(self, folder: str, objects: str) -> None:
        self._folder = folder
        self._placer = Placer(objects)
        self.note: bytes | None = None
        self._staged: tuple[Staged, ...] = ()
        with suppress(FileNotFoundError):
            if read := read_note(Path(f"{folder}/{_NOTE}").read_bytes()):
                self._staged, self.note = read

    def place(self) -> tuple[Placement, ...]:
        """As `FilesystemIntake.place`; a staged file that was cleared already must be held."""
        with told("placing objects", KEPT_FOR_NEXT):
            disk = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                return self._placer.place_again(self._folder, self._staged, disk)
            finally:
                os.close(disk)

    def clear(self) -> None:
        """Remove the folder, its note first and its lock last."""
        with told("clearing an intake", RECORDED):
            _remove(self._folder)


def unfinished(root: str, objects: str) -> Iterator[FilesystemUnfinished]:
    """Each folder below `incoming/` whose lock is free, oldest first, locked meanwhile."""
    incoming = f"{root}/incoming"
    if not Path(incoming).is_dir():
        return
    for path in sorted(Path(incoming).iterdir()):
        folder = str(path)
        with told("looking for what was cut off", "nothing was changed"):
            lock = _lock(folder, os.O_CREAT) if path.is_dir() else None
        if lock is None:
            continue
        try:
            with told("reading a batch that was cut off", "it is left for a later command"):
                left = FilesystemUnfinished(folder, objects)
            yield left
        finally:
            os.close(lock)


def busy(root: str) -> bool:
    """Whether any folder below `incoming/` is locked by a program that is alive; changes nothing."""
    try:
        folders = list(Path(f"{root}/incoming").iterdir())
    except FileNotFoundError:
        return False
    return any(_locked(f"{folder}/{_LOCK}") for folder in folders)


def _locked(path: str) -> bool:
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(fd)
    return False


def _lock(folder: str, how: int) -> int | None:
    """Hold the folder's lock; None where another does, or where the folder went meanwhile.

    Maker and reaper may both come between the making of the folder and its lock. The maker insists on
    making the lock file; the reaper takes what is there; and either looks, once it holds the lock, whether
    that file is still the one in the folder. The one who loses lets go.
    """
    path = f"{folder}/{_LOCK}"
    try:
        fd = os.open(path, how | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except (FileExistsError, FileNotFoundError, NotADirectoryError):
        return None
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(fd), os.lstat(path)):
            return fd
    except (BlockingIOError, FileNotFoundError):
        pass
    except OSError:
        os.close(fd)
        raise
    os.close(fd)
    return None


def _remove(folder: str) -> None:
    """Remove an intake's folder: the note first, so that no note outlives its files, the lock last.

    Once the lock file is gone a reaper may make its own and remove the folder first: it is gone all the same.
    """
    with suppress(FileNotFoundError):
        for path in sorted(Path(folder).iterdir(), key=lambda path: (path.name != _NOTE, path.name == _LOCK)):
            path.unlink(missing_ok=True)
        try:
            Path(folder).rmdir()
        except OSError as error:
            if error.errno != errno.ENOTEMPTY:
                raise


def _write(fd: int, part: memoryview) -> None:
    while part:
        part = part[os.write(fd, part) :]


def _write_file(path: str, content: bytes) -> None:
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        _write(fd, memoryview(content))
    finally:
        os.close(fd)
