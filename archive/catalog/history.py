"""The checks of one object, in every run that ended, and the proof that one of them is among its run's results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlmodel import col, select

from archive.catalog.fixity_results import BATCH_LEAF, result_leaves
from archive.catalog.fixity_tables import DIGEST_SIZE, FixityBatchRow
from archive.catalog.tables import FixityCheckRow, FixityEndRow
from archive.ledger.canonical import canonical
from archive.ledger.merkle import Frontier, inclusion_proof, leaf_hash
from archive.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from uuid import UUID

    from sqlmodel import Session

    from archive.digest import Digest

BATCHES_A_PAGE = 8
"""How many batches are in memory at a time."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check of one object, in a run whose end is a leaf at `position`; `found` in words."""

    run_id: UUID
    position: int
    at: datetime
    verdict: Verdict
    found: str


@dataclass(frozen=True, slots=True)
class ResultProof:
    """That one result is among those of a run: its leaf, the place of that from 0, and the way to the run's root.

    An object found intact has its leaf with all of its batch: see `archive.catalog.fixity_results.result_leaves`.
    """

    leaf: bytes
    index: int
    size: int
    path: tuple[bytes, ...]


def checks_of(session: Session, digest: Digest) -> list[Check]:
    """Every check of an object in a run that ended, the first one first."""
    found = [*_in_batches(session, digest), *_in_rows(session, digest)]
    return sorted(found, key=lambda check: (check.position, check.at))


def _in_rows(session: Session, digest: Digest) -> Iterator[Check]:
    query = (
        select(FixityCheckRow, FixityEndRow.position)
        .join(FixityEndRow, col(FixityEndRow.run_id) == FixityCheckRow.run_id)
        .where(col(FixityCheckRow.object_digest) == digest)
    )
    for row, position in session.exec(query):
        yield Check(row.run_id, position, row.at, row.verdict, row.found)


def _in_batches(session: Session, digest: Digest) -> Iterator[Check]:
    """One pass over the batches: they are not ordered by object, and a byte search is quick."""
    query = select(
        FixityBatchRow.run_id, FixityEndRow.position, FixityBatchRow.at, FixityBatchRow.digests
    ).join(FixityEndRow, col(FixityEndRow.run_id) == FixityBatchRow.run_id)
    for run_id, position, at, digests in session.exec(query, execution_options={"yield_per": BATCHES_A_PAGE}):
        if holds(digests, digest.value):
            yield Check(run_id, position, at, Verdict.INTACT, str(digest))


def holds(digests: bytes, value: bytes) -> bool:
    """Whether a SHA-256 value is one of those that stand one after another."""
    at = digests.find(value)
    while at >= 0 and at % DIGEST_SIZE:
        at = digests.find(value, at + 1)
    return at >= 0


def result_proof(session: Session, run_id: UUID, digest: Digest) -> ResultProof | None:
    """The proof of the result for an object in a run; None where that run did not look at it."""
    index, found, hashes = 0, b"", list[bytes]()
    for leaf in result_leaves(session, run_id):
        if not found and _is_about(leaf, digest):
            index, found = len(hashes), leaf
        hashes.append(leaf_hash(leaf))
    if not found:
        return None
    return ResultProof(found, index, len(hashes), tuple(_path(hashes, index)))


def _is_about(leaf: bytes, digest: Digest) -> bool:
    if leaf.startswith(BATCH_LEAF):
        return holds(leaf[leaf.index(b"\n", len(BATCH_LEAF)) + 1 :], digest.value)
    return canonical(str(digest)) in leaf


def _path(hashes: list[bytes], index: int) -> list[bytes]:
    """The way from a leaf to the root, from all leaf hashes in memory: 32 bytes a batch or other result."""
    rows = {run.level: run.hashes for run in Frontier().extend(hashes)[1]}
    return inclusion_proof(lambda level, place: rows[level][place], index, len(hashes))
