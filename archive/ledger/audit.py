"""Re-reads the whole ledger, and names the first thing that does not fit.

Three layers hold each other: a leaf's bytes by its hash, the hashes by the kept nodes and the head, all of
that by checkpoints. Who edits only the lower ones is found exactly; who edits all that the catalogue holds is
found, within the leaves between two checkpoints, by any checkpoint that he could not edit too.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from archive.ledger.merkle import HASH_SIZE, Frontier, leaf_hash
from archive.ledger.tiles import TILE_HEIGHT, TILE_WIDTH

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from archive.ledger.checkpoint import Checkpoint
    from archive.ledger.merkle import Run
    from archive.ledger.tiles import ReadRow

PORTION = 16 * TILE_WIDTH
"""Leaves that the tree takes at a time."""

MAX_GAP = 1_000_000
"""The most missing leaves in a row that are stepped over; past that the rest is not compared."""

_ABSENT = bytes(HASH_SIZE)


class Misfit(StrEnum):
    """What can be wrong with a ledger."""

    LEAF_ALTERED = "leaf altered"
    LEAF_MISSING = "leaf missing"
    LEAF_UNEXPECTED = "leaf unexpected"
    NODE_ALTERED = "node altered"
    HEAD_ALTERED = "head altered"
    HISTORY_ALTERED = "history altered"
    ROLLED_BACK = "rolled back"


@dataclass(frozen=True, slots=True)
class StoredLeaf:
    """A leaf as the catalogue holds it: its place from 0, its bytes, and the hash beside them."""

    index: int
    leaf: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class LedgerFinding:
    """One thing that does not fit: what, in which leaves (`first` to `last`), expected and found."""

    misfit: Misfit
    first: int
    last: int
    expected: str
    found: str

    def __str__(self) -> str:
        where = f"leaf {self.first:,}"
        if self.last > self.first:
            where = f"a leaf from {self.first:,} to {self.last:,}"
        return f"{self.misfit}: {where}; expected {self.expected}, found {self.found}"


class Audit:
    """Takes the ledger leaf by leaf, in the order of their places, and then says what does not fit.

    `read` gives the kept nodes as `Tiles` reads them; level 0 is not asked for. Checkpoints may come from
    anywhere; those kept where the archive's administrator cannot write are worth the most.
    """

    def __init__(self, head: Frontier, read: ReadRow, checkpoints: Iterable[Checkpoint] = ()) -> None:
        self.findings: list[LedgerFinding] = []
        self._head = head
        self._read = read
        self._checkpoints = sorted(checkpoints, key=lambda each: each.size, reverse=True)
        self._tree = Frontier()
        self._pending: list[bytes] = []
        self._agreed = 0
        self._places: list[int] = []
        self._lost = False

    @property
    def size(self) -> int:
        """How many places have been seen."""
        return self._tree.size + len(self._pending)

    def take(self, leaves: Iterable[StoredLeaf]) -> None:
        """Check the next leaves against their hashes, and the hashes against what is kept over them."""
        size = self.size
        for stored in leaves:
            if self._lost or (stored.index != size and not self._is_reached(stored.index)):
                continue
            found = leaf_hash(stored.leaf)
            if found != stored.hash:
                self._find(Misfit.LEAF_ALTERED, stored.index, stored.index, stored.hash.hex(), found.hex())
            self._pending.append(stored.hash)
            size = stored.index + 1
            if len(self._pending) >= PORTION:
                self._grow()

    def close(self) -> list[LedgerFinding]:
        """All findings, once what was seen is compared with the head and the checkpoints beyond it."""
        self._grow()
        if self._head != self._tree:
            expected, found = self._head.root().hex(), self._tree.root().hex()
            self._find(
                Misfit.HEAD_ALTERED,
                self._agreed,
                max(self._head.size, self.size, 1) - 1,
                f"{self._head.size:,} leaves under {expected}",
                f"{self.size:,} under {found}",
            )
        for checkpoint in reversed(self._checkpoints):
            expected = f"{checkpoint.size:,} leaves, as were signed"
            self._find(Misfit.ROLLED_BACK, self.size, checkpoint.size - 1, expected, f"{self.size:,}")
        return self.findings

    def _is_reached(self, index: int) -> bool:
        """Whether a leaf out of turn can be taken after all, with something in the places of missing ones."""
        size = self.size
        if index < size:
            self._find(Misfit.LEAF_UNEXPECTED, index, index, "one leaf", "another in the same place")
            return False
        self._find(Misfit.LEAF_MISSING, size, index - 1, "a leaf in each place", "none")
        self._lost = index - size > MAX_GAP
        if self._lost:
            return False
        self._pending += [_ABSENT] * (index - size)
        return True

    def _grow(self) -> None:
        """Let the tree take the pending hashes, and compare its root at each checkpoint on the way."""
        while self._checkpoints and self._checkpoints[-1].size <= self.size:
            checkpoint = self._checkpoints.pop()
            self._extend(checkpoint.size - self._tree.size)
            if self._tree.root() == checkpoint.root:
                self._agreed = checkpoint.size
            elif all(each.misfit is not Misfit.HISTORY_ALTERED for each in self.findings):
                expected, found = checkpoint.root.hex(), self._tree.root().hex()
                last = max(checkpoint.size, 1) - 1
                self._find(Misfit.HISTORY_ALTERED, self._agreed, last, expected, found)
        self._extend(len(self._pending))

    def _extend(self, count: int) -> None:
        self._tree, runs = self._tree.extend(self._pending[:count])
        del self._pending[:count]
        for run in runs[TILE_HEIGHT::TILE_HEIGHT]:
            self._compare(run, self._read(run.level, run.first, len(run.hashes)))

    def _compare(self, made: Run, kept: Sequence[bytes]) -> None:
        """Compare nodes; one over leaves in which something was found already says nothing new."""
        for place, value in enumerate(made.hashes):
            stored = kept[place] if place < len(kept) else b""
            start = (made.first + place) << made.level
            stop = start + (1 << made.level)
            if stored != value and bisect_left(self._places, start) == bisect_left(self._places, stop):
                self._find(Misfit.NODE_ALTERED, start, stop - 1, stored.hex() or "a node", value.hex())

    def _find(self, misfit: Misfit, first: int, last: int, expected: str, found: str) -> None:
        self.findings.append(LedgerFinding(misfit, first, last, expected, found))
        if misfit in (Misfit.LEAF_ALTERED, Misfit.LEAF_MISSING, Misfit.NODE_ALTERED):
            insort(self._places, first)
