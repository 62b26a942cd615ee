"""How fast the tree is: `python -m tests.benchmarks.ledger [LEAVES]`."""

from __future__ import annotations

import sys
import time

from archive.ledger.merkle import (
    Frontier,
    check_consistency,
    check_inclusion,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_of,
)
from archive.ledger.tiles import Tiles, kept

PORTION = 1000
ASKED = 200


def leaf(number: int) -> bytes:
    """About what a fixity check's leaf looks like."""
    return b'{"at":"2026-11-23T20:42:39Z","event":"fix","object":"sha256:%064x","outcome":"suc"}' % number


def main(size: int) -> None:
    leaves = [leaf(number) for number in range(size)]
    start = time.perf_counter()
    frontier, rows = Frontier(), {}
    hashes: list[bytes] = []
    for at in range(0, size, PORTION):
        portion = [leaf_hash(each) for each in leaves[at : at + PORTION]]
        frontier, runs = frontier.extend(portion)
        hashes += portion
        rows.update({(level, place): value for level, place, value in kept(runs)})
    show("leaves appended in memory a second", size / (time.perf_counter() - start), 500_000)

    start = time.perf_counter()
    for each in hashes[:20_000]:
        frontier.append(each)
    show("leaves appended one by one a second", 20_000 / (time.perf_counter() - start), 20_000)

    start = time.perf_counter()
    for _ in range(1000):
        frontier.root()
    show("root, milliseconds", time.perf_counter() - start, 1)

    def read(level: int, first: int, count: int) -> list[bytes]:
        if level == 0:
            return hashes[first : first + count]
        places = range(first, first + count)
        return [rows[level, place] for place in places if (level, place) in rows]

    start = time.perf_counter()
    for turn in range(ASKED):
        index = turn * 7919 % size
        path = inclusion_proof(Tiles(read).node, index, size)
        check_inclusion(hashes[index], index, size, path, frontier.root())
    show("inclusion proof made and checked, milliseconds", (time.perf_counter() - start) / ASKED * 1e3, 2)

    olds = [turn * 7919 % size + 1 for turn in range(20)]
    roots = [root_of(hashes[:old]) for old in olds]
    start = time.perf_counter()
    for old, root in zip(olds, roots, strict=True):
        check_consistency(old, size, consistency_proof(Tiles(read).node, old, size), root, frontier.root())
    show("consistency proof made and checked, milliseconds", (time.perf_counter() - start) / 20 * 1e3, 2)

    start = time.perf_counter()
    assert root_of(leaf_hash(each) for each in leaves) == frontier.root()
    show("audit of all leaves, seconds", time.perf_counter() - start, 5)


def show(what: str, figure: float, bar: float) -> None:
    print(f"{what:<50} {figure:>12,.2f}   (bar {bar:,})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
