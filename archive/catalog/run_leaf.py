"""A run of the integrity check as one leaf has it: its own rows, and the Merkle root over its results."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from archive.catalog.bound import line_of
from archive.catalog.chunks import batched
from archive.catalog.columns import columns_of, table_of
from archive.catalog.tables import FixityCheckRow, FixityRunRow
from archive.ledger.merkle import Frontier, leaf_hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from uuid import UUID

    from sqlmodel import Session

    from archive.ledger.canonical import Json

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
