"""How fast the tree is: `python -m tests.benchmarks.ledger [LEAVES]`."""

from __future__ import annotations

import sys
import time

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

PORTION = 1000
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
    start = time.perf_counter()
    held.grow()
    show("leaves appended in memory a second", len(held.leaves) / (time.perf_counter() - start), 500_000)
    start = time.perf_counter()
    for each in held.hashes[:20_000]:
        held.head.append(each)
    show("leaves appended one by one a second", 20_000 / (time.perf_counter() - start), 20_000)
    start = time.perf_counter()
    for _ in range(1000):
        held.head.root()
    show("root, milliseconds", time.perf_counter() - start, 1)


def proofs(held: Held) -> None:
    size, root = held.head.size, held.head.root()
    start = time.perf_counter()
    for index in held.some():
        path = inclusion_proof(Tiles(held.read).node, index, size)
        check_inclusion(held.hashes[index], index, size, path, root)
    show("inclusion proof made and checked, milliseconds", (time.perf_counter() - start) / ASKED * 1e3, 2)
    earlier = [(old + 1, root_of(held.hashes[: old + 1])) for old in held.some()[:20]]
    start = time.perf_counter()
    for old, before in earlier:
        check_consistency(old, size, consistency_proof(Tiles(held.read).node, old, size), before, root)
    show("consistency proof made and checked, milliseconds", (time.perf_counter() - start) / 20 * 1e3, 2)


def audit(held: Held) -> None:
    rows = zip(held.leaves, held.hashes, strict=True)
    stored = [StoredLeaf(n, each, value) for n, (each, value) in enumerate(rows)]
    start = time.perf_counter()
    whole = Audit(held.head, held.read, [Checkpoint.of("o", held.head)])
    whole.take(stored)
    assert whole.close() == []
    show("audit of all leaves, seconds", time.perf_counter() - start, 5)


def writing(held: Held) -> None:
    events = [event(number) for number in range(20_000)]
    start = time.perf_counter()
    for each in events:
        leaf_bytes(each)
    show("events written as canonical JSON a second", 20_000 / (time.perf_counter() - start), 20_000)
    key = SigningKey("archive.example/ledger", b"k" * 32)
    note = sign_checkpoint(Checkpoint.of(key.name, held.head), key)
    start = time.perf_counter()
    for _ in range(ASKED):
        sign_checkpoint(Checkpoint.of(key.name, held.head), key)
    show("checkpoint signed, milliseconds", (time.perf_counter() - start) / ASKED * 1e3, 5)
    proof = prove(Tiles(held.read).node, held.leaves[7], 7, note).to_json()
    start = time.perf_counter()
    for _ in range(ASKED):
        Proof.from_json(proof).check([key.public])
    show("written proof read and checked, milliseconds", (time.perf_counter() - start) / ASKED * 1e3, 5)
    show("written proof, bytes", len(proof), 10_000)


def main(size: int) -> None:
    held = Held([leaf(number) for number in range(size)])
    for part in (growth, proofs, audit, writing):
        part(held)


def show(what: str, figure: float, bar: float) -> None:
    print(f"{what:<50} {figure:>12,.2f}   (bar {bar:,})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
