"""How soon a version is found once it is recorded, the product's own way, and how fast it builds its index anew.

    python -m tests.benchmarks.indexing [--kept DIR] [--documents 20000] [--added 30] [--engine tantivy]

The archive is recorded once and kept in DIR. What is added is one version at a time, brought into the index by
`catch_up` and then asked for by a word that only it has.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from archive.archive import open_archive
from archive.indexing import ask, catch_up, rebuild
from index import ENGINES, Request
from tests.benchmarks.links import archive_of, arrival, cpu

if TYPE_CHECKING:
    from archive.archive import Archive


def built(archive: Archive) -> str:
    """What building the index anew takes."""
    start, clock = cpu(), time.monotonic()
    count = rebuild(archive)
    spent, wall = cpu() - start, time.monotonic() - clock
    return f"{count:,} versions indexed anew: {count / spent:,.0f} a CPU-second, {wall:.1f} s by the clock"


def added(archive: Archive, number: int) -> tuple[float, float]:
    """Milliseconds, by CPU and by the clock, until a version that was just recorded is found."""
    word = f"zyzzyva{uuid4().hex[:12]}"
    text = "The council has approved the budget for the harbour bridge. " * 40 + word
    batch = [arrival(number, "The Courier", text)]
    archive.catalog.write(lambda w: w.record(w.accession(uuid4(), "b", "b", "b", None), batch))
    start, clock = cpu(), time.monotonic()
    catch_up(archive)
    found = ask(archive, Request(word)).total
    spent, wall = cpu() - start, time.monotonic() - clock
    if found != 1:
        raise SystemExit(f"{word} was found {found} times")
    return spent * 1000, wall * 1000


def told(times: list[float]) -> str:
    ordered = sorted(times)
    return f"{ordered[len(ordered) // 2]:.0f}, {ordered[int(len(ordered) * 0.95)]:.0f}, {ordered[-1]:.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kept", type=Path)
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--added", type=int, default=30)
    parser.add_argument("--engine", choices=ENGINES, default=ENGINES[0])
    asked = parser.parse_args()
    kept = asked.kept or Path(tempfile.mkdtemp())
    place = archive_of(kept, asked.documents, paragraphs=True)
    os.environ["CLAIMTRAIL_INDEX"] = asked.engine
    with open_archive(place) as archive:
        print(f"{asked.engine}: {built(archive)}")
        times = [added(archive, asked.documents + 1 + number) for number in range(asked.added)]
    print("one added and found, ms, p50, p95 and most:", end=" ")
    print("CPU", told([cpu for cpu, _ in times]), "by the clock", told([clock for _, clock in times]))


if __name__ == "__main__":
    main()
