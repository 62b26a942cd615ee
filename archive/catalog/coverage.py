"""How far back checks of the objects reach, over all runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func
from sqlmodel import Session, col, select

from archive.catalog.chunks import chunked
from archive.catalog.fixity_tables import (
    DIGEST_SIZE,
    FixityBatchRow,
    FixityOpenRow,
    FixityPlanRow,
    FixityShelfRow,
)
from archive.catalog.tables import FixityCheckRow
from archive.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from archive.digest import Digest


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far checks reach: objects found intact since a time, before it, never checked, and not intact.

    `oldest` is the time of the oldest last check; a check that is dated in the future counts as `stale`.
    """

    fresh: int
    stale: int
    never: int
    failed: int
    oldest: datetime | None

    @property
    def objects(self) -> int:
        """All objects."""
        return self.fresh + self.stale + self.never + self.failed


def coverage(session: Session, since: datetime, now: datetime) -> Coverage:
    """How many objects were found intact since a time, counted from the rows."""
    at = col(FixityShelfRow.at)
    shelves = select(
        func.coalesce(func.sum(FixityShelfRow.objects), 0),
        func.coalesce(func.sum(FixityShelfRow.objects).filter(at >= since, at <= now), 0),
        func.min(FixityShelfRow.at),
    )
    all_intact, fresh, oldest = session.exec(shelves).one()
    tiers = select(FixityOpenRow.tier, func.count()).group_by(col(FixityOpenRow.tier))
    by_tier = {tier: count for tier, count in session.exec(tiers)}  # noqa: C416 - rows are no pairs
    stale = int(all_intact) - int(fresh)
    return Coverage(int(fresh), stale, by_tier.get(0, 0), by_tier.get(1, 0), oldest)


def last_intact(session: Session, digests: Collection[Digest]) -> dict[Digest, datetime]:
    """When objects were last found intact, as far as they ever were: one pass over the batches of all runs."""
    sought = {digest.value: digest for digest in digests}
    found: dict[Digest, datetime] = {}
    for at, values in _batches_back(session):
        if not sought:
            return found
        for value in sought.keys() & {
            values[i : i + DIGEST_SIZE] for i in range(0, len(values), DIGEST_SIZE)
        }:
            found[sought.pop(value)] = at
    for some in chunked(list(sought.values())):
        rows = (
            select(col(FixityCheckRow.object_digest), func.max(FixityCheckRow.at))
            .where(col(FixityCheckRow.object_digest).in_(some), FixityCheckRow.verdict == Verdict.INTACT)
            .group_by(col(FixityCheckRow.object_digest))
        )
        found |= dict(session.exec(rows).all())
    return found


def _batches_back(session: Session) -> Iterator[tuple[datetime, bytes]]:
    """Every batch, the newest run first, one in memory at a time."""
    keys = (
        select(FixityBatchRow.run_id, FixityBatchRow.number, FixityBatchRow.at)
        .join(FixityPlanRow, col(FixityPlanRow.run_id) == FixityBatchRow.run_id)
        .order_by(col(FixityPlanRow.number).desc(), col(FixityBatchRow.number).desc())
    )
    for run_id, number, at in session.exec(keys).all():
        one = select(FixityBatchRow.digests).where(
            FixityBatchRow.run_id == run_id, FixityBatchRow.number == number
        )
        yield at, session.exec(one).one()
