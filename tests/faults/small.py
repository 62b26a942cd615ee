"""The smallest archive there is: the store and one table of SQLite, with the commands of the real one.

    python -m tests.faults.small init DIR
    python -m tests.faults.small ingest DIR FILE...
    python -m tests.faults.small status|verify DIR

It keeps the order that the real ingest keeps (bytes, record, receipt) and nothing else, so that a fault
found here is the store's.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import uuid
from pathlib import Path

from archive.digest import Digest
from archive.errors import ArchiveError
from archive.store import Held, ObjectState, Store, durable, make_store, open_store
from archive.store.received import Refused, open_received

BATCH = 3


def catalogue(archive: Path) -> sqlite3.Connection:
    held = sqlite3.connect(archive / "catalog.db", isolation_level=None)
    held.execute("PRAGMA journal_mode=WAL")
    held.execute("PRAGMA synchronous=FULL")
    return held


def init(archive: Path) -> int:
    make_store(archive / "objects")
    with catalogue(archive) as held:
        held.execute("CREATE TABLE captures (id TEXT PRIMARY KEY, name TEXT, digest TEXT)")
    held.close()
    durable.sync_path(str(archive))
    return 0


def record(held: sqlite3.Connection, note: bytes) -> None:
    held.execute("BEGIN IMMEDIATE")
    held.executemany("INSERT OR IGNORE INTO captures VALUES (?, ?, ?)", json.loads(note))
    held.execute("COMMIT")


def finish(store: Store, held: sqlite3.Connection) -> None:
    for left in store.unfinished():
        if left.note is not None:
            assert all(placement.safe for placement in left.place())
            record(held, left.note)
        left.clear()


def ingest(archive: Path, names: list[str]) -> int:
    store, held = open_store(archive / "objects"), catalogue(archive)
    finish(store, held)
    with store.intake() as intake:
        for start in range(0, len(names), BATCH):
            rows = []
            for name in names[start : start + BATCH]:
                try:
                    with open_received(name) as received:
                        staged = intake.stage(received)
                except Refused as refusal:
                    print(f"refused {refusal}", file=sys.stderr)
                    continue
                rows.append((str(uuid.uuid4()), name, str(staged.digest)))
            note = json.dumps(rows).encode()
            intake.seal(note)
            assert all(placement.safe for placement in intake.place())
            record(held, note)
            for _, name, digest in rows:
                print(f"{digest} {name}", flush=True)
            intake.clear()
    held.close()
    return 0


def status(archive: Path) -> int:
    store, held = open_store(archive / "objects"), catalogue(archive)
    finish(store, held)
    held.close()
    return 0


def verify(archive: Path) -> int:
    store, held = open_store(archive / "objects"), catalogue(archive)
    finish(store, held)
    recorded = {Digest.parse(row[0]) for row in held.execute("SELECT digest FROM captures")}
    findings = [str(row[0]) for row in held.execute("PRAGMA integrity_check") if row[0] != "ok"]
    there = set()
    for one in store.held():
        if isinstance(one, Held):
            there.add(one.digest)
        else:
            findings.append(f"stray {one.place}")
    findings += [f"object without a record {digest}" for digest in there - recorded]
    for digest in recorded:
        checked = store.check(digest)
        if checked.state is not ObjectState.INTACT:
            findings.append(f"{checked.state} {digest}")
    findings += [f"left over {path.name}" for path in (archive / "objects" / "incoming").iterdir()]
    held.close()
    print(*findings, sep="\n")
    return 1 if findings else 0


def main(argv: list[str]) -> int:
    command, place, *names = argv
    archive = Path(place)
    try:
        if command == "ingest":
            return ingest(archive, names)
        return {"init": init, "status": status, "verify": verify}[command](archive)
    except (ArchiveError, sqlite3.Error, OSError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
