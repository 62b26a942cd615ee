"""Marks of what passages state: how far they are made, which recur, and in which passages."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func
from sqlalchemy import select as sql_select
from sqlmodel import col

from archive.catalog.chunks import chunked
from archive.catalog.link_reading import LinkState, state_of
from archive.catalog.link_tables import CLAIM_MARKS, ClaimMarkRow, LinkedRow
from archive.catalog.link_writing import insert_rows, moved
from archive.catalog.tables import PassageRow, StatementRow, TextRow, VersionRow
from archive.model import ParagraphKind, Property

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Select
    from sqlmodel import Session

    from archive.catalog.writing import Writer
    from archive.model import Method

STOCK_PHRASE = 100
"""A pair of words that more passages than this have leads to no claim."""

Place = tuple[int, int]
"""A passage: the position of its version in the ledger, and its number."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which claims are asked for: in so many outlets or versions, published in this time; so many marks of them."""

    outlets: int
    versions: int
    since: datetime | None
    until: datetime | None
    marks: int


class ClaimReader:
    """Questions about recurring passages to one state of the catalogue."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def state(self) -> LinkState:
        """How far claim marks are made."""
        return state_of(self._session, CLAIM_MARKS)

    def unmarked(self, position: int, upto: int, limit: int) -> dict[int, list[tuple[int, str]]]:
        """The versions recorded from `position` up to `upto` with their sentences: number and words."""
        query = sql_select(
            col(VersionRow.position), col(VersionRow.id), func.coalesce(col(TextRow.body), "")
        ).outerjoin(TextRow, col(TextRow.digest) == VersionRow.text_digest)
        query = query.where(col(VersionRow.position) >= position, col(VersionRow.position) < upto)
        rows = self._session.execute(query.order_by(col(VersionRow.position)).limit(limit)).all()
        texts = {version: (at, text) for at, version, text in rows}
        found: dict[int, list[tuple[int, str]]] = {at: [] for at, *_ in rows}
        for version, number, start, end in self._sentences(list(texts)):
            at, text = texts[version]
            found[at].append((number, text[start:end]))
        return found

    def _sentences(self, versions: Sequence[UUID]) -> list[tuple[UUID, int, int, int]]:
        found: list[tuple[UUID, int, int, int]] = []
        for some in chunked(versions):
            query = sql_select(
                col(PassageRow.version_id), col(PassageRow.number), col(PassageRow.start), col(PassageRow.end)
            ).where(col(PassageRow.version_id).in_(some), col(PassageRow.kind) == ParagraphKind.TEXT)
            found += [
                (version, number, start, end) for version, number, start, end in self._session.execute(query)
            ]
        return found

    def spread(self, wanted: Wanted) -> list[int]:
        """The marks that recur as often as is asked, those in most outlets and then in most versions first.

        Versions without an outlet count for the versions alone; versions of one item count once. A mark of a
        single pair of words that very many passages have is a stock phrase and is left out.
        """
        outlets = func.count(func.distinct(LinkedRow.outlet))
        items = func.count(func.distinct(LinkedRow.item))
        query = sql_select(col(ClaimMarkRow.hash)).join(
            LinkedRow, col(LinkedRow.version) == ClaimMarkRow.version
        )
        if wanted.since or wanted.until:
            query = query.where(col(ClaimMarkRow.version).in_(_published(wanted.since, wanted.until)))
        telling = (func.count() <= STOCK_PHRASE) | (col(ClaimMarkRow.hash) % 2 != 0)
        query = query.group_by(col(ClaimMarkRow.hash)).having(
            outlets >= wanted.outlets, items >= wanted.versions, telling
        )
        ordered = query.order_by(outlets.desc(), items.desc(), col(ClaimMarkRow.hash)).limit(wanted.marks)
        return list(self._session.execute(ordered).scalars())

    def passages_with(self, marks: Sequence[int]) -> dict[int, list[Place]]:
        """The passages that have each of these marks, in the order of the ledger."""
        found: dict[int, list[Place]] = defaultdict(list)
        for some in chunked(marks):
            query = sql_select(col(ClaimMarkRow.hash), col(ClaimMarkRow.version), col(ClaimMarkRow.passage))
            rows = self._session.execute(query.where(col(ClaimMarkRow.hash).in_(some)))
            for mark, version, passage in rows:
                found[mark].append((version, passage))
        return {mark: sorted(places) for mark, places in found.items()}


def _published(since: datetime | None, until: datetime | None) -> Select[int]:
    query = sql_select(col(VersionRow.position)).join(
        StatementRow, col(StatementRow.version_id) == VersionRow.id
    )
    query = query.where(col(StatementRow.about) == Property.PUBLISHED)
    if since:
        query = query.where(col(StatementRow.at) >= since)
    if until:
        query = query.where(col(StatementRow.at) < until)
    return query


def enter_marks(
    writer: Writer, before: LinkState, upto: int, marks: Collection[tuple[int, int, int]], method: Method
) -> bool:
    """Enter marks (hash, version, passage) and how far they go; marks of another method are forgotten.

    Does nothing where another writer was faster.
    """
    if not moved(writer.session, before, LinkState(upto, method, rebuilding=False), CLAIM_MARKS):
        return False
    if before.method != method:
        writer.session.execute(delete(ClaimMarkRow))
    insert_rows(writer.session, ClaimMarkRow, sorted(marks))
    return True
