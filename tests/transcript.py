"""Transcripts in the documentation: `python -m tests.transcript` runs their commands and writes what came out.

A block marked `console` holds lines that begin with `$ ` and, below each, its output. The blocks of one page are
one session, run from top to bottom in a new folder that holds a copy of `seeds/`. The clock stands still within a
command and moves on a minute between two, so that times, identifiers and the ledger's root come out the same.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
PAGES = ("README.md", "docs/tutorial.md", "docs/how-to/*.md")
HOME = "/home/tansley"
"""What stands in a transcript for the folder that the session ran in."""

_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_BEGUN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
_MODIFIED = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
_PLAIN = re.compile(r"claimtrail [^|<>;&$`]*|claimtrail")


class StoppedClock:
    """A clock that moves on when it is told to; its identifiers are counted."""

    def __init__(self) -> None:
        self._now = _BEGUN
        self._made = 0

    def now(self) -> datetime:
        """The time at which it stands."""
        return self._now

    def new_id(self) -> uuid.UUID:
        """The next identifier: a UUIDv7 whose random part is a count."""
        self._made += 1
        millis = int(self._now.timestamp() * 1000)
        return uuid.UUID(int=millis << 80 | 0x7 << 76 | 0b10 << 62 | self._made)

    def secret(self, size: int) -> bytes:
        """Bytes that anybody can foresee: the digests of a count."""
        self._made += 1
        return hashlib.shake_256(f"secret {self._made}".encode()).digest(size)

    def move(self) -> None:
        """Let a minute pass."""
        self._now += timedelta(minutes=1)


class Session:
    """A person at a shell in a folder of their own: runs lines and gives back what they print."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.status = 0
        self._clock = StoppedClock()
        shutil.copytree(ROOT / "seeds", folder / "seeds")
        for path in folder.rglob("*"):
            os.utime(path, (_MODIFIED.timestamp(),) * 2)

    def run(self, line: str) -> str:
        """What a line prints, standard error among it."""
        self._clock.move()
        words = shlex.split(line)
        if words[0] == "cd":
            os.chdir(words[1])
            return ""
        if words[0] == "export":
            os.environ.update([words[1].split("=", 1)])
            return ""
        return self._settled(self._claimtrail(line) if _PLAIN.fullmatch(line) else self._shell(line))

    def _claimtrail(self, line: str) -> str:
        from archive.cli import main

        out = io.StringIO()
        with (
            patch("archive.archive.SystemClock", lambda: self._clock),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(out),
        ):
            self.status = main(shlex.split(line)[1:])
        return out.getvalue()

    def _shell(self, line: str) -> str:
        claimtrail = shlex.join([sys.executable, "-m", "archive.cli"])
        script = f'claimtrail() {{ {claimtrail} "$@"; }}\n(exit {self.status})\n{line}\n'
        ran = subprocess.run(
            ["sh", "-c", script],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            check=False,
        )
        self.status = ran.returncode
        return ran.stdout.decode()

    def _settled(self, out: str) -> str:
        """The output without what differs from machine to machine."""
        out = out.replace(str(self.folder), HOME)
        out = medium_settled(out)
        return re.sub(r"[\d.,]+ [KMGT]iB free", "79.0 GiB free", out)


def medium_settled(out: str) -> str:
    """Whether a file system keeps its files in memory, and how many were looked at, differs: as on a disk."""
    seen = r"read from (?:the disk|memory)[ ,:(][^\n]*looked at[^\n]*|read from the disk, as was asked[^\n]*"
    return re.sub(seen, "read from the disk (2 files looked at, none of them in memory)", out)


@contextlib.contextmanager
def session() -> Iterator[Session]:
    """A session in a new folder, with nothing of this shell's settings."""
    settled = {name: value for name, value in os.environ.items() if not name.startswith("CLAIMTRAIL_")} | {
        "COLUMNS": "80",
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",
    }
    with (
        tempfile.TemporaryDirectory(prefix="claimtrail-") as name,
        patch.dict(os.environ, settled, clear=True),
        contextlib.chdir(name),
    ):
        here = Path(name).resolve()
        yield Session(here)
        for path in (here, *here.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | 0o200)


def commands(page: str) -> list[str]:
    """The command lines of a page, in order."""
    return [
        line[2:] for block in _BLOCK.findall(page) for line in block.splitlines() if line.startswith("$ ")
    ]


def rerun(page: str) -> str:
    """The page with the output of every command as it is now."""
    if not commands(page):
        return page
    with session() as running:
        return _BLOCK.sub(lambda block: f"```console\n{_transcript(running, block[1])}```", page)


def _transcript(running: Session, block: str) -> str:
    lines = [line[2:] for line in block.splitlines() if line.startswith("$ ")]
    parts = []
    for line in lines:
        out = running.run(line)
        parts.append(f"$ {line}\n{_ended(out)}")
    return "".join(parts)


def _ended(out: str) -> str:
    return out if not out or out.endswith("\n") else out + "\n"


def pages() -> list[Path]:
    """Every page that may hold transcripts."""
    return [path for pattern in PAGES for path in sorted(ROOT.glob(pattern))]


if __name__ == "__main__":
    for path in pages():
        before = path.read_text(encoding="utf-8")
        after = rerun(before)
        if after != before:
            path.write_text(after, encoding="utf-8")
            print(f"rewrote {path.relative_to(ROOT)}")
