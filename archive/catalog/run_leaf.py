"""A run of the integrity check as the leaf of its end stands for it: its own row, and what it set out to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from archive.catalog.columns import columns_of, table_of
from archive.catalog.fixity_tables import FixityPlanRow
from archive.catalog.tables import FixityRunRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from uuid import UUID

    from sqlmodel import Session


def run_rows(session: Session, run_id: UUID) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    """The rows of a run, table by table; runs of before plans were kept have none."""
    for row, key in ((FixityRunRow, "id"), (FixityPlanRow, "run_id")):
        query = select(*columns_of(row)).where(table_of(row).c[key] == run_id)
        yield str(row.__tablename__), [dict(each) for each in session.execute(query).mappings()]
