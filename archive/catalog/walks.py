"""Walks over whole tables, a page of rows in memory at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import String, type_coerce
from sqlmodel import col, select

from archive.catalog.tables import EventRow, ObjectRow
from archive.record import HeldObject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlmodel import Session

ROWS_A_PAGE = 1000
"""How many rows a walk fetches at a time."""


def leaves(session: Session) -> Iterator[tuple[int, bytes, bytes]]:
    """Every leaf of the ledger in order: its position, its bytes, its recorded hash."""
    after = -1
    while True:
        query = select(EventRow.position, EventRow.body, EventRow.leaf_hash)
        query = query.where(EventRow.position > after).order_by(col(EventRow.position)).limit(ROWS_A_PAGE)
        page = session.exec(query).all()
        yield from page
        if len(page) < ROWS_A_PAGE:
            return
        after = page[-1][0]


def objects(session: Session) -> Iterator[HeldObject]:
    """Every recorded object, in the order of the digests."""
    after = ""
    while True:
        query = select(ObjectRow).where(type_coerce(ObjectRow.digest, String) > after)
        page = session.exec(query.order_by(col(ObjectRow.digest)).limit(ROWS_A_PAGE)).all()
        yield from (HeldObject(row.digest, row.size) for row in page)
        if len(page) < ROWS_A_PAGE:
            return
        after = str(page[-1].digest)
