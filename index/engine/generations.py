"""Generations: a directory each, synced, stamped, and swapped in by one rename.

    index/current           the name of the generation to read and the SHA-256 of its stamp
    index/lock              held by the one writer
    index/gen-00000007/     Whoosh's files and stamp.json: schema, position, sizes, digests of files and of
    pages
    index/building/         what a rebuild has made so far

Opening Whoosh's files may run what they contain, so the directory must be ours alone.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import stat
import time
from typing import TYPE_CHECKING

from index.engine.durable import delete, sync, sync_all, write_synced
from index.engine.pages import page_digests
from index.engine.stamp import SCHEMA, STAMP, Generation, Part, Stamp
from index.errors import IndexBusy, NeedsRebuild, NotOurs, State

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


_CURRENT = "current"
_NAME = re.compile(r"gen-\d{8}")
_POINTER = re.compile(r"(gen-\d{8}) ([0-9a-f]{64})\n")
_OTHERS = 0o077


class Generations:
    """The generations in an index directory."""

    def __init__(self, root: Path, engine: str) -> None:
        self.root, self.engine = root, engine

    def create(self) -> None:
        """Make the directory where there is none; raises `NotOurs`."""
        if not self.root.exists():
            self.root.mkdir(mode=0o700, parents=True)
            sync(self.root.parent)
        self.check_ours()

    def check_ours(self) -> None:
        """Raise `NotOurs` unless the directory is ours and closed to others."""
        found = self.root.lstat()
        if not stat.S_ISDIR(found.st_mode):
            raise NotOurs(f"{self.root} is no directory")
        if found.st_uid != os.geteuid():
            raise NotOurs(
                f"{self.root} belongs to another user; an index is only read by the user who made it"
            )
        if found.st_mode & _OTHERS:
            raise NotOurs(
                f"{self.root} is open to others; close it with chmod 700, or delete it and rebuild the index"
            )

    def pointer(self) -> str:
        """What `current` says, empty where it is not there: it changes with every generation."""
        try:
            return (self.root / _CURRENT).read_text(encoding="ascii", errors="replace")
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise NeedsRebuild(State.DAMAGED, f"{_CURRENT} cannot be read ({error.strerror})") from error

    def current(self) -> Generation:
        """The generation to read; raises `NeedsRebuild`, `NotOurs`."""
        if not self.root.exists():
            raise NeedsRebuild(State.MISSING, "it was never built")
        self.check_ours()
        for _ in range(20):
            said = self.pointer()
            try:
                return self._named(said)
            except FileNotFoundError as error:
                if self.pointer() == said:
                    raise NeedsRebuild(State.DAMAGED, f"{error.filename} is missing") from error
                time.sleep(0.01)
        raise NeedsRebuild(State.DAMAGED, "its generations change faster than they can be read")

    def _named(self, said: str) -> Generation:
        if not said:
            raise NeedsRebuild(State.MISSING, "it was never built")
        match = _POINTER.fullmatch(said)
        if not match:
            raise NeedsRebuild(State.DAMAGED, f"{_CURRENT} does not name a generation")
        path = self.root / match.group(1)
        try:
            raw = (path / STAMP).read_bytes()
        except FileNotFoundError:
            raise
        except OSError as error:
            raise NeedsRebuild(State.DAMAGED, f"its stamp cannot be read ({error.strerror})") from error
        if hashlib.sha256(raw).hexdigest() != match.group(2):
            raise NeedsRebuild(State.DAMAGED, "its stamp was altered")
        stamp = Stamp.from_json(raw)
        if stamp.schema != SCHEMA or stamp.engine != self.engine:
            made = f"schema {stamp.schema} of {stamp.engine}"
            raise NeedsRebuild(
                State.OUTDATED, f"it was made with {made}, this is schema {SCHEMA} of {self.engine}"
            )
        return Generation(path, stamp)

    @contextlib.contextmanager
    def writing(self, wait: float = 0.0) -> Iterator[None]:
        """Be the one writer; raises `IndexBusy` where another is still at work after `wait` seconds."""
        self.create()
        fd = os.open(self.root / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            _lock(fd, wait)
            yield
        finally:
            os.close(fd)

    def begin(self, name: str = "next") -> Path:
        """An empty directory for the next generation."""
        path = self.root / name
        delete(path)
        path.mkdir(mode=0o700)
        return path

    def publish(
        self,
        path: Path,
        position: int,
        documents: int,
        kept: dict[str, tuple[int, str, bytes]],
        parts: tuple[Part, ...] = (),
    ) -> Generation:
        """Sync a directory made by `begin`, stamp it, and make it the current generation.

        `kept` are files that were linked from the generation before, with their digests: they are synced
        already.
        """
        files = dict(kept)
        for leftover in path.glob("*.tmp"):  # Whoosh's directory for columns in the making
            delete(leftover)
        fresh_files = [file for file in sorted(path.iterdir()) if file.name not in files]
        for file in fresh_files:
            digest, size, pages = page_digests(file)
            files[file.name] = (size, digest, pages)
            file.chmod(0o400)
        sync_all(fresh_files)
        stamp = Stamp(position, documents, self.engine, files, parts)
        raw = stamp.to_json()
        write_synced(path / STAMP, raw)
        sync(path)
        final = self.root / f"gen-{self._last() + 1:08d}"
        path.rename(final)
        sync(self.root)
        fresh = self.root / f"{_CURRENT}.new"
        write_synced(fresh, f"{final.name} {hashlib.sha256(raw).hexdigest()}\n".encode())
        fresh.rename(self.root / _CURRENT)
        sync(self.root)
        return Generation(final, stamp)

    def _last(self) -> int:
        numbers = [int(path.name[4:]) for path in self.root.iterdir() if _NAME.fullmatch(path.name)]
        return max(numbers, default=0)

    def sweep(self, keep: Generation, before: Generation | None = None) -> None:
        """Delete generations but for these two: a reader may just be opening the one before."""
        kept = {keep.path.name, before.path.name if before else keep.path.name}
        for path in self.root.iterdir():
            if _NAME.fullmatch(path.name) and path.name not in kept:
                delete(path)

    def verify(self) -> list[str]:
        """Hash every file of the current generation again; what is wrong, in words."""
        try:
            generation = self.current()
        except (NeedsRebuild, NotOurs) as failure:
            return [str(failure)]
        wrong = []
        for name, (size, digest, _) in generation.stamp.files.items():
            try:
                if page_digests(generation.path / name)[:2] != (digest, size):
                    wrong.append(f"{name} was altered")
            except OSError as error:
                wrong.append(f"{name} cannot be read: {error.strerror}")
        return wrong


def _lock(fd: int, wait: float) -> None:
    until = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() >= until:
                raise IndexBusy("another command is writing the index") from error
            time.sleep(0.02)
        else:
            return
