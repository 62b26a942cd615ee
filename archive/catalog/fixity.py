"""Runs of the integrity check: opened before anything is read, ended or seen to be cut off, counted from rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, literal
from sqlalchemy import select as sql_select
from sqlmodel import col, select

from archive.catalog.bound import instant
from archive.catalog.chunks import chunked
from archive.catalog.fixity_tables import (
    FixityBatchRow,
    FixityOpenRow,
    FixityPlanRow,
    FixityShelfRow,
    ObjectDigestRow,
)
from archive.catalog.tables import (
    AgentRow,
    FixityCheckRow,
    FixityEndRow,
    FixityRunRow,
    ObjectRow,
)
from archive.ledger.canonical import canonical
from archive.ledger.merkle import Frontier, leaf_hash
from archive.record import EventType, Outcome
from archive.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlmodel import Session

    from archive.catalog.writing import Writer
    from archive.digest import Digest
    from archive.ledger.canonical import Json

DIGEST_SIZE = 32
"""Bytes of the SHA-256 values in batches and shelves."""

REPAIR = "repair"
"""The scope of a run in which repairs are entered; it is no check of anything else."""

BATCH_LEAF = b"claimtrail fixity batch/1\n"
"""How the leaf of a batch begins: a line with number, time, objects and bytes follows, then the SHA-256 values."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run sets out to do: see `archive.catalog.fixity_tables.FixityPlanRow`."""

    run_id: UUID
    number: int
    counts_from: int
    failures_from: int
    whole: bool
    continues: UUID | None = None


@dataclass(frozen=True, slots=True)
class CutOff:
    """A run that has no end and nobody at work on it."""

    run_id: UUID
    started: datetime
    objects: int


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


@dataclass(frozen=True, slots=True)
class LastRun:
    """The last run of the integrity check; `ended` is None where it was cut off or is still going on."""

    id: UUID
    started: datetime
    ended: datetime | None
    outcome: Outcome | None
    checked: int


def open_run(
    writer: Writer,
    run_id: UUID,
    by: str,
    scope: str,
    *,
    whole: bool,
    alive: Collection[UUID] = (),
    anew: bool = False,
) -> tuple[Plan, list[CutOff]]:
    """Enter a run; the plan it follows, and the runs found cut off, which are closed as such.

    `alive` are the runs that are at work. A whole run goes on where one before was cut off, unless `anew`.
    """
    session = writer.session
    cut = _close_cut_off(writer, by, {*alive, run_id})
    row = {"id": run_id, "started": writer.clock.now(), "agent_id": writer.agent(by), "scope": scope}
    session.execute(insert(FixityRunRow), [row])
    number = (session.exec(select(func.max(FixityPlanRow.number))).one() or 0) + 1
    beside = select(func.min(FixityPlanRow.number)).where(col(FixityPlanRow.run_id).in_(list(alive)))
    since = min(number, session.exec(beside).one() or number)
    if anew and not alive:
        forget(session)
    before = None if anew or not whole else _unfinished_pass(session, alive)
    plan = Plan(
        run_id,
        number,
        min(since, before.counts_from) if before else since,
        since,
        whole,
        before.run_id if before else None,
    )
    session.execute(insert(FixityPlanRow), [{name: getattr(plan, name) for name in Plan.__slots__}])
    return plan, cut


def forget(session: Session) -> None:
    """Forget which objects were checked when, so that every one of them is read again."""
    session.execute(delete(FixityShelfRow))
    session.execute(delete(FixityOpenRow))
    every = sql_select(col(ObjectRow.digest), literal(0), literal(0))
    session.execute(insert(FixityOpenRow).from_select(["object_digest", "tier", "run_number"], every))


def _unfinished_pass(session: Session, alive: Collection[UUID]) -> FixityPlanRow | None:
    """The last whole run, where it was cut off or interrupted and is not at work."""
    query = (
        select(FixityPlanRow, FixityEndRow.outcome)
        .outerjoin(FixityEndRow, col(FixityEndRow.run_id) == FixityPlanRow.run_id)
        .where(col(FixityPlanRow.whole).is_(True), col(FixityPlanRow.run_id).not_in(list(alive)))
        .order_by(col(FixityPlanRow.number).desc())
        .limit(1)
    )
    found = session.exec(query).first()
    return found[0] if found and found[1] in (None, Outcome.WARNING) else None


def cut_off(session: Session, alive: Collection[UUID]) -> list[CutOff]:
    """The runs without an end that are not at work, oldest first."""
    query = (
        select(FixityRunRow.id, FixityRunRow.started)
        .outerjoin(FixityEndRow, col(FixityEndRow.run_id) == FixityRunRow.id)
        .where(col(FixityEndRow.run_id).is_(None), col(FixityRunRow.id).not_in(list(alive)))
        .order_by(col(FixityRunRow.started), col(FixityRunRow.id))
    )
    return [
        CutOff(run, started, sum(verdict_counts(session, run).values()))
        for run, started in session.exec(query)
    ]


def _close_cut_off(writer: Writer, by: str, alive: Collection[UUID]) -> list[CutOff]:
    """Enter the end of runs that were cut off, so that what they recorded is under a leaf of the ledger too."""
    found = cut_off(writer.session, alive)
    for run in found:
        close_run(writer, run.run_id, by, Outcome.WARNING, {"cut_off": True})
    return found


