"""Versions as far as an index of them can be compared with the record: a stretch of the ledger at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

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
    columns = (
        VersionRow.id,
        VersionRow.item_id,
        ItemRow.label,
        VersionRow.number,
        VersionRow.position,
        VersionRow.text_digest,
    )
    query = (
        select(*(col(each) for each in columns))
        .join(ItemRow, col(ItemRow.id) == VersionRow.item_id)
        .where(col(VersionRow.position) >= first, col(VersionRow.position) < beyond)
        .order_by(col(VersionRow.position))
    )
    for version, item, label, number, position, text in reader.session.execute(query):
        yield Indexable(version, item, f"{label}@{number}", number, position, text)
