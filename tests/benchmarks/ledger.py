"""How fast the ledger is, in CPU seconds: `python -m tests.benchmarks.ledger [LEAVES]`.

First the tree alone, in memory; then the product's own path: leaves appended through the catalogue in batches, the
root, proofs and an audit read back from it, and what binding rows to leaves adds to recording copies.
"""

from __future__ import annotations

import sys
import tempfile
import time
from contextlib import contextmanager
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

from archive.catalog import create_catalog
from archive.catalog.events import LedgerTail, NewEvent
from archive.checkpoints.continuing import leaf_path
from archive.clock import SystemClock
from archive.ledger.audit import Audit, StoredLeaf
from archive.ledger.canonical import leaf_bytes
from archive.ledger.checkpoint import Checkpoint, sign_checkpoint
from archive.ledger.keys import SigningKey
from archive.ledger.merkle import (
    Frontier,
    check_consistency,
    check_inclusion,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_of,
)
from archive.ledger.proof import Proof, prove
from archive.ledger.tiles import Tiles, kept
from archive.record import EventType, Outcome
from archive.verify.ledger import audit_ledger
from tests.arrivals import copy, take

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archive.archive import Archive
    from archive.catalog import Catalog
    from archive.catalog.writing import Writer

PORTION = 1000
BATCH = 10_000
ASKED = 200


def leaf(number: int) -> bytes:
    """About what a fixity check's leaf looks like."""
    return b'{"at":"2026-11-23T20:42:39Z","event":"fix","object":"sha256:%064x","outcome":"suc"}' % number


def event(number: int) -> dict[str, str | int | list[str]]:
    """About what a capture's event looks like."""
    return {
        "accession": "2026-0007",
        "agent": "hmac-sha256:" + "0" * 64,
        "at": "2026-11-23T20:42:39Z",
        "event": "cap",
        "id": f"0198c5a2-7c00-7000-8000-{number:012d}",
        "item": f"2026-0007.{number}",
        "objects": [f"sha256:{number:064x}"],
        "size": number,
        "version": 1,
    }


class Held:
    """A ledger in memory, as the catalogue would hold it."""

    def __init__(self, leaves: list[bytes]) -> None:
        self.leaves = leaves
        self.hashes: list[bytes] = []
        self.nodes: dict[tuple[int, int], bytes] = {}
        self.head = Frontier()

    def grow(self) -> None:
        for at in range(0, len(self.leaves), PORTION):
            portion = [leaf_hash(each) for each in self.leaves[at : at + PORTION]]
            self.head, runs = self.head.extend(portion)
            self.hashes += portion
            self.nodes.update({(level, place): value for level, place, value in kept(runs)})

    def read(self, level: int, first: int, count: int) -> list[bytes]:
        if level == 0:
            return self.hashes[first : first + count]
        places = range(first, first + count)
        return [self.nodes[level, place] for place in places if (level, place) in self.nodes]

    def some(self) -> list[int]:
        return [turn * 7919 % len(self.leaves) for turn in range(ASKED)]


def growth(held: Held) -> None:
    start = time.process_time()
    held.grow()
    show("leaves appended in memory a second", len(held.leaves) / (time.process_time() - start), 500_000)
    start = time.process_time()
    for each in held.hashes[:20_000]:
        held.head.append(each)
    show("leaves appended one by one a second", 20_000 / (time.process_time() - start), 20_000)
    start = time.process_time()
    for _ in range(1000):
        held.head.root()
    show("root, milliseconds", time.process_time() - start, 1)


def proofs(held: Held) -> None:
    size, root = held.head.size, held.head.root()
    start = time.process_time()
    for index in held.some():
        path = inclusion_proof(Tiles(held.read).node, index, size)
        check_inclusion(held.hashes[index], index, size, path, root)
    show("inclusion proof made and checked, milliseconds", (time.process_time() - start) / ASKED * 1e3, 2)
    earlier = [(old + 1, root_of(held.hashes[: old + 1])) for old in held.some()[:20]]
    start = time.process_time()
    for old, before in earlier:
        check_consistency(old, size, consistency_proof(Tiles(held.read).node, old, size), before, root)
    show("consistency proof made and checked, milliseconds", (time.process_time() - start) / 20 * 1e3, 2)


def audit(held: Held) -> None:
    rows = zip(held.leaves, held.hashes, strict=True)
    stored = [StoredLeaf(n, each, value) for n, (each, value) in enumerate(rows)]
    start = time.process_time()
    whole = Audit(held.head, held.read, [Checkpoint.of("o", held.head)])
    whole.take(stored)
    assert whole.close() == []
    show("audit of all leaves, seconds", time.process_time() - start, 5)