def close_run(
    writer: Writer, run_id: UUID, by: str, outcome: Outcome, said: Mapping[str, Json]
) -> dict[str, int]:
    """Enter the end of a run: one leaf with its counts and the Merkle root over its results. The counts."""
    counts = verdict_counts(writer.session, run_id)
    detail: dict[str, Json] = {
        "counts": counts,
        "results": results_said(writer.session, run_id),
        **said,
    }
    position = writer.append(EventType.FIXITY_CHECK, str(run_id), outcome, by, detail)
    writer.close_fixity_run(run_id, outcome, position)
    return counts


def verdict_counts(session: Session, run_id: UUID) -> dict[str, int]:
    """The outcomes of a run, counted from its rows."""
    query = (
        select(col(FixityCheckRow.verdict), func.count())
        .where(FixityCheckRow.run_id == run_id)
        .group_by(col(FixityCheckRow.verdict))
    )
    counts = {verdict.value: count for verdict, count in session.exec(query)}
    batches = select(func.sum(FixityBatchRow.objects)).where(FixityBatchRow.run_id == run_id)
    if intact := session.exec(batches).one():
        counts[Verdict.INTACT.value] = counts.get(Verdict.INTACT.value, 0) + int(intact)
    return counts


def beside(session: Session, plan: Plan) -> tuple[int, int]:
    """Objects that count for a run but were read by others: by one cut off before, by those beside it."""
    number = col(FixityShelfRow.run_number)
    query = select(
        func.coalesce(func.sum(FixityShelfRow.objects).filter(number < plan.failures_from), 0),
        func.coalesce(func.sum(FixityShelfRow.objects).filter(number >= plan.failures_from), 0),
    ).where(number >= plan.counts_from, number != plan.number)
    before, elsewhere = session.exec(query).one()
    return int(before), int(elsewhere)


def size_read(session: Session, run_id: UUID) -> int:
    """The bytes of the objects that a run found intact."""
    query = select(func.coalesce(func.sum(FixityBatchRow.size), 0)).where(FixityBatchRow.run_id == run_id)
    return int(session.exec(query).one())


def results_said(session: Session, run_id: UUID) -> Json:
    """What a run's leaf says of its results: the number of leaves of the tree over them, and its root."""
    results = results_frontier(session, run_id)
    return {"leaves": results.size, "root": results.root().hex()}


def results_frontier(session: Session, run_id: UUID) -> Frontier:
    """The Merkle tree over a run's results: a leaf for each batch in order, then one for each other outcome."""
    frontier = Frontier()
    for leaf in result_leaves(session, run_id):
        frontier = frontier.append(leaf_hash(leaf))
    return frontier


def result_leaves(session: Session, run_id: UUID) -> Iterator[bytes]:
    """The leaves of `results_frontier`, one batch in memory at a time; the others by their digests."""
    number = -1
    while True:
        query = select(FixityBatchRow).where(FixityBatchRow.run_id == run_id, FixityBatchRow.number > number)
        row = session.exec(query.order_by(col(FixityBatchRow.number)).limit(1)).first()
        if row is None:
            break
        number = row.number
        yield BATCH_LEAF + f"{number} {instant(row.at)} {row.objects} {row.size}\n".encode() + row.digests
        session.expunge(row)
    others = select(FixityCheckRow).where(FixityCheckRow.run_id == run_id)
    for other in session.exec(others.order_by(col(FixityCheckRow.object_digest))):
        yield canonical(
            {
                "object": str(other.object_digest),
                "verdict": other.verdict,
                "found": other.found,
                "at": instant(other.at),
            }
        )


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


def any_further(session: Session) -> bool:
    """Whether any object has a further digest."""
    return session.exec(select(col(ObjectDigestRow.object_digest)).limit(1)).first() is not None


def further_digests(session: Session, digests: Sequence[Digest]) -> dict[Digest, tuple[Digest, ...]]:
    """The further digests recorded for objects that stand together in the order of their digests."""
    if not digests:
        return {}
    query = select(col(ObjectDigestRow.object_digest), col(ObjectDigestRow.digest)).where(
        col(ObjectDigestRow.object_digest) >= min(digests), col(ObjectDigestRow.object_digest) <= max(digests)
    )
    found: dict[Digest, tuple[Digest, ...]] = {}
    for held, further in session.exec(query.order_by(col(ObjectDigestRow.algorithm))):
        found[held] = (*found.get(held, ()), further)
    return found


def run_started(session: Session, run_id: UUID) -> tuple[datetime, str] | None:
    """When a run began and who ran it."""
    query = select(FixityRunRow.started, AgentRow.name).join(
        AgentRow, col(AgentRow.id) == FixityRunRow.agent_id
    )
    return session.exec(query.where(FixityRunRow.id == run_id)).first()


def last_run(session: Session) -> LastRun | None:
    """The last run of the integrity check, if there was one; a repair is none."""
    checks = (
        select(FixityRunRow)
        .outerjoin(FixityPlanRow, col(FixityPlanRow.run_id) == FixityRunRow.id)
        .where(FixityRunRow.scope != REPAIR)
        .order_by(func.coalesce(FixityPlanRow.number, 0).desc(), col(FixityRunRow.started).desc())
    )
    run = session.exec(checks.limit(1)).first()
    if run is None:
        return None
    end = session.exec(select(FixityEndRow).where(FixityEndRow.run_id == run.id)).first()
    return LastRun(
        run.id,
        run.started,
        end.ended if end else None,
        end.outcome if end else None,
        sum(verdict_counts(session, run.id).values()),
    )
