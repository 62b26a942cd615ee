"""What is meant by a label, a digest or the beginning of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import String, type_coerce
from sqlmodel import col, select

from archive.catalog.tables import AccessionRow, CaptureRow, ItemRow, ObjectRow, TextRow, VersionRow
from archive.digest import digest_prefix
from archive.errors import UsageError
from archive.label import Label

if TYPE_CHECKING:
    from uuid import UUID

    from sqlmodel import Session
    from sqlmodel.sql.expression import SelectOfScalar

    from archive.digest import Digest

LARGEST_NUMBER = 2**31 - 1
"""The largest that a column of whole numbers can be asked for."""


class NotHeld(UsageError):
    """What was asked for is not in the archive."""


class Ambiguous(UsageError):
    """The beginning of a digest fits more than one thing held."""


def named(session: Session, reference: str) -> list[UUID]:
    """The versions that a label, a digest or the beginning of a digest names; an item's label names all of its own.

    Raises `NotHeld`, `Ambiguous`, or `BadLabel`.
    """
    prefix = digest_prefix(reference)
    return _with_digest(session, prefix) if prefix else _with_label(session, Label.parse(reference))


def _with_label(session: Session, label: Label) -> list[UUID]:
    if (label.version or 0) > LARGEST_NUMBER:
        raise NotHeld(f"{label} is not in this archive")
    query = select(VersionRow.id).join(ItemRow, col(ItemRow.id) == VersionRow.item_id)
    if label.item is None:
        query = query.join(AccessionRow, col(AccessionRow.id) == ItemRow.accession_id)
        query = query.where(AccessionRow.label == str(label))
    else:
        query = query.where(ItemRow.label == str(label.of_item))
    if label.version is not None:
        query = query.where(VersionRow.number == label.version)
    found = list(session.exec(query))
    if not found:
        raise NotHeld(f"{label} is not in this archive")
    return found


def _with_digest(session: Session, prefix: str) -> list[UUID]:
    start = f"sha256:{prefix}"
    digests = {
        *session.exec(starting(select(col(ObjectRow.digest)), col(ObjectRow.digest), start)),
        *session.exec(starting(select(col(TextRow.digest)), col(TextRow.digest), start)),
    }
    if len(digests) > 1:
        raise Ambiguous(
            f"{prefix} begins {len(digests)} digests or more; give more digits of the one you mean"
        )
    if not digests:
        raise NotHeld(f"nothing in this archive has a digest that begins with {prefix}")
    digest = digests.pop()
    captured = select(CaptureRow.version_id).where(CaptureRow.object_digest == digest)
    written = select(VersionRow.id).where(VersionRow.text_digest == digest)
    return list({*session.exec(captured), *session.exec(written)})


def starting(query: SelectOfScalar[Digest], column: object, start: str) -> SelectOfScalar[Digest]:
    """Narrow to digests with a prefix, as a range so that the index serves it; two are enough to be ambiguous."""
    text = type_coerce(column, String)
    return query.where(text >= start, text < start + "g").limit(2)
