"""The items that arrivals may belong to, fetched from the catalogue as a shelf needs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from archive.catalog.chunks import chunked
from archive.catalog.columns import unindexed
from archive.catalog.rows import ADDRESSES
from archive.catalog.shelf import ShelvedItem, ShelvedVersion, addresses_of
from archive.catalog.tables import CaptureRow, ItemRow, StatementRow, VersionRow
from archive.label import Label
from archive.model import Property

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from archive.record import Arrival

KNOWN_BY = [about.value for about in (*ADDRESSES, Property.OUTLET)]
"""What is said of an item by which it is known again."""


def shelved(session: Session, arrivals: Sequence[Arrival]) -> list[ShelvedItem]:
    """Every item that one of these arrivals may belong to."""
    wanted: set[UUID] = set()
    for labels in chunked(list({str(a.item) for a in arrivals if a.item})):
        wanted |= set(session.exec(select(ItemRow.id).where(col(ItemRow.label).in_(labels))))
    for digests in chunked(list({a.object.digest for a in arrivals})):
        same_bytes = (
            select(VersionRow.item_id)
            .join(CaptureRow, col(CaptureRow.version_id) == VersionRow.id)
            .where(col(CaptureRow.object_digest).in_(digests))
        )
        wanted |= set(session.exec(same_bytes))
    for addresses in chunked(list({address for a in arrivals for address in addresses_of(a)})):
        same_address = (
            select(VersionRow.item_id)
            .join(StatementRow, col(StatementRow.version_id) == VersionRow.id)
            .where(col(StatementRow.about).in_(ADDRESSES), col(StatementRow.folded).in_(addresses))
        )
        wanted |= set(session.exec(same_address))
    revisits = {a.within.revisit_of for a in arrivals if a.within and a.within.revisit_of}
    for payloads in chunked(list(revisits)):
        revisited = (
            select(VersionRow.item_id)
            .join(CaptureRow, col(CaptureRow.version_id) == VersionRow.id)
            .where(col(CaptureRow.payload_digest).in_(payloads))
        )
        wanted |= set(session.exec(revisited))
    return [item for ids in chunked(sorted(wanted)) for item in _items(session, ids)]


def _items(session: Session, ids: Sequence[UUID]) -> list[ShelvedItem]:
    items = {
        row.id: ShelvedItem(row.id, Label.parse(row.label))
        for row in session.exec(select(ItemRow).where(col(ItemRow.id).in_(ids)))
    }
    versions: dict[UUID, ShelvedVersion] = {}
    shelved = (
        select(VersionRow, col(CaptureRow.object_digest), col(CaptureRow.payload_digest))
        .join(CaptureRow, col(CaptureRow.version_id) == VersionRow.id)
        .where(col(VersionRow.item_id).in_(ids))
    )
    for row, digest, payload in session.exec(shelved):
        if row.id not in versions:
            versions[row.id] = ShelvedVersion(row.id, row.number, set(), row.text_digest)
            items[row.item_id].versions.append(versions[row.id])
        versions[row.id].objects.add(digest)
        if payload:
            versions[row.id].payloads.add(payload)
    known_by = (
        select(VersionRow.item_id, StatementRow.about, StatementRow.folded)
        .join(VersionRow, col(VersionRow.id) == StatementRow.version_id)
        .where(col(VersionRow.item_id).in_(ids), unindexed(StatementRow.about).in_(KNOWN_BY))
    )
    for item_id, about, folded in session.exec(known_by):
        names = items[item_id].addresses if about in ADDRESSES else items[item_id].outlets
        names.add(folded)
    return list(items.values())
