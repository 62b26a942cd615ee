"""Versions to be read again, as they were read the first time: from which bytes, with what was told to the reader."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlmodel import col, select

from archive.catalog.columns import unindexed
from archive.catalog.tables import CaptureRow, ItemRow, ParagraphRow, StatementRow, TextRow, VersionRow
from archive.label import Label
from archive.model import Basis, Property

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlmodel import Session

    from archive.digest import Digest


VERSIONS_A_PAGE = 200


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
    first = _first_captures(session, ids)
    said = _said(session, [row.id for row in first.values()])
    columns = _columns(session, [row.id for row in first.values()])
    paragraphs = _paragraphs(session, ids)
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


def _first_captures(session: Session, ids: Sequence[UUID]) -> dict[UUID, CaptureRow]:
    """The capture that each version was first read from."""
    first: dict[UUID, CaptureRow] = {}
    captures = select(CaptureRow).where(col(CaptureRow.version_id).in_(ids))
    for row in session.exec(captures.order_by(col(CaptureRow.recorded), col(CaptureRow.id))):
        first.setdefault(row.version_id, row)
    return first


def _paragraphs(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[Digest]]:
    """The digests of the paragraphs of each version, in order."""
    found: dict[UUID, list[Digest]] = defaultdict(list)
    query = select(ParagraphRow.version_id, col(ParagraphRow.digest)).where(
        col(ParagraphRow.version_id).in_(ids)
    )
    for version_id, digest in session.exec(
        query.order_by(col(ParagraphRow.version_id), col(ParagraphRow.number))
    ):
        found[version_id].append(digest)
    return found


def _said(session: Session, captures: Sequence[UUID]) -> dict[UUID, tuple[str | None, datetime | None]]:
    """What a reader was told of each of these captures: the address, and when it was retrieved."""
    query = select(StatementRow).where(
        col(StatementRow.capture_id).in_(captures),
        unindexed(StatementRow.about).in_([Property.ADDRESS.value, Property.RETRIEVED.value]),
    )
    found: dict[UUID, tuple[str | None, datetime | None]] = {}
    for row in session.exec(query.order_by(col(StatementRow.folded))):
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
        col(StatementRow.capture_id).in_(captures), unindexed(StatementRow.about) == Property.COLUMNS.value
    )
    ordered = session.exec(query.order_by(col(StatementRow.folded)))
    return {row.capture_id: row.value for row in ordered if row.capture_id}
