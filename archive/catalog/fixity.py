"""Runs of the integrity check: opened before anything is read, ended or seen to be cut off, counted from rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, literal
from sqlalchemy import select as sql_select
from sqlmodel import col, select

from archive.catalog.fixity_results import results_said, verdict_counts
from archive.catalog.fixity_tables import FixityOpenRow, FixityPlanRow, FixityShelfRow
from archive.catalog.tables import AgentRow, FixityEndRow, FixityRunRow, ObjectRow
from archive.record import EventType, Outcome

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime
    from uuid import UUID

    from sqlmodel import Session

    from archive.catalog.writing import Writer
    from archive.ledger.canonical import Json


REPAIR = "repair"
"""The scope of a run in which repairs are entered; it is no check of anything else."""


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


def beside(session: Session, plan: Plan) -> tuple[int, int]:
    """Objects that count for a run but were read by others: by one cut off before, by those beside it."""
    number = col(FixityShelfRow.run_number)
    query = select(
        func.coalesce(func.sum(FixityShelfRow.objects).filter(number < plan.failures_from), 0),
        func.coalesce(func.sum(FixityShelfRow.objects).filter(number >= plan.failures_from), 0),
    ).where(number >= plan.counts_from, number != plan.number)
    before, elsewhere = session.exec(query).one()
    return int(before), int(elsewhere)


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
