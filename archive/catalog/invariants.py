"""What must hold between the rows, whatever the database: asked in SQL, a question an invariant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, String, cast, func, literal, or_
from sqlalchemy import select as sql_select
from sqlmodel import col

from archive.catalog.fixity_tables import FixityOpenRow, FixityShelfRow
from archive.catalog.tables import (
    AccessionRow,
    CaptureRow,
    ItemRow,
    ObjectRow,
    TextRow,
    VersionRow,
)
from archive.model import ReadingState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Select
    from sqlmodel import Session

    _Question = tuple[str, Select[*tuple[Any, ...]]]

SHOWN = 20
"""How many rows that break an invariant are named; the database is asked for no more."""


def broken(session: Session) -> Iterator[str]:
    """Each row that breaks an invariant, in words; no more than `SHOWN` an invariant."""
    for words, question in _questions():
        for row in session.execute(question.limit(SHOWN)):
            yield words.format(*row)
    yield from _uncounted(session)


def _questions() -> Iterator[_Question]:
    yield from _of_numbers()
    yield from _of_versions()
    yield from _of_names()


def _of_numbers() -> Iterator[_Question]:
    """Versions and items are numbered without a gap, and items labelled by their numbers."""
    version, item = VersionRow, ItemRow
    numbers = (
        sql_select(col(item.label), func.count(), func.max(col(version.number)))
        .join(version, col(version.item_id) == col(item.id), isouter=True)
        .group_by(col(item.label))
        .having(or_(func.count(col(version.number)) != func.coalesce(func.max(col(version.number)), -1)))
    )
    yield "item {0} has {1} versions, numbered up to {2}", numbers
    items = (
        sql_select(col(AccessionRow.label), func.count(), func.max(col(item.number)))
        .join(item, col(item.accession_id) == col(AccessionRow.id))
        .group_by(col(AccessionRow.label))
        .having(func.count() != func.max(col(item.number)))
    )
    yield "accession {0} has {1} items, numbered up to {2}", items
    expected = col(AccessionRow.label) + literal(".") + cast(col(item.number), String)
    labels = sql_select(col(item.label), expected).join(
        AccessionRow, col(AccessionRow.id) == col(item.accession_id)
    )
    yield "item {0} should be labelled {1}", labels.where(col(item.label) != expected)


def _of_versions() -> Iterator[_Question]:
    """A version was captured from the object that it names, and has a text where it was read."""
    version, item, capture = VersionRow, ItemRow, CaptureRow
    label = sql_select(col(item.label), col(version.number)).join(
        version, col(version.item_id) == col(item.id)
    )
    captured = sql_select(literal(1)).where(col(capture.version_id) == col(version.id)).exists()
    yield "version {0}@{1} has no capture", label.where(~captured)
    of_it = (
        sql_select(literal(1))
        .where(
            col(capture.version_id) == col(version.id),
            col(capture.object_digest) == col(version.object_digest),
        )
        .exists()
    )
    yield "version {0}@{1} was captured, but not from the object it names", label.where(captured, ~of_it)
    has_text = col(version.text_digest).is_not(None)
    is_read = col(version.state) == ReadingState.READ
    yield (
        "version {0}@{1} has a text and was not read, or was read and has none",
        label.where(or_(has_text & ~is_read, is_read & ~has_text)),
    )


def _of_names() -> Iterator[_Question]:
    """What is named by a digest is recorded, and what is recorded is named."""
    version, capture = VersionRow, CaptureRow
    container = sql_select(cast(col(capture.id), String), col(capture.container_digest)).where(
        col(capture.container_digest).is_not(None),
        ~sql_select(literal(1)).where(col(ObjectRow.digest) == col(capture.container_digest)).exists(),
    )
    yield "capture {0} names container {1}, which is not recorded", container
    unnamed = sql_select(col(ObjectRow.digest)).where(
        ~sql_select(literal(1)).where(col(capture.object_digest) == col(ObjectRow.digest)).exists(),
        ~sql_select(literal(1)).where(col(capture.container_digest) == col(ObjectRow.digest)).exists(),
    )
    yield "object {0} is recorded, and no capture names it", unnamed
    unused = sql_select(col(TextRow.digest)).where(
        ~sql_select(literal(1)).where(col(version.text_digest) == col(TextRow.digest)).exists()
    )
    yield "text {0} is recorded, and no version has it", unused


def _uncounted(session: Session) -> Iterator[str]:
    """Every object is among those to be checked first, or on a shelf of those found intact, and in one place only."""
    shelved = func.coalesce(func.sum(FixityShelfRow.objects), 0)
    lengths = func.coalesce(func.sum(func.length(FixityShelfRow.digests)), 0)
    on_shelves, size = session.execute(sql_select(cast(shelved, Integer), lengths)).one()
    unproven = session.execute(sql_select(func.count()).select_from(FixityOpenRow)).scalar_one()
    objects = session.execute(sql_select(func.count()).select_from(ObjectRow)).scalar_one()
    if on_shelves + unproven != objects or int(size) != 32 * on_shelves:
        yield (
            f"{objects} objects are recorded, {on_shelves + unproven} are accounted for by checks: "
            "the next check reads them all (`claimtrail verify --anew`)"
        )
