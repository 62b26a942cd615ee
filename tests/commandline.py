"""Running the real command line: within this process, or as a program of its own."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from archive.cli import main

if TYPE_CHECKING:
    from archive.clock import Clock

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
STORY = SEEDS / "port-ellery"
DOCUMENT = SEEDS / "000_4b77468e57cc8906.txt"


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command came to."""

    status: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict[str, Any]]:
        """Its output, an object a line."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def flat(self) -> str:
        """Its output as one line, for words that were wrapped."""
        return " ".join(self.out.split())


def run(*words: str | Path, at: Path | None = None, clock: Clock | None = None) -> Ran:
    """A command through `main`, in an archive."""
    out, err = io.StringIO(), io.StringIO()
    settled = {name: value for name, value in os.environ.items() if not name.startswith("CLAIMTRAIL_")}
    settled |= {"COLUMNS": "80", "CLAIMTRAIL_ARCHIVIST": "M. Tansley"}
    if at is not None:
        settled["CLAIMTRAIL_ARCHIVE"] = str(at)
    with contextlib.ExitStack() as stack:
        stack.enter_context(patch.dict(os.environ, settled, clear=True))
        if clock is not None:
            stack.enter_context(patch("archive.archive.SystemClock", lambda: clock))
        stack.enter_context(contextlib.redirect_stdout(out))
        stack.enter_context(contextlib.redirect_stderr(err))
        status = main([str(word) for word in words])
    return Ran(status, out.getvalue(), err.getvalue())


def program(
    *words: str | Path, at: Path | None = None, given: bytes = b"", shell: str = ""
) -> subprocess.CompletedProcess[bytes]:
    """A command as a program; with `shell`, a pipeline in which `"$@"` is the command."""
    settled = {name: value for name, value in os.environ.items() if not name.startswith("CLAIMTRAIL_")}
    settled |= {"PYTHONPATH": str(ROOT), "CLAIMTRAIL_ARCHIVIST": "M. Tansley"}
    if at is not None:
        settled["CLAIMTRAIL_ARCHIVE"] = str(at)
    command = [sys.executable, "-m", "archive.cli", *(str(word) for word in words)]
    whole = ["bash", "-o", "pipefail", "-c", shell, "bash", *command] if shell else command
    return subprocess.run(whole, env=settled, input=given, capture_output=True, check=False)


def new_archive(folder: Path) -> Path:
    """An empty archive."""
    place = folder / "news"
    made = run("init", place)
    assert made.status == 0, made.err
    return place


def taken_in(folder: Path) -> Path:
    """An archive that holds the document (2026-0001 or of this year) and the story, each in an accession."""
    place = new_archive(folder)
    for words in (("ingest", DOCUMENT), ("ingest", "--manifest", STORY / "manifest.csv")):
        ran = run(*words, at=place)
        assert ran.status == 0, ran.err
    return place
