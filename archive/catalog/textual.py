"""Canonical texts with the rows that lean on them, a page at a time, for checking them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import String, func, type_coerce
from sqlalchemy import select as sql_select
from sqlmodel import col, select

from archive.catalog.tables import (
    AttributionRow,
    ItemRow,
    ParagraphRow,
    PassageRow,
    StatementRow,
    TextRow,
    VersionRow,
)
from archive.label import Label

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID

    from sqlmodel import Session

    from archive.digest import Digest

TEXTS_A_PAGE = 200
VERSIONS_A_PAGE = 200


@dataclass(slots=True)
class Leaning:
    """What leans on a version's text: its paragraphs with their digests, and how far other spans reach."""

    label: str
    paragraphs: list[tuple[int, int, int, Digest]] = field(default_factory=list)
    lowest: int = 0
    farthest: int = 0
    spans: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Text:
    """A canonical text as it is stored, under the digest it should have."""

    digest: Digest
    body: str
    leaning: tuple[Leaning, ...]


def texts(session: Session) -> Iterator[Text]:
    """Every text with what leans on it, in the order of the digests."""
    after = ""
    while True:
        key = type_coerce(TextRow.digest, String)
        query = select(TextRow).where(key > after).order_by(key).limit(TEXTS_A_PAGE)
        page = session.exec(query).all()
        leaning = _leaning(session, [row.digest for row in page])
        for row in page:
            yield Text(row.digest, row.body, tuple(leaning.get(row.digest, ())))
        if len(page) < TEXTS_A_PAGE:
            return
        after = str(page[-1].digest)
        session.expunge_all()


def _leaning(session: Session, digests: Sequence[Digest]) -> dict[Digest, list[Leaning]]:
    versions = (
        select(VersionRow.id, col(VersionRow.text_digest), ItemRow.label, VersionRow.number)
        .join(ItemRow, col(ItemRow.id) == VersionRow.item_id)
        .where(col(VersionRow.text_digest).in_(digests))
    )
    by_id: dict[UUID, Leaning] = {}
    by_text: dict[Digest, list[Leaning]] = defaultdict(list)
    for version_id, text, item, number in session.exec(versions):
        by_id[version_id] = Leaning(str(Label.parse(item).at_version(number)))
        if text:
            by_text[text].append(by_id[version_id])
    for start in range(0, len(by_id), VERSIONS_A_PAGE):
        _fill(session, by_id, list(by_id)[start : start + VERSIONS_A_PAGE])
    return by_text


def _fill(session: Session, leaning: dict[UUID, Leaning], ids: Sequence[UUID]) -> None:
    paragraphs = sql_select(
        col(ParagraphRow.version_id),
        col(ParagraphRow.number),
        col(ParagraphRow.start),
        col(ParagraphRow.end),
        col(ParagraphRow.digest),
    ).where(col(ParagraphRow.version_id).in_(ids))
    for version_id, number, start, end, digest in session.execute(paragraphs):
        leaning[version_id].paragraphs.append((number, start, end, digest))
    for table in (PassageRow, StatementRow):
        reach = (
            sql_select(
                col(table.version_id),
                func.min(col(table.start)),
                func.max(col(table.end)),
                func.min(col(table.end) - col(table.start)),
            )
            .where(col(table.version_id).in_(ids), col(table.start).is_not(None))
            .group_by(col(table.version_id))
        )
        for version_id, lowest, farthest, shortest in session.execute(reach):
            into = leaning[version_id]
            into.lowest = min(into.lowest, lowest, shortest)
            into.farthest = max(into.farthest, farthest)
    spans = sql_select(
        col(AttributionRow.version_id),
        col(AttributionRow.source),
        col(AttributionRow.cue),
        col(AttributionRow.content),
    ).where(col(AttributionRow.version_id).in_(ids))
    for version_id, *some in session.execute(spans):
        leaning[version_id].spans += some
