"""The command line that is cut off, how it is run, and what its archive must be like afterwards."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT = Path(__file__).parent.parent.parent
BARE = {
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONPATH": str(ROOT),
    "PATH": os.environ["PATH"],
    "LC_ALL": "C.UTF-8",
}

Words = list[str | Path]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command ended: exit status (negative: the signal that killed it) and what it wrote."""

    status: int
    out: str
    err: str


class Target(Protocol):
    """A program that keeps an archive: the words of its commands, and how to read what it says."""

    module: str
    settings: ClassVar[dict[str, str]]
    stride: ClassVar[int]
    """Which part of all points and states `make test` tries: every one, every tenth, ..."""

    def init(self, archive: Path) -> Words: ...

    def ingest(self, archive: Path, files: Sequence[Path]) -> Words: ...

    def next_command(self, archive: Path) -> Words: ...

    def verify(self, archive: Path) -> Words: ...

    def receipts(self, out: str) -> set[str]:
        """The digests that whole receipt lines name."""
        ...

    def recorded(self, archive: Path) -> list[str]:
        """The digest of every capture on record."""
        ...


class Small:
    """The archive of `tests.faults.small`."""

    module = "tests.faults.small"
    settings: ClassVar[dict[str, str]] = {}
    stride: ClassVar[int] = 1

    def init(self, archive: Path) -> Words:
        return ["init", archive]

    def ingest(self, archive: Path, files: Sequence[Path]) -> Words:
        return ["ingest", archive, *files]

    def next_command(self, archive: Path) -> Words:
        return ["status", archive]

    def verify(self, archive: Path) -> Words:
        return ["verify", archive]

    def receipts(self, out: str) -> set[str]:
        whole = out[: out.rfind("\n") + 1]
        return {line.split()[0] for line in whole.splitlines() if line.startswith("sha256:")}

    def recorded(self, archive: Path) -> list[str]:
        held = sqlite3.connect(archive / "catalog.db")
        try:
            return [row[0] for row in held.execute("SELECT digest FROM captures")]
        finally:
            held.close()


class Warm:
    """A Python that has the command imported and forks itself for each run: 10 ms, not a start-up."""

    def __init__(self, target: Target, room: Path, fault: str = "-") -> None:
        self.target = target
        self._out = room / "command.out"
        self._gate = room / "gate"
        argv = [sys.executable, "-B", "-m", "tests.faults.warm", target.module, fault]
        self._server = subprocess.Popen(
            argv,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=BARE | target.settings,
            text=True,
        )
        os.mkfifo(self._gate)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.communicate(timeout=60)

    def run(
        self,
        words: Words,
        kill_after: float | None = None,
        attach: Callable[[int], Callable[[], None]] | None = None,
        learn: bool = False,
    ) -> Outcome:
        """Run the command to its end.

        `kill_after`: kill it so many seconds after its start. `attach`: called with the number of its
        process before the command begins; what it returns is called after the end. `learn`: run it in
        the server itself, which then has loaded whatever the command loads late.
        """
        wish = {
            "argv": [str(word) for word in words],
            "out": str(self._out),
            "kill_after": kill_after,
            "gate": str(self._gate) if attach else None,
            "learn": learn,
        }
        assert self._server.stdin
        self._server.stdin.write(json.dumps(wish) + "\n")
        self._server.stdin.flush()
        pid = self._answer()["pid"]
        if attach:
            after = attach(pid)
            self._gate.write_bytes(b".")
        status = self._answer()["status"]
        if attach:
            after()
        texts = (self._out, self._out.with_suffix(".err"))
        return Outcome(status, *(path.read_text(errors="replace") for path in texts))

    def learn(self, archive: Path) -> None:
        """Have everything loaded that a command loads late, by one of each on an archive of its own."""
        target = self.target
        for words in (
            target.init(archive),
            target.ingest(archive, [Path(__file__)]),
            target.next_command(archive),
            target.verify(archive),
        ):
            done = self.run(words, learn=True)
            assert done.status == 0, done

    def _answer(self) -> dict[str, int]:
        assert self._server.stdout
        line = self._server.stdout.readline()
        assert line, "the warm Python is gone"
        answer: dict[str, int] = json.loads(line)
        return answer


@cache
def _warmed(kind: type[Target]) -> Warm:
    room = Path(tempfile.mkdtemp(prefix="warm-"))
    warm = Warm(kind(), room)
    atexit.register(shutil.rmtree, room)
    atexit.register(warm.__exit__)
    warm.learn(room / "first")
    return warm


def warmed(target: Target) -> Warm:
    """A warm Python for the target without any fault, shared by all tests of this run."""
    return _warmed(type(target))


def losses(warm: Warm, archive: Path, receipts: set[str]) -> list[str]:
    """What the archive lost or left unfinished; empty where all is well.

    `verify` is the next command, and so finishes what was cut off before it checks.
    """
    target = warm.target
    found = []
    check = warm.run(target.verify(archive))
    if check.status != 0:
        found.append(f"verify ends with {check.status}: {check.out[-500:]}{check.err[-500:]}")
    lost = receipts - set(target.recorded(archive))
    return found + [f"a receipt named {digest}, which is not on record" for digest in sorted(lost)]


class Claimtrail:
    """The real command line, with batches so small that an ingest has several."""

    module = "archive.cli"
    settings: ClassVar[dict[str, str]] = {"CLAIMTRAIL_BATCH_FILES": "3"}
    stride: ClassVar[int] = 20

    def init(self, archive: Path) -> Words:
        return ["init", archive]

    def ingest(self, archive: Path, files: Sequence[Path]) -> Words:
        return ["ingest", "--json", "--archive", archive, *files]

    def next_command(self, archive: Path) -> Words:
        return ["status", "--archive", archive]

    def verify(self, archive: Path) -> Words:
        return ["verify", "--archive", archive]

    def receipts(self, out: str) -> set[str]:
        whole = out[: out.rfind("\n") + 1]
        lines = [json.loads(line) for line in whole.splitlines() if line.startswith("{")]
        return {f"sha256:{line['sha256']}" for line in lines if line["type"] == "recorded"}

    def recorded(self, archive: Path) -> list[str]:
        held = sqlite3.connect(archive / "catalog.db")
        try:
            return [row[0] for row in held.execute("SELECT object_digest FROM capture")]
        finally:
            held.close()


TARGETS: list[Target] = [Small(), Claimtrail()]


def name_of(target: Target) -> str:
    """For the names of tests."""
    return type(target).__name__.lower()
