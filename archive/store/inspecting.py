"""Hashing many objects as fast as the disk gives them: a reused buffer a reader, and little else a file."""

from __future__ import annotations

import hashlib
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Protocol

from archive.digest import Algorithm, Digest
from archive.errors import UsageError
from archive.store.cold import LOOK_AT_EVERY, let_go, look
from archive.store.port import Checked, Coldness, Inspected, ObjectState
from archive.store.reading import BUFFER_BYTES, check_plain, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

READERS_WHEN_COLD = 4
"""A disk answers several at once sooner than one after another."""

_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY


class Hash(Protocol):
    """A running hash."""

    def update(self, content: memoryview, /) -> object:
        """Take more bytes in."""
        ...

    def digest(self) -> bytes:
        """The value so far."""
        ...


class NoSuchHash(UsageError):
    """A hash function is not installed here."""


def new_hash(algorithm: Algorithm) -> Hash:
    """A running hash by an algorithm; raises `NoSuchHash` for BLAKE3 where the extra is not installed."""
    if algorithm is not Algorithm.BLAKE3:
        return hashlib.new(algorithm.value)
    try:
        from blake3 import blake3
    except ImportError as error:
        raise NoSuchHash("BLAKE3 needs the extra: pip install 'claimtrail[blake3]'") from error
    made: Hash = blake3()
    return made


class FileInspector:
    """Re-hashes objects below a folder, in the order given.

    `cold` has each file's pages dropped before it is read; `spend` is told of every stretch of bytes read and
    may wait; `must_be_there` raises where the whole store is gone; `add` is an algorithm to compute besides.
    """

    def __init__(
        self,
        objects: str,
        must_be_there: Callable[[], None],
        *,
        cold: bool,
        spend: Callable[[int], None] | None = None,
        add: Algorithm | None = None,
    ) -> None:
        self._objects, self._must_be_there = objects, must_be_there
        self._cold, self._spend, self._add = cold, spend, add
        self._readers = READERS_WHEN_COLD if cold else 1
        self._buffers = [memoryview(bytearray(BUFFER_BYTES)) for _ in range(self._readers)]
        self._threads = ThreadPoolExecutor(self._readers) if cold else None
        self._looks = 0

    def inspect(self, values: Sequence[bytes], further: Mapping[Digest, tuple[Digest, ...]]) -> Inspected:
        """Check objects, given by their SHA-256 values, against that and their further digests."""
        parts = [values[start :: self._readers] for start in range(self._readers)]
        found = [Inspected() for _ in parts]
        if self._threads is None:
            self._inspect(parts[0], further, self._buffers[0], found[0])
            return found[0]
        list(self._threads.map(self._inspect, parts, [further] * len(parts), self._buffers, found))
        for each in found[1:]:
            found[0].add(each)
        return found[0]

    def _inspect(
        self,
        values: Sequence[bytes],
        further: Mapping[Digest, tuple[Digest, ...]],
        buffer: memoryview,
        into: Inspected,
    ) -> None:
        """The loop that takes the time: an object costs an open, two reads, a close and its hash."""
        root, spend, sha256 = self._objects, self._spend, hashlib.sha256
        open_file, read, close, buffers = os.open, os.readv, os.close, [buffer]
        plain = not (further or self._add)
        for value in values:
            name = value.hex()
            try:
                fd = open_file(f"{root}/{name[:2]}/{name}", _OPEN)
            except OSError:
                self._slowly(value, buffer, into)
                continue
            try:
                if self._cold:
                    self._cool(fd, into.coldness)
                if plain:
                    size = read(fd, buffers)
                    running = sha256(buffer[:size])
                    count = size
                    while count:
                        if spend:
                            spend(count)
                        if count := read(fd, buffers):
                            running.update(buffer[:count])
                            size += count
                    if running.digest() != value or not size:
                        self._look_closer(fd, value, size, running.digest(), into)
                    into.size += size
                else:
                    self._thoroughly(fd, value, further, buffers, into)
            except OSError as error:
                self._unreadable(value, error, into)
            finally:
                close(fd)

    def _cool(self, fd: int, coldness: Coldness) -> None:
        let_go(fd)
        self._looks += 1
        if self._looks % LOOK_AT_EVERY == 1:
            look(fd, coldness)

    def _thoroughly(
        self,
        fd: int,
        value: bytes,
        further: Mapping[Digest, tuple[Digest, ...]],
        buffers: list[memoryview],
        into: Inspected,
    ) -> None:
        """Check every digest recorded, and compute the one to be added, in one reading."""
        held = Digest(Algorithm.SHA256, value)
        recorded = further.get(held, ())
        algorithms = {digest.algorithm for digest in recorded} | ({self._add} if self._add else set())
        running = {each: new_hash(each) for each in (Algorithm.SHA256, *sorted(algorithms))}
        size = 0
        while count := os.readv(fd, buffers):
            for each in running.values():
                each.update(buffers[0][:count])
            size += count
            if self._spend:
                self._spend(count)
        into.size += size
        found = {each: Digest(each, made.digest()) for each, made in running.items()}
        if found[Algorithm.SHA256] != held or not size:
            self._look_closer(fd, value, size, found[Algorithm.SHA256].value, into)
            if found[Algorithm.SHA256] != held:
                return
        for digest in recorded:
            if found[digest.algorithm] != digest:
                reason = f"its {digest.algorithm} is not the one recorded, {digest}, while its sha256 is"
                into.failures.append(
                    Checked(held, ObjectState.ALTERED, size, found[digest.algorithm], reason)
                )
                return
        if self._add and self._add not in {digest.algorithm for digest in recorded}:
            into.added.append((held, found[self._add]))

    def _look_closer(self, fd: int, value: bytes, size: int, found: bytes, into: Inspected) -> None:
        """What is wrong where a digest does not fit; an empty file is right only if it is a plain one."""
        held = Digest(Algorithm.SHA256, value)
        mode = os.fstat(fd).st_mode
        if not stat.S_ISREG(mode):
            reason = f"{kind_of(mode)} stands in its place"
            into.failures.append(Checked(held, ObjectState.ALTERED, reason=reason))
        elif found != value:
            made = Digest(Algorithm.SHA256, found)
            into.failures.append(
                Checked(held, ObjectState.ALTERED, size, made, "its bytes have another digest")
            )

    def _slowly(self, value: bytes, buffer: memoryview, into: Inspected) -> None:
        """Say why a file could not be opened; raises where it is because the whole store is gone."""
        name = value.hex()
        held = Digest(Algorithm.SHA256, value)
        checked = check_plain(f"{self._objects}/{name[:2]}/{name}", held, buffer)
        if checked.state in (ObjectState.MISSING, ObjectState.UNREADABLE):
            self._must_be_there()
        into.size += checked.size or 0
        if checked.state is not ObjectState.INTACT:
            into.failures.append(checked)

    def _unreadable(self, value: bytes, error: OSError, into: Inspected) -> None:
        self._must_be_there()
        held = Digest(Algorithm.SHA256, value)
        path = f"{self._objects}/{held.hex[:2]}/{held.hex}"
        if os.path.isdir(path):  # noqa: PTH112 - a folder opens, and fails when it is read
            into.failures.append(Checked(held, ObjectState.ALTERED, reason="a folder stands in its place"))
            return
        into.failures.append(Checked(held, ObjectState.UNREADABLE, reason=error.strerror or str(error)))
