"""The product itself, measured through its own command line: an archive is made, and a watch list is traced in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

ROOT = Path(__file__).resolve().parent.parent.parent


def command(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """A command of the program, in a process of its own; stops the measurement where it fails."""
    settled = {name: value for name, value in os.environ.items() if not name.startswith("CLAIMTRAIL_")}
    settled |= {"PYTHONPATH": str(ROOT), "CLAIMTRAIL_ARCHIVIST": "quality"}
    told = [sys.executable, "-m", "archive.cli", *(str(word) for word in words)]
    ran = subprocess.run(told, env=settled, capture_output=True, text=True, check=False)
    if ran.returncode:
        sys.exit(f"{' '.join(told)} ended with {ran.returncode}: {ran.stderr}")
    return ran


def written(place: Path, rows: Iterable[Mapping[str, Any]]) -> Path:
    """Rows as a file of JSON lines."""
    with place.open("w", encoding="utf-8") as stream:
        for row in rows:
            stream.write(json.dumps(row) + "\n")
    return place


@contextmanager
def archive_of(rows: Iterable[Mapping[str, Any]]) -> Iterator[Path]:
    """An archive, gone afterwards, into which the rows were ingested as JSON lines."""
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "archive"
        command("init", archive)
        command("ingest", "--archive", archive, written(Path(folder) / "rows.jsonl", rows))
        yield archive


def traced(archive: Path, watch: Iterable[Mapping[str, Any]], limit: int) -> dict[str, list[str]]:
    """For each row of a watch list the items found, by the identifiers they came with, best first."""
    with tempfile.TemporaryDirectory() as folder:
        file = written(Path(folder) / "watch.jsonl", watch)
        ran = command("trace", "--archive", archive, "--from", file, "--limit", str(limit), "--json")
    found: dict[str, list[str]] = defaultdict(list)
    for line in ran.stdout.splitlines():
        one = json.loads(line)
        if one["external_id"] not in found[one["watch"]]:
            found[one["watch"]].append(one["external_id"])
    return found
