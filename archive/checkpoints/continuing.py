"""Whether the ledger of now begins with the ledger of then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.catalog.chunks import batched
from archive.ledger.merkle import (
    BadFrontier,
    Frontier,
    ProofFails,
    check_consistency,
    check_inclusion,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
)
from archive.ledger.tiles import Tiles

if TYPE_CHECKING:
    from archive.catalog.ledger_reading import LedgerReader
    from archive.ledger.checkpoint import Checkpoint
    from archive.ledger.merkle import Node

LEAVES_A_STEP = 65_536


def continues(ledger: LedgerReader, old: Checkpoint, new: Checkpoint) -> bool:
    """Whether the ledger, which stands at `new`, continues the checkpoint.

    By a proof of consistency from the kept nodes; where those do not yield one, by all leaf hashes.
    """
    if old.origin != new.origin or old.size > new.size:
        return False
    try:
        consistent_path(Tiles(ledger.row).node, old, new)
    except (ProofFails, BadFrontier):
        return _by_leaves(ledger, old, new)
    return True


def consistent_path(node: Node, old: Checkpoint, new: Checkpoint) -> tuple[bytes, ...]:
    """The path from the older checkpoint to the newer, checked; raises `ProofFails`, `BadFrontier`."""
    path = tuple(consistency_proof(node, old.size, new.size))
    check_consistency(old.size, new.size, path, old.root, new.root)
    return path


def _by_leaves(ledger: LedgerReader, old: Checkpoint, new: Checkpoint) -> bool:
    """The same without the kept nodes: the roots over all leaves up to either size."""
    frontier, before = Frontier(), Frontier() if not old.size else None
    for page in batched(ledger.hashes(), LEAVES_A_STEP):
        if before is None and frontier.size + len(page) >= old.size:
            before, _ = frontier.extend(page[: old.size - frontier.size])
        frontier, _ = frontier.extend(page)
    return before is not None and (before.root(), frontier.root()) == (old.root, new.root)


def leaf_path(ledger: LedgerReader, leaf: bytes, index: int, signed: Checkpoint) -> tuple[bytes, ...]:
    """The way of a leaf to the root that was signed, checked; raises `NoSuchLeaf`, `ProofFails`.

    From the kept nodes; where those do not yield it, from all leaf hashes: 32 bytes a leaf in memory.
    """
    try:
        path = tuple(inclusion_proof(Tiles(ledger.row).node, index, signed.size))
        check_inclusion(leaf_hash(leaf), index, signed.size, path, signed.root)
    except (ProofFails, BadFrontier):
        rows = {run.level: run.hashes for run in Frontier().extend(list(ledger.hashes()))[1]}
        path = tuple(inclusion_proof(lambda level, place: rows[level][place], index, signed.size))
        check_inclusion(leaf_hash(leaf), index, signed.size, path, signed.root)
    return path
