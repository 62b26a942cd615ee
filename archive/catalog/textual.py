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
    CaptureRow,
    ItemRow,
    ParagraphRow,
    PassageRow,
    StatementRow,
    TextRow,
    VersionRow,
)
from archive.label import Label
from archive.model import Basis, Property

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
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


@dataclass(frozen=True, slots=True)
class Reread:
    """A version to be read again: from which object, as what, and what was found in it then."""

    label: str
    object: Digest
    format: str
    reader: str
    rule: str
    unicode: str
    text: Digest
    paragraphs: tuple[Digest, ...]
    name: str
    place: str | None
    address: str | None
    retrieved: datetime | None
    columns: str | None = None


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


def to_reread(session: Session, after: UUID | None) -> tuple[list[Reread], UUID | None]:
    """The next versions with a text that were read from an object of their own, and after which to go on."""
    query = select(VersionRow.id).where(col(VersionRow.text_digest).is_not(None))
    if after is not None:
        query = query.where(col(VersionRow.id) > after)
    page = list(session.exec(query.order_by(col(VersionRow.id)).limit(VERSIONS_A_PAGE)))
    found = [each for _, container, each in _rereads(session, page) if not container]
    return sorted(found, key=lambda each: each.label), page[-1] if page else None


def containers(session: Session) -> list[Digest]:
    """Every object that parts were taken out of."""
    held = col(CaptureRow.container_digest)
    return [digest for digest in session.exec(select(held).where(held.is_not(None)).distinct()) if digest]


def parts_of(session: Session, container: Digest) -> dict[str, list[Reread]]:
    """The versions first read out of a container, by the place in it."""
    ids = list(
        session.exec(select(CaptureRow.version_id).where(CaptureRow.container_digest == container).distinct())
    )
    by_place: dict[str, list[Reread]] = defaultdict(list)
    for start in range(0, len(ids), VERSIONS_A_PAGE):
        for _, within, each in _rereads(session, ids[start : start + VERSIONS_A_PAGE]):
            if within == container:
                by_place[each.place or ""].append(each)
    return by_place


def _rereads(session: Session, ids: Sequence[UUID]) -> Iterator[tuple[UUID, Digest | None, Reread]]:
    first: dict[UUID, CaptureRow] = {}
    captures = select(CaptureRow).where(col(CaptureRow.version_id).in_(ids))
    for row in session.exec(captures.order_by(col(CaptureRow.recorded), col(CaptureRow.id))):
        first.setdefault(row.version_id, row)
    said = _said(session, [row.id for row in first.values()])
    columns = _columns(session, [row.id for row in first.values()])
    paragraphs: dict[UUID, list[Digest]] = defaultdict(list)
    digests = select(ParagraphRow.version_id, col(ParagraphRow.digest)).where(
        col(ParagraphRow.version_id).in_(ids)
    )
    for version_id, digest in session.exec(
        digests.order_by(col(ParagraphRow.version_id), col(ParagraphRow.number))
    ):
        paragraphs[version_id].append(digest)
    versions = (
        select(VersionRow, ItemRow.label, TextRow.rule, TextRow.unicode)
        .join(ItemRow, col(ItemRow.id) == VersionRow.item_id)
        .join(TextRow, col(TextRow.digest) == VersionRow.text_digest)
        .where(col(VersionRow.id).in_(ids))
    )
    for version, item, rule, unicode in session.exec(versions):
        capture = first.get(version.id)
        if capture is None or version.text_digest is None:
            continue
        address, retrieved = said.get(capture.id, (None, None))
        yield (
            version.id,
            capture.container_digest,
            Reread(
                str(Label.parse(item).at_version(version.number)),
                version.object_digest,
                version.format,
                f"{version.reader}/{version.reader_version}",
                rule,
                unicode,
                version.text_digest,
                tuple(paragraphs[version.id]),
                capture.name,
                capture.place,
                address,
                retrieved,
                columns.get(capture.id),
            ),
        )


def _said(session: Session, captures: Sequence[UUID]) -> dict[UUID, tuple[str | None, datetime | None]]:
    """What a reader was told of each of these captures: the address, and when it was retrieved."""
    query = select(StatementRow).where(
        col(StatementRow.capture_id).in_(captures),
        col(StatementRow.about).in_((Property.ADDRESS, Property.RETRIEVED)),
    )
    found: dict[UUID, tuple[str | None, datetime | None]] = {}
    for row in session.exec(query):
        assert row.capture_id is not None  # noqa: S101 - it was asked for
        address, retrieved = found.get(row.capture_id, (None, None))
        if row.about is Property.ADDRESS and row.basis is Basis.ASSERTED:
            address = row.value
        if row.about is Property.RETRIEVED:
            retrieved = row.at
        found[row.capture_id] = (address, retrieved)
    return found


def _columns(session: Session, captures: Sequence[UUID]) -> dict[UUID, str]:
    """What the archivist said that a file of rows calls its columns: it is not read the same without."""
    query = select(StatementRow).where(
        col(StatementRow.capture_id).in_(captures), StatementRow.about == Property.COLUMNS
    )
    return {row.capture_id: row.value for row in session.exec(query) if row.capture_id}
