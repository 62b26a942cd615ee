"""Tracing in a large archive: 100,000 press releases, most of them put together from paragraphs of real ones.

Run: python -m tests.benchmarks.trace [documents] [--keep DIR] [--questions N]
The archive is made in DIR, or taken as it is where it is there already. Each question is the only one of a
process of its own; its time is taken after start-up (imports, and the archive opened), the first use of the
index and of the catalogue included. Beside it: many questions in one process, as a watch list is followed.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from tests.quality.archives import ROOT, command
from tests.quality.sets import rows, table

ROWS_A_FILE = 10_000


def resampled(directory: Path, documents: int) -> list[Path]:
    """Files of JSON lines: each release has the outlet and date of a real one and paragraphs of three."""
    source, real = random.Random(12), rows("press-releases")
    directory.mkdir(parents=True, exist_ok=True)
    files: list[Path] = []
    for first in range(0, documents, ROWS_A_FILE):
        files.append(directory / f"releases-{first // ROWS_A_FILE:02d}.jsonl")
        with files[-1].open("w", encoding="utf-8") as stream:
            for number in range(first, min(first + ROWS_A_FILE, documents)):
                stream.write(json.dumps(_release(number, source, real)) + "\n")
    return files


def _release(number: int, source: random.Random, real: list[dict[str, str]]) -> dict[str, str]:
    first, *others = source.sample(real, 3)
    paragraphs = [line.strip() for line in first["text"].splitlines() if line.strip()]
    kept = paragraphs if number < len(real) else [line for line in paragraphs if source.random() < 0.5]
    for other in others if number >= len(real) else ():
        lines = [line.strip() for line in other["text"].splitlines() if line.strip()]
        kept += [line for line in lines if source.random() < 0.25]
    return {
        "id": f"{first['id']}-{number}",
        "outlet": first["outlet"],
        "published": first["published"],
        "text": "\n".join(kept) or first["text"],
    }


ASKED = """
import json, resource, sys, time
from pathlib import Path
from archive.archive import open_archive
from archive.catalog import reading
from archive.trace import trace
import index.engine.whoosh_index, archive.text.similarity, archive.lineage.trail
sentences = json.load(sys.stdin)
with open_archive(Path(sys.argv[1])) as archive:
    for sentence in sentences:
        wall, cpu = time.perf_counter(), time.process_time()
        found = trace(archive, sentence)
        print(json.dumps([time.perf_counter() - wall, time.process_time() - cpu, len(found.occurrences)]))
print(json.dumps(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))
"""


def sentences(documents: list[dict[str, str]], count: int) -> list[str]:
    """Sentences of ten to forty words from the releases."""
    source = random.Random(3)
    found: list[str] = []
    while len(found) < count:
        lines = source.choice(documents)["text"].replace("\n", " ").split(". ")
        line = source.choice(lines).strip()
        if 10 <= len(line.split()) <= 40:
            found.append(line)
    return found


def asked(archive: Path, some: list[str]) -> tuple[list[list[float]], int]:
    """Seconds by the clock and of CPU, and the occurrences, for each sentence; then the peak of memory in MiB."""
    ran = subprocess.run(
        [sys.executable, "-c", ASKED, str(archive)],
        input=json.dumps(some), capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    *times, peak = map(json.loads, ran.stdout.splitlines())
    return times, peak


def made(place: Path, documents: int) -> Path:
    """The archive in this place, made where it is not there."""
    archive = place / "archive"
    if not archive.exists():
        files = resampled(place / "rows", documents)
        command("init", archive)
        began = time.perf_counter()
        command("ingest", "--archive", archive, *files)
        print(f"ingested in {time.perf_counter() - began:.0f} s")
    return archive


def quantiles(times: list[list[float]], at: int) -> list[object]:
    """p50, p95 and the longest."""
    every = sorted(each[at] for each in times)
    return [every[len(every) // 2], every[int(len(every) * 0.95)], every[-1]]


def main(arguments: list[str]) -> None:
    """Print the times."""
    options = dict(pairwise(arguments))
    documents = int(arguments[0]) if arguments and arguments[0].isdigit() else 100_000
    count = int(options.get("--questions", "40"))
    with tempfile.TemporaryDirectory() as folder:
        archive = made(Path(options.get("--keep", folder)), documents)
        some = sentences(rows("press-releases"), count)
        cold = [asked(archive, [sentence]) for sentence in some]
        warm, _ = asked(archive, some)
    first = [times[0] for times, _ in cold]
    found = sum(each[2] for each in first) / len(first)
    table(
        f"A sentence traced among {documents:,} versions, {count} sentences, {found:.1f} occurrences on average, "
        f"peak {max(peak for _, peak in cold)} MiB (bar: p50 0.5 s, p95 2 s)",
        ["", "p50 s", "p95 s", "longest s"],
        [
            ["cold process, by the clock", *quantiles(first, 0)],
            ["cold process, CPU", *quantiles(first, 1)],
            ["one process for all, by the clock", *quantiles(warm, 0)],
            ["one process for all, CPU", *quantiles(warm, 1)],
        ],
    )


if __name__ == "__main__":
    main(sys.argv[1:])
