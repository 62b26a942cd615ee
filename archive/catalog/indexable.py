"""Versions as far as an index of them can be compared with the record: a stretch of the ledger at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlmodel import col, select

from archive.catalog.tables import ItemRow, VersionRow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from archive.catalog.reading import Reader
    from archive.digest import Digest


@dataclass(frozen=True, slots=True)
class Indexable:
    """A version by what identifies it and its text."""

    id: UUID
    item_id: UUID
    label: str
    number: int
    position: int
    text: Digest | None


def indexable(reader: Reader, first: int, beyond: int) -> Iterator[Indexable]:
    """The versions recorded at positions of the ledger from `first` to before `beyond`, in that order."""
    query = (
        select(
            VersionRow.id,
            VersionRow.item_id,
            ItemRow.label,
            VersionRow.number,
            VersionRow.position,
            VersionRow.text_digest,
        )
        .join(ItemRow, col(ItemRow.id) == VersionRow.item_id)
        .where(VersionRow.position >= first, VersionRow.position < beyond)
        .order_by(col(VersionRow.position))
    )
    for version, item, label, number, position, text in reader.session.execute(query):
        yield Indexable(version, item, f"{label}@{number}", number, position, text)
