"""A run of the integrity check as one leaf has it: its own rows, and the Merkle root over its results."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from archive.catalog.bound import line_of
from archive.catalog.chunks import batched
from archive.catalog.columns import columns_of, table_of
from archive.catalog.tables import FixityCheckRow, FixityEndRow, FixityRunRow
from archive.ledger.merkle import Frontier, inclusion_proof, leaf_hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime
    from uuid import UUID

    from sqlmodel import Session

    from archive.digest import Digest
    from archive.ledger.canonical import Json
    from archive.record import Verdict

RESULTS_A_PAGE = 2000


def run_row(session: Session, run_id: UUID) -> list[Mapping[str, Any]]:
    """The row of a run."""
    query = select(*columns_of(FixityRunRow)).where(table_of(FixityRunRow).c.id == run_id)
    return [dict(row) for row in session.execute(query).mappings()]


def result_lines(session: Session, run_id: UUID) -> Iterator[str]:
    """The results of a run, a line a result, in the order of the digests: the leaves of its tree."""
    table = table_of(FixityCheckRow)
    query = (
        select(*columns_of(FixityCheckRow)).where(table.c.run_id == run_id).order_by(table.c.object_digest)
    )
    rows = session.execute(query, execution_options={"yield_per": RESULTS_A_PAGE}).mappings()
    for row in rows:
        yield line_of("fixity_check", dict(row), str)


def results(session: Session, run_id: UUID) -> Json:
    """What a run's leaf says of its results: how many, and the root of the tree over them (RFC 6962)."""
    return root_over(result_lines(session, run_id))


def root_over(lines: Iterable[str]) -> Json:
    """Size and root of a tree whose leaves are these lines."""
    frontier = Frontier()
    for page in batched(lines, RESULTS_A_PAGE):
        frontier, _ = frontier.extend([leaf_hash(line.encode()) for line in page])
    return {"size": frontier.size, "root": base64.b64encode(frontier.root()).decode()}


@dataclass(frozen=True, slots=True)
class Check:
    """One check of one object, in a run whose end is a leaf at `position`; `found` in words."""

    run_id: UUID
    position: int
    at: datetime
    verdict: Verdict
    found: str


def checks_of(session: Session, digest: Digest) -> list[Check]:
    """Every check of an object in a run that ended, the first one first."""
    check, end = table_of(FixityCheckRow), table_of(FixityEndRow)
    query = (
        select(check.c.run_id, end.c.position, check.c.at, check.c.verdict, check.c.found)
        .join(end, end.c.run_id == check.c.run_id)
        .where(check.c.object_digest == digest)
        .order_by(end.c.position)
    )
    return [Check(*row) for row in session.execute(query)]


@dataclass(frozen=True, slots=True)
class ResultProof:
    """That one result is among those of a run: its line, its place from 0, and the way to the run's root."""

    line: str
    index: int
    size: int
    path: tuple[bytes, ...]


def result_proof(session: Session, run_id: UUID, digest: Digest) -> ResultProof | None:
    """The proof of the result for an object in a run; None where that run did not look at it."""
    wanted, line, hashes = f'"object_digest":"{digest}"', "", list[bytes]()
    index = 0
    for each in result_lines(session, run_id):
        if wanted in each:
            line, index = each, len(hashes)
        hashes.append(leaf_hash(each.encode()))
    if not line:
        return None
    return ResultProof(line, index, len(hashes), tuple(_path(hashes, index)))


def _path(hashes: list[bytes], index: int) -> list[bytes]:
    """The way from a leaf to the root, from all leaf hashes in memory: 32 bytes an object checked."""
    rows = {run.level: run.hashes for run in Frontier().extend(hashes)[1]}
    return inclusion_proof(lambda level, place: rows[level][place], index, len(hashes))
