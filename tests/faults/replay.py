"""Replaying a recorded trace on a disk that forgets, call by call."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from tests.faults import strace
from tests.faults.disk import File, Folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.faults.disk import Disk

BIG = 64 * 1024 * 1024
"""Longer than any one write that is traced here."""

UMASK = 0o022

CALLS = [*strace.WRITES, "close", "dup", "dup2", "dup3", "fcntl", "lseek", "read", "readv", "mmap", "chdir"]
CALLS += ["clone", "clone3", "fork", "vfork"]

_LINE = re.compile(r"(\d+) +(\w+)\((.*)\) += +(-?\d+|\?|0x[0-9a-f]+)(.*)")
_BEGUN = re.compile(r"(\d+) +(\w+)\((.*) <unfinished \.\.\.>$")
_RESUMED = re.compile(r"(\d+) +<\.\.\. (\w+) resumed>(.*)$")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')
_IOV = re.compile(r'iov_base="((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')


@dataclass(frozen=True, slots=True)
class Call:
    """One finished system call: who, what, with its arguments as strace writes them, and what it returned."""

    pid: int
    name: str
    args: str
    result: int

    @property
    def texts(self) -> list[bytes]:
        """Its string arguments."""
        return [_bytes(*found) for found in _TEXT.findall(self.args)]

    def number(self, place: int) -> int:
        """The argument at that place, where no argument before it is a structure."""
        return int(_TEXT.sub("", self.args).split(",")[place].strip().split()[0], 0)


def _bytes(hexed: str, cut: str) -> bytes:
    assert not cut, "the trace was cut short: raise BIG"
    return bytes.fromhex(hexed.replace(r"\x", ""))


def record(log: Path) -> Callable[[int], Callable[[], None]]:
    """What `Warm.run` calls to have a command recorded."""
    wanted = ",".join(f"?{name}" for name in CALLS)
    return strace.attach(["-xx", "-s", str(BIG), "-e", f"trace={wanted}"], log, names=False)


def calls(log: str) -> Iterator[Call]:
    """The calls that succeeded, in the order in which they ended."""
    begun: dict[str, str] = {}
    for raw in log.splitlines():
        line = raw
        if half := _BEGUN.match(line):
            begun[half[1]] = f"{half[1]} {half[2]}({half[3]}"
            continue
        if rest := _RESUMED.match(line):
            line = begun.pop(rest[1]) + rest[3]
        if (call := _LINE.match(line)) and call[4] not in ("?", "-1"):
            yield Call(int(call[1]), call[2], call[3], int(call[4], 0))


def _new_folder(call: Call) -> Folder:
    return Folder(mode=int(call.args.rsplit(",", 1)[1], 8) & ~UMASK)


@dataclass
class Opened:
    """An open file: the node, and the place that `write` goes on from."""

    node: File | Folder
    path: str
    at: int = 0
    append: bool = False


@dataclass
class Replay:
    """Applies calls to a disk and gathers what the command wrote to its standard output (descriptor 1)."""

    disk: Disk
    folder: str
    out: bytearray = field(default_factory=bytearray)
    _tables: dict[int, dict[int, Opened]] = field(default_factory=dict)

    def apply(self, call: Call) -> bool:
        """Do what the call did; whether it changed or synced anything."""
        step = getattr(self, f"_{call.name}", None)
        return bool(step(call)) if step else False

    def _open_files(self, call: Call) -> dict[int, Opened]:
        return self._tables.setdefault(call.pid, {})

    def _opened(self, call: Call) -> Opened | None:
        return self._open_files(call).get(call.number(0))

    def _path(self, call: Call, place: int = 0, at: int | None = None) -> str:
        """The path argument; `at` is the place of the folder descriptor that it is relative to."""
        path = call.texts[place].decode(errors="surrogateescape")
        base = self.folder
        if at is not None and not path.startswith("/"):
            descriptor = _TEXT.sub('""', call.args).split(",")[at].strip()
            if descriptor != "AT_FDCWD":
                opened = self._open_files(call).get(int(descriptor))
                base = opened.path if opened else "/nowhere"
        return str(PurePosixPath(base, path))

    def _openat(self, call: Call) -> bool:
        return self._open_at(call, self._path(call, at=0))

    def _open(self, call: Call) -> bool:
        return self._open_at(call, self._path(call))

    def _open_at(self, call: Call, path: str) -> bool:
        node, changed = self.disk.find(path), False
        where = self.disk.folder_of(path)
        assert node is None or "O_TMPFILE" not in call.args, "this disk knows no O_TMPFILE"
        if node is None and where and "O_CREAT" in call.args:
            node = where[0].names[where[1]] = File(mode=int(call.args.rsplit(",", 1)[1], 8) & ~UMASK)
            changed = True
        if isinstance(node, File) and "O_TRUNC" in call.args and node.bytes:
            node.resize(0)
            changed = True
        self._open_files(call).pop(call.result, None)
        if node is not None:
            self._open_files(call)[call.result] = Opened(node, path, append="O_APPEND" in call.args)
        return changed

    def _close(self, call: Call) -> None:
        self._open_files(call).pop(call.number(0), None)

    def _dup(self, call: Call) -> None:
        self._open_files(call).pop(call.result, None)
        if opened := self._opened(call):
            self._open_files(call)[call.result] = opened

    _dup2 = _dup3 = _dup

    def _fcntl(self, call: Call) -> None:
        if "F_DUPFD" in call.args:
            self._dup(call)

    def _clone(self, call: Call) -> None:
        table = self._open_files(call)
        self._tables[call.result] = table if "CLONE_FILES" in call.args else dict(table)

    _clone3 = _fork = _vfork = _clone

    def _lseek(self, call: Call) -> None:
        if opened := self._opened(call):
            opened.at = call.result

    def _read(self, call: Call) -> None:
        if opened := self._opened(call):
            opened.at += call.result

    _readv = _read

    def _write(self, call: Call) -> bool:
        if call.number(0) == 1 and 1 not in self._open_files(call):
            self.out += call.texts[0][: call.result]
        return self._put(call, call.texts[0] if self._opened(call) else b"")

    def _writev(self, call: Call) -> bool:
        return self._put(call, b"".join(_bytes(*found) for found in _IOV.findall(call.args)))

    def _put(self, call: Call, part: bytes) -> bool:
        opened = self._opened(call)
        if not opened or not isinstance(opened.node, File):
            return False
        opened.at = len(opened.node.bytes) if opened.append else opened.at
        opened.node.write(opened.at, part[: call.result])
        opened.at += call.result
        return True

    def _pwrite64(self, call: Call) -> bool:
        opened = self._opened(call)
        if not opened or not isinstance(opened.node, File):
            return False
        opened.node.write(int(call.args.rsplit(",", 1)[1]), call.texts[0][: call.result])
        return True

    def _ftruncate(self, call: Call) -> bool:
        opened = self._opened(call)
        if not opened or not isinstance(opened.node, File):
            return False
        opened.node.resize(call.number(1))
        return True

    def _fallocate(self, call: Call) -> bool:
        opened = self._opened(call)
        if not opened or not isinstance(opened.node, File):
            return False
        assert call.number(1) == 0, "this disk knows only the plain fallocate"
        opened.node.resize(max(len(opened.node.bytes), call.number(2) + call.number(3)))
        return True

    def _mmap(self, call: Call) -> None:
        """A file written through memory would escape the trace; SQLite's -shm may: it is dropped anyway."""
        if "MAP_SHARED" in call.args and "PROT_WRITE" in call.args:
            descriptor = int(call.args.split(",")[4])
            opened = self._open_files(call).get(descriptor)
            assert not opened or opened.path.endswith("-shm"), f"{opened} is written through memory"

    def _fchmod(self, call: Call) -> None:
        if opened := self._opened(call):
            opened.node.mode = int(call.args.rsplit(",", 1)[1], 8)

    def _chmod(self, call: Call) -> None:
        if node := self.disk.find(self._path(call)):
            node.mode = int(call.args.rsplit(",", 1)[1], 8)

    def _fchmodat(self, call: Call) -> None:
        if node := self.disk.find(self._path(call, at=0)):
            node.mode = int(_TEXT.sub('""', call.args).split(",")[2], 8)

    def _fsync(self, call: Call) -> bool:
        opened = self._opened(call)
        if opened:
            opened.node.sync()
        return opened is not None

    _fdatasync = _fsync

    def _syncfs(self, call: Call) -> bool:  # noqa: ARG002 - there is one file system here
        self.disk.sync()
        return True

    _sync = _syncfs

    def _mkdir(self, call: Call) -> bool:
        return self._add(self._path(call), _new_folder(call))

    def _mkdirat(self, call: Call) -> bool:
        return self._add(self._path(call, at=0), _new_folder(call))

    def _link(self, call: Call) -> bool:
        return self._add(self._path(call, 1), self.disk.find(self._path(call)))

    def _linkat(self, call: Call) -> bool:
        return self._add(self._path(call, 1, at=2), self.disk.find(self._path(call, at=0)))

    def _add(self, path: str, node: File | Folder | None) -> bool:
        where = self.disk.folder_of(path)
        if not where or node is None:
            return False
        where[0].names[where[1]] = node
        return True

    def _unlink(self, call: Call) -> bool:
        return self._take(self._path(call))

    _rmdir = _unlink

    def _unlinkat(self, call: Call) -> bool:
        return self._take(self._path(call, at=0))

    def _take(self, path: str) -> bool:
        where = self.disk.folder_of(path)
        return bool(where and where[0].names.pop(where[1], None))

    def _rename(self, call: Call) -> bool:
        return self._move(self._path(call), self._path(call, 1))

    def _renameat(self, call: Call) -> bool:
        assert "RENAME_EXCHANGE" not in call.args, "this disk knows no exchange of names"
        return self._move(self._path(call, at=0), self._path(call, 1, at=2))

    _renameat2 = _renameat

    def _move(self, old: str, new: str) -> bool:
        node = self.disk.find(old)
        assert (self.disk.folder_of(old) is None) == (self.disk.folder_of(new) is None), f"{old} to {new}"
        return self._take(old) and self._add(new, node)
