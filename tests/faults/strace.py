"""Cutting a command off, or failing it, at each system call that writes to its archive."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

WRITES = [
    "write",
    "pwrite64",
    "writev",
    "pwritev",
    "pwritev2",
    "link",
    "linkat",
    "symlink",
    "symlinkat",
    "rename",
    "renameat",
    "renameat2",
    "unlink",
    "unlinkat",
    "mkdir",
    "mkdirat",
    "rmdir",
    "fsync",
    "fdatasync",
    "syncfs",
    "sync",
    "sync_file_range",
    "msync",
    "truncate",
    "ftruncate",
    "fallocate",
    "copy_file_range",
    "sendfile",
    "chmod",
    "fchmod",
    "fchmodat",
    "utimensat",
    "flock",
    "open",
    "openat",
    "creat",
]

_CALL = re.compile(r"(?P<pid>\d+) +(?P<name>\w+)\((?P<rest>.*)")

missing = shutil.which("strace") is None


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """The n-th call of a name by a thread; `shown` is how strace showed it in the dry run."""

    name: str
    number: int
    shown: str


def attach(options: Sequence[str], log: Path, *, names: bool = True) -> Callable[[int], Callable[[], None]]:
    """What `Warm.run` calls to have strace watch a command."""

    def begin(pid: int) -> Callable[[], None]:
        argv = ["strace", "-f", *(["-y"] if names else []), *options, "-o", str(log), "-p", str(pid)]
        tracer = subprocess.Popen(argv, stderr=subprocess.PIPE, text=True)
        assert tracer.stderr
        first = tracer.stderr.readline()
        assert "attached" in first, f"strace cannot be used here: {first}"

        def end() -> None:
            tracer.communicate(timeout=60)

        return end

    return begin


def points(log: str, archive: Path) -> list[Point]:
    """Every call in a dry run's log that changes something below the archive."""
    counts: Counter[tuple[str, str]] = Counter()
    found: dict[tuple[str, int], Point] = {}
    for line in log.splitlines():
        call = _CALL.match(line)
        if not call or call["name"] not in WRITES:
            continue
        name, rest = call["name"], call["rest"]
        counts[call["pid"], name] += 1
        if str(archive) not in rest or (name in ("open", "openat") and "O_CREAT" not in rest):
            continue
        number = counts[call["pid"], name]
        found.setdefault((name, number), Point(name, number, rest[:200]))
    return list(found.values())


def trace_writes(log: Path) -> Callable[[int], Callable[[], None]]:
    """Only look."""
    return attach(["-e", f"trace={','.join(f'?{name}' for name in WRITES)}"], log)


def inject(point: Point, what: str, log: Path) -> Callable[[int], Callable[[], None]]:
    """At the point: `signal=KILL`, `error=EIO`, ...; a `+` at the end means from there on."""
    when = f"{point.number}+" if what.endswith("+") else str(point.number)
    return attach(
        ["-e", f"trace={point.name}", "-e", f"inject={point.name}:{what.rstrip('+')}:when={when}"], log
    )
