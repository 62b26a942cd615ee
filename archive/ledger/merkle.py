"""The Merkle tree of RFC 6962 and RFC 9162, section 2.1: hashes, growth, proofs and their checks.

A node is named by level and index: (0, i) is the hash of leaf i, (l, i) covers the leaves from i * 2**l up
to (i + 1) * 2**l and exists once all of those do. Every hash is the 32 bytes of a SHA-256.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from archive.errors import ArchiveError, ExitCode

HASH_SIZE = 32
"""Bytes in a SHA-256."""

MAX_SIZE = 2**63 - 1
"""The most leaves a tree may have: what an SQL integer holds, and a bound on the work a proof can ask for."""

EMPTY_ROOT = hashlib.sha256(b"").digest()
"""The root of a tree without leaves."""

Node = Callable[[int, int], bytes]
"""Looks up the hash of the complete subtree at (level, index)."""


class BadFrontier(ArchiveError):
    """A stored head of the ledger cannot be read."""

    exit_code: ClassVar[ExitCode] = ExitCode.CHECK_FAILED


class NoSuchLeaf(ArchiveError):
    """A proof was asked for a place or a size that the ledger does not have."""


class ProofFails(ArchiveError):
    """A proof does not show what it should."""

    exit_code: ClassVar[ExitCode] = ExitCode.CHECK_FAILED


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of a leaf: SHA-256 of 0x00 and its bytes."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: SHA-256 of 0x01 and both its children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def pair_up(row: Sequence[bytes]) -> list[bytes]:
    """The parents of a row of siblings; a last one without its sibling is left out."""
    sha256 = hashlib.sha256
    return [sha256(b"\x01" + a + b).digest() for a, b in zip(row[::2], row[1::2], strict=False)]


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring nodes of one level: `hashes[0]` is at `first`."""

    level: int
    first: int
    hashes: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Frontier:
    """The right edge of a tree: all that is needed to append to it and to know its root.

    `peaks` are the roots of its largest complete subtrees from left to right, one for each bit set in `size`.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.size <= MAX_SIZE:
            raise BadFrontier(f"a tree cannot have {self.size} leaves")
        if len(self.peaks) != self.size.bit_count() or any(len(p) != HASH_SIZE for p in self.peaks):
            raise BadFrontier(f"the head of the ledger does not fit its size of {self.size:,} leaves")

    def append(self, leaf: bytes) -> Frontier:
        """The frontier after one more leaf, given by its hash."""
        return self.extend([leaf])[0]

    def extend(self, leaves: Sequence[bytes]) -> tuple[Frontier, list[Run]]:
        """The frontier after more leaves, given by their hashes, and all nodes this completed, by level."""
        levels = [level for level in range(self.size.bit_length()) if self.size >> level & 1]
        peaks = dict(zip(reversed(levels), self.peaks, strict=True))
        runs: list[Run] = []
        row: Sequence[bytes] = leaves
        while row:
            level = len(runs)
            first = self.size >> level
            runs.append(Run(level, first, row))
            if first & 1:
                row = [peaks.pop(level), *row]
            if len(row) & 1:
                peaks[level] = row[-1]
            row = pair_up(row)
        ordered = tuple(peaks[level] for level in sorted(peaks, reverse=True))
        return Frontier(self.size + len(leaves), ordered), runs

    def root(self) -> bytes:
        """The root of the whole tree."""
        return _fold(self.peaks)

    def to_bytes(self) -> bytes:
        """The size in 8 bytes, most significant first, and the peaks."""
        return self.size.to_bytes(8, "big") + b"".join(self.peaks)

    @classmethod
    def from_bytes(cls, stored: bytes) -> Self:
        """Read what `to_bytes` wrote; raises `BadFrontier` for anything else."""
        if len(stored) < 8 or len(stored) % HASH_SIZE != 8:
            raise BadFrontier(f"the head of the ledger has {len(stored)} bytes")
        peaks = tuple(stored[at : at + HASH_SIZE] for at in range(8, len(stored), HASH_SIZE))
        return cls(int.from_bytes(stored[:8], "big"), peaks)


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over leaves given by their hashes."""
    return Frontier().extend(list(leaves))[0].root()


def inclusion_proof(node: Node, index: int, size: int) -> list[bytes]:
    """The path that leads from leaf `index` to the root over the first `size` leaves (RFC 9162, 2.1.3.1).

    Raises `NoSuchLeaf` where that tree has no such leaf.
    """
    if not 0 <= index < size:
        raise NoSuchLeaf(f"a ledger of {size:,} leaves has no leaf {index:,}")
    path: list[bytes] = []
    start, stop = 0, size
    while stop - start > 1:
        split = start + _split(stop - start)
        if index < split:
            path.append(subtree_root(node, split, stop))
            stop = split
        else:
            path.append(subtree_root(node, start, split))
            start = split
    return path[::-1]


