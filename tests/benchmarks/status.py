"""How long a look at a large archive takes: `python -m tests.benchmarks.status [OBJECTS]`.

The rows are made up and put into a catalogue of an empty archive by SQL: as many objects, items, versions and
captures, all checked in batches of 10,000, one in fifty before the promised time, and a copy of each in a replica.
"""

from __future__ import annotations

import hashlib
import sqlite3
import sys
import tempfile
import time
import uuid
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from archive.archive import make_archive, open_archive
from archive.replicas import new_replica
from archive.status import status

if TYPE_CHECKING:
    from collections.abc import Iterator

BATCH = 10_000
LATE_EVERY = 50


def fill(catalog: Path, count: int, replica: uuid.UUID) -> None:
    """Objects with an item, a version and a capture each, and what the checks left."""
    now = datetime.now(UTC)
    at, late = (
        f"{each:%Y-%m-%d %H:%M:%S.%f}" for each in (now - timedelta(days=9), now - timedelta(days=200))
    )
    with closing(sqlite3.connect(catalog)) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        agent, accession, run = (uuid.uuid4().hex for _ in range(3))
        connection.execute("INSERT INTO agent VALUES (?, 'person', 'M. Tansley', ?)", (agent, late))
        opened = (accession, "2026-0001", 2026, 1, late, agent, "a test", "a test", None)
        connection.execute(f"INSERT INTO accession VALUES ({', '.join('?' * 9)})", opened)
        connection.execute("INSERT INTO fixity_run VALUES (?, ?, ?, 'everything')", (run, at, agent))
        connection.execute("INSERT INTO fixity_plan VALUES (?, 1, 1, 1, 1, NULL)", (run,))
        connection.execute("INSERT INTO fixity_end VALUES (?, ?, 'suc', 0)", (run, at))
        for number, values in enumerate(batches(count)):
            names = [f"sha256:{value.hex()}" for value in values]
            enter(connection, names, number * BATCH, accession, late)
            connection.executemany("DELETE FROM fixity_open WHERE object_digest = ?", ((n,) for n in names))
            shelve(connection, values, late if number % LATE_EVERY == 1 else at)
            rows = ((replica.hex, name, "intact", "as it was copied", at) for name in names)
            connection.executemany("INSERT INTO copy_state VALUES (?, ?, ?, ?, ?)", rows)
        connection.commit()


def batches(count: int) -> Iterator[list[bytes]]:
    """Digests, ten thousand at a time."""
    for start in range(0, count, BATCH):
        yield [hashlib.sha256(str(n).encode()).digest() for n in range(start, min(start + BATCH, count))]


def enter(connection: sqlite3.Connection, names: list[str], first: int, accession: str, at: str) -> None:
    """The rows that an ingest leaves of a batch of unreadable files."""
    made = [(name, uuid.uuid4().hex, uuid.uuid4().hex, uuid.uuid4().hex) for name in names]
    connection.executemany("INSERT INTO object VALUES (?, 6000, ?)", ((n, at) for n in names))
    items = ((i, f"2026-0001.{first + k}", accession, first + k) for k, (_, i, _, _) in enumerate(made, 1))
    connection.executemany("INSERT INTO item VALUES (?, ?, ?, ?)", items)
    versions = (
        (v, i, 1, n, None, "empty", "unknown", "formats", "1", None, at, first + k)
        for k, (n, i, v, _) in enumerate(made)
    )
    connection.executemany(f"INSERT INTO version VALUES ({', '.join('?' * 12)})", versions)
    captures = ((c, v, accession, n, "a file", at, None, None, None) for n, _, v, c in made)
    connection.executemany(f"INSERT INTO capture VALUES ({', '.join('?' * 9)})", captures)
    said = (
        (uuid.uuid4().hex, v, "outlet", "The Courier", "the courier", "claimed", "html", "1", at)
        for _, _, v, _ in made
    )
    columns = "id, version_id, about, value, folded, basis, method, method_version, recorded"
    connection.executemany(f"INSERT INTO statement ({columns}) VALUES ({', '.join('?' * 9)})", said)


def shelve(connection: sqlite3.Connection, values: list[bytes], at: str) -> None:
    """What a check leaves of a batch that it found intact."""
    for part in range(16):
        some = [value for value in values if value[0] >> 4 == part]
        row = (uuid.uuid4().hex, part, 1, at, len(some), b"".join(some))
        connection.execute("INSERT INTO fixity_shelf VALUES (?, ?, ?, ?, ?, ?)", row)


def main(count: int) -> None:
    """Print what a look takes, in whole and by its parts."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "news"
        with make_archive(place) as archive:
            replica = new_replica(archive, str(Path(folder) / "copy")).id
        fill(place / "catalog.db", count, replica)
        with open_archive(place) as archive:
            print(f"{count:,} objects\n\n| look | CPU s | wall s |\n|---|---|---|")
            for name in ("first", "second", "third"):
                cpu, wall = time.process_time(), time.perf_counter()
                found = status(archive)
                print(f"| {name} | {time.process_time() - cpu:.2f} | {time.perf_counter() - wall:.2f} |")
            reach = found.covered
            print(
                f"\ncovered {reach.covered:,} of {reach.objects:,}, {reach.size:,} bytes; overdue {reach.overdue:,}"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
