"""What is to be checked next: the never checked, then the failed, then the oldest."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import String, and_, false, func, or_, type_coerce
from sqlmodel import col, select

from archive.catalog.fixity_tables import FixityOpenRow, FixityShelfRow, ObjectDigestRow
from archive.catalog.leases import bounds
from archive.catalog.tables import AccessionRow, CaptureRow, ObjectRow

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement
    from sqlmodel import Session

    from archive.catalog.fixity import Plan
    from archive.digest import Algorithm, Digest
    from archive.label import Label

NEVER, FAILED = 0, 1
"""The tiers of `fixity_open`."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which objects a run is about, where it is not about all: of an accession, recorded since, without a digest."""

    accession: Label | None = None
    since: datetime | None = None
    without: Algorithm | None = None

    def __bool__(self) -> bool:
        return any((self.accession, self.since, self.without))


@dataclass(frozen=True, slots=True)
class Due:
    """The times between which a check still counts: not before `since`, and not in the future."""

    since: datetime
    now: datetime


def open_objects(
    session: Session, tier: int, plan: Plan, parts: Collection[int], after: tuple[int, str], limit: int
) -> list[tuple[int, str]]:
    """The next objects never checked or not intact when last checked, by run and digest."""
    digest = type_coerce(FixityOpenRow.object_digest, String)
    number = col(FixityOpenRow.run_number)
    query = (
        select(FixityOpenRow.run_number, digest)
        .where(
            FixityOpenRow.tier == tier,
            number < plan.failures_from,
            or_(number > after[0], and_(number == after[0], digest > after[1])),
            _within(digest, parts),
        )
        .order_by(number, digest)
        .limit(limit)
    )
    return [(found, name) for found, name in session.execute(query)]


def shelves(
    session: Session, plan: Plan, parts: Collection[int], due: Due | None
) -> list[tuple[UUID, datetime]]:
    """The shelves whose objects were found intact longest ago, the oldest first, each with when that was."""
    query = select(FixityShelfRow.id, FixityShelfRow.at).where(*_standing(plan, parts, due))
    ordered = query.order_by(col(FixityShelfRow.run_number), col(FixityShelfRow.part), col(FixityShelfRow.id))
    return [(shelf_id, at) for shelf_id, at in session.exec(ordered)]


def shelf(session: Session, shelf_id: UUID) -> bytes:
    """The SHA-256 values on a shelf; empty where it is gone."""
    query = select(FixityShelfRow.digests).where(FixityShelfRow.id == shelf_id)
    return session.exec(query).first() or b""


def pending(session: Session, plan: Plan, parts: Collection[int], due: Due | None) -> dict[int, int]:
    """How many objects are still to be checked in each of these ranges, before any narrowing."""
    counts: dict[int, int] = defaultdict(int)
    on_shelves = select(FixityShelfRow.part, func.sum(FixityShelfRow.objects)).where(
        *_standing(plan, parts, due)
    )
    for part, objects in session.exec(on_shelves.group_by(col(FixityShelfRow.part))):
        counts[part] += int(objects)
    digit = func.substr(type_coerce(FixityOpenRow.object_digest, String), 8, 1)
    unproven = select(digit, func.count()).where(FixityOpenRow.run_number < plan.failures_from)
    for first, objects in session.execute(unproven.group_by(digit)):
        if int(first, 16) in parts:
            counts[int(first, 16)] += objects
    return dict(counts)


def _standing(plan: Plan, parts: Collection[int], due: Due | None) -> list[ColumnElement[bool]]:
    at = col(FixityShelfRow.at)
    conditions = [
        col(FixityShelfRow.run_number) < plan.counts_from,
        col(FixityShelfRow.part).in_(sorted(parts)),
    ]
    return [*conditions, or_(at < due.since, at > due.now)] if due else conditions


def _within(digest: ColumnElement[str], parts: Collection[int]) -> ColumnElement[bool]:
    ranges = [bounds(part) for part in sorted(parts)]
    return or_(false(), *(and_(digest >= first, digest < beyond) for first, beyond in ranges))


def narrowed(session: Session, digests: Sequence[Digest], to: Narrowed) -> set[Digest]:
    """Which of some objects, given in the order of their digests, a run is about."""
    own = col(ObjectRow.digest)
    query = select(own).where(own >= digests[0], own <= digests[-1])
    if to.since:
        query = query.where(ObjectRow.recorded >= to.since)
    if to.accession:
        held = select(AccessionRow.id).where(AccessionRow.label == str(to.accession)).scalar_subquery()
        of_it = [
            select(each).where(CaptureRow.accession_id == held, each >= digests[0], each <= digests[-1])
            for each in (col(CaptureRow.object_digest), col(CaptureRow.container_digest))
        ]
        query = query.where(or_(*(own.in_(some) for some in of_it)))
    if to.without:
        has = select(col(ObjectDigestRow.object_digest)).where(
            ObjectDigestRow.object_digest == own, ObjectDigestRow.algorithm == to.without
        )
        query = query.where(~has.exists())
    return set(session.exec(query)) & set(digests)