def consistency_proof(node: Node, old: int, size: int) -> list[bytes]:
    """The nodes that show the tree of `old` leaves to be the beginning of that of `size` (RFC 9162, 2.1.4.1).

    Empty where `old` is 0 or `size`; raises `NoSuchLeaf` where it is more.
    """
    if not 0 <= old <= size:
        raise NoSuchLeaf(f"a ledger of {size:,} leaves was never one of {old:,}")
    path: list[bytes] = []
    start, stop = 0, size
    while old and stop != old:
        split = start + _split(stop - start)
        if old <= split:
            path.append(subtree_root(node, split, stop))
            stop = split
        else:
            path.append(subtree_root(node, start, split))
            start = split
    if start:
        path.append(subtree_root(node, start, stop))
    return path[::-1]


def check_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """Raise `ProofFails` unless the path leads from the leaf's hash to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size <= MAX_SIZE:
        raise ProofFails(f"a ledger of {size:,} leaves has no leaf {index:,}")
    _check_sizes([leaf, root, *path])
    at, last, reached = index, size - 1, leaf
    for step in path:
        if last == 0:
            raise ProofFails(f"the path from leaf {index:,} is too long for a ledger of {size:,} leaves")
        if at & 1 or at == last:
            reached = node_hash(step, reached)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            reached = node_hash(reached, step)
        at, last = at >> 1, last >> 1
    if last:
        raise ProofFails(f"the path from leaf {index:,} is too short for a ledger of {size:,} leaves")
    if reached != root:
        raise ProofFails(f"leaf {index:,} does not lead to the root over {size:,} leaves")


def check_consistency(old: int, size: int, path: Sequence[bytes], old_root: bytes, root: bytes) -> None:
    """Raise `ProofFails` unless the path leads from one root to the later one (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= size <= MAX_SIZE:
        raise ProofFails(f"a ledger of {size:,} leaves does not continue one of {old:,}")
    _check_sizes([old_root, root, *path])
    if old in (0, size):
        expected = EMPTY_ROOT if old == 0 else root
        if path or old_root != expected or (size == 0 and root != EMPTY_ROOT):
            raise ProofFails("ledgers of the same size have different roots, or a proof where none is due")
        return
    if not path:
        raise ProofFails(f"nothing shows that the ledger of {size:,} leaves continues that of {old:,}")
    # The root of a complete earlier tree is itself the first node and is left out of the proof.
    start = [] if old & (old - 1) else [old_root]
    before, after = _walk_consistency(old, size, [*start, *path])
    if before != old_root:
        raise ProofFails(f"the proof does not lead to the earlier root, over {old:,} leaves")
    if after != root:
        raise ProofFails(f"the ledger of {size:,} leaves does not contain that of {old:,} unchanged")


def subtree_root(node: Node, start: int, stop: int) -> bytes:
    """The root over leaves `start` to `stop`, where `start` is a place at which RFC 9162 splits a tree."""
    peaks: list[bytes] = []
    while start < stop:
        level = (stop - start).bit_length() - 1
        peaks.append(node(level, start >> level))
        start += 1 << level
    return _fold(peaks)


def _walk_consistency(old: int, size: int, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The earlier and the later root that a path of at least one node leads to, for 0 < old < size."""
    at, last = old - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    before = after = path[0]
    for step in path[1:]:
        if last == 0:
            raise ProofFails(f"the proof is too long for ledgers of {old:,} and {size:,} leaves")
        if at & 1 or at == last:
            before, after = node_hash(step, before), node_hash(step, after)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            after = node_hash(after, step)
        at, last = at >> 1, last >> 1
    if last:
        raise ProofFails(f"the proof is too short for ledgers of {old:,} and {size:,} leaves")
    return before, after


def _check_sizes(hashes: Iterable[bytes]) -> None:
    if any(len(each) != HASH_SIZE for each in hashes):
        raise ProofFails(f"a hash in the proof has not {HASH_SIZE} bytes")


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def _fold(peaks: Sequence[bytes]) -> bytes:
    """The root over complete subtrees, from left to right."""
    if not peaks:
        return EMPTY_ROOT
    root = peaks[-1]
    for peak in peaks[-2::-1]:
        root = node_hash(peak, root)
    return root