def writing(held: Held) -> None:
    events = [event(number) for number in range(20_000)]
    start = time.process_time()
    for each in events:
        leaf_bytes(each)
    show("events written as canonical JSON a second", 20_000 / (time.process_time() - start), 20_000)
    key = SigningKey("archive.example/ledger", b"k" * 32)
    note = sign_checkpoint(Checkpoint.of(key.name, held.head), key)
    start = time.process_time()
    for _ in range(ASKED):
        sign_checkpoint(Checkpoint.of(key.name, held.head), key)
    show("checkpoint signed, milliseconds", (time.process_time() - start) / ASKED * 1e3, 5)
    proof = prove(Tiles(held.read).node, held.leaves[7], 7, note).to_json()
    start = time.process_time()
    for _ in range(ASKED):
        Proof.from_json(proof).check([key.public])
    show("written proof read and checked, milliseconds", (time.process_time() - start) / ASKED * 1e3, 5)
    show("written proof, bytes", len(proof), 10_000)


def through_the_catalogue(size: int) -> None:
    """Leaves like those of an integrity check, in transactions of `BATCH`, on SQLite in a temporary folder."""
    with in_a_folder() as catalog:
        catalog.write(lambda w: w.agent("M. Tansley"))
        start = time.process_time()
        for at in range(0, size, BATCH):
            catalog.write(partial(append, count=min(BATCH, size - at)))
        show("leaves appended through the catalogue a second", size / (time.process_time() - start), 20_000)
        read_back(catalog, size)


@contextmanager
def in_a_folder() -> Iterator[Catalog]:
    """A new catalogue on SQLite, gone afterwards."""
    with (
        tempfile.TemporaryDirectory() as folder,
        create_catalog(f"sqlite:{folder}/catalog.db", SystemClock()) as catalog,
    ):
        yield catalog


def append(writer: Writer, count: int) -> None:
    agent = writer.agent("M. Tansley")
    for number in range(count):
        detail = {"code": "altered", "expected": f"sha256:{number:064x}", "found": "nothing"}
        subject = f"sha256:{number:064x}"
        event = NewEvent(EventType.FIXITY_CHECK, subject, Outcome.FAILURE, agent, "M. Tansley", detail)
        writer.ledger.append(event)


def read_back(catalog: Catalog, size: int) -> None:
    """Root, proofs and the whole audit, as the commands read them."""
    with catalog.read() as reader:
        ledger = reader.ledger()
        head = ledger.head()
        start = time.process_time()
        for _ in range(ASKED):
            ledger.head().root()
        show("root from the catalogue, milliseconds", (time.process_time() - start) / ASKED * 1e3, 1)
        start = time.process_time()
        for turn in range(ASKED):
            index = turn * 7919 % size
            leaf_path(ledger, ledger.leaf(index) or b"", index, Checkpoint.of("o", head))
        show("proof from the catalogue, milliseconds", (time.process_time() - start) / ASKED * 1e3, 2)
        start = time.process_time()
        tree = Audit(head, ledger.row)
        for page in ledger.tree_pages():
            tree.take(page)
        assert tree.close() == []
        show("audit of the tree from the catalogue, seconds", time.process_time() - start, 5)
    start = time.process_time()
    archive = cast("Archive", SimpleNamespace(catalog=catalog))
    assert audit_ledger(archive).findings == ()
    show("the same with events against leaves, seconds", time.process_time() - start, 5)


def recording() -> None:
    """What binding rows to leaves adds to taking in copies: the same batch with and without it, by turns."""
    texts = [
        f"Story {n}. " + " ".join(f"Sentence {m} of story {n} says so." for m in range(25))
        for n in range(400)
    ]
    spent = {True: 0.0, False: 0.0}
    bind = LedgerTail.bind
    start = time.process_time()
    copies = [copy(text) for text in texts]
    reading = time.process_time() - start
    for turn in range(6):
        bound = turn % 2 == 0
        with in_a_folder() as catalog:
            LedgerTail.bind = bind if bound else lambda *_: None  # type: ignore[method-assign]
            start = time.process_time()
            for at in range(0, len(copies), 200):
                take(catalog, *copies[at : at + 200])
            spent[bound] += time.process_time() - start
    LedgerTail.bind = bind  # type: ignore[method-assign]
    with in_a_folder() as catalog:
        take(catalog, *copies)
        start = time.process_time()
        assert audit_ledger(cast("Archive", SimpleNamespace(catalog=catalog))).findings == ()
        compared = (time.process_time() - start) / len(copies) * 1e3
    show("rows compared with leaves, milliseconds a copy", compared, 2)
    added = (spent[True] - spent[False]) / 3
    show(
        "binding rows adds to reading and recording, per cent", 100 * added / (reading + spent[False] / 3), 10
    )
    show("binding rows, milliseconds a copy", added / len(copies) * 1e3, 1)


def main(size: int) -> None:
    held = Held([leaf(number) for number in range(size)])
    for part in (growth, proofs, audit, writing):
        part(held)
    del held
    recording()
    through_the_catalogue(size)


def show(what: str, figure: float, bar: float) -> None:
    print(f"{what:<50} {figure:>12,.2f}   (bar {bar:,})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
