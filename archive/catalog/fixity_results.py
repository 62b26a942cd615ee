"""The outcomes of a run, object by object: counted, and as the Merkle tree that the leaf of its end commits to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func
from sqlmodel import Session, col, select

from archive.catalog.bound import instant
from archive.catalog.fixity_tables import FixityBatchRow
from archive.catalog.tables import FixityCheckRow
from archive.ledger.canonical import Json, canonical
from archive.ledger.merkle import Frontier, leaf_hash
from archive.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

BATCH_LEAF = b"claimtrail fixity batch/1\n"
"""How the leaf of a batch begins: a line with number, time, objects and bytes follows, then the SHA-256 values."""


def verdict_counts(session: Session, run_id: UUID) -> dict[str, int]:
    """The outcomes of a run, counted from its rows."""
    query = (
        select(col(FixityCheckRow.verdict), func.count())
        .where(FixityCheckRow.run_id == run_id)
        .group_by(col(FixityCheckRow.verdict))
    )
    counts = {verdict.value: count for verdict, count in session.exec(query)}
    batches = select(func.sum(FixityBatchRow.objects)).where(FixityBatchRow.run_id == run_id)
    if intact := session.exec(batches).one():
        counts[Verdict.INTACT.value] = counts.get(Verdict.INTACT.value, 0) + int(intact)
    return counts


def results_said(session: Session, run_id: UUID) -> Json:
    """What a run's leaf says of its results: the number of leaves of the tree over them, and its root."""
    results = results_frontier(session, run_id)
    return {"leaves": results.size, "root": results.root().hex()}


def results_frontier(session: Session, run_id: UUID) -> Frontier:
    """The Merkle tree over a run's results: a leaf for each batch in order, then one for each other outcome."""
    frontier = Frontier()
    for leaf in result_leaves(session, run_id):
        frontier = frontier.append(leaf_hash(leaf))
    return frontier


def result_leaves(session: Session, run_id: UUID) -> Iterator[bytes]:
    """The leaves of `results_frontier`, one batch in memory at a time; the others by their digests."""
    number = -1
    while True:
        query = select(FixityBatchRow).where(FixityBatchRow.run_id == run_id, FixityBatchRow.number > number)
        row = session.exec(query.order_by(col(FixityBatchRow.number)).limit(1)).first()
        if row is None:
            break
        number = row.number
        yield BATCH_LEAF + f"{number} {instant(row.at)} {row.objects} {row.size}\n".encode() + row.digests
        session.expunge(row)
    others = select(FixityCheckRow).where(FixityCheckRow.run_id == run_id)
    for other in session.exec(others.order_by(col(FixityCheckRow.object_digest))):
        yield canonical(
            {
                "object": str(other.object_digest),
                "verdict": other.verdict,
                "found": other.found,
                "at": instant(other.at),
            }
        )
