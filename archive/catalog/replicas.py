"""Copies of objects in other stores: which replicas there are, what each is to hold, what is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import String, and_, delete, func, insert, type_coerce
from sqlmodel import col, select

from archive.catalog.chunks import chunked
from archive.catalog.copy_tables import (
    CopyStateRow,
    ReplicaCheckRow,
    ReplicaCopyRow,
    ReplicaEndRow,
    ReplicaRow,
)
from archive.catalog.tables import AgentRow, ObjectRow
from archive.digest import Digest
from archive.record import EventType, HeldObject, Outcome
from archive.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from uuid import UUID

    from archive.catalog.reading import Reader
    from archive.catalog.writing import Writer
    from archive.ledger.canonical import Json
    from archive.verdict import FixityResult, IntegrityFinding

ROWS_A_PAGE = 1000

COPIED = "as it was copied"
"""What is found of a copy when it has been made and verified, and not looked at since."""


@dataclass(frozen=True, slots=True)
class Replica:
    """Another store that is to hold a copy of every object."""

    id: UUID
    address: str
    by: str
    since: datetime


@dataclass(frozen=True, slots=True)
class CopyCounts:
    """What is known of a replica: copies by their last verdict, objects not yet copied, the oldest check."""

    verdicts: dict[Verdict, int]
    uncopied: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class CopyState:
    """What is known of one copy."""

    replica: UUID
    digest: Digest
    verdict: Verdict
    found: str
    at: datetime


def replicas(reader: Reader) -> list[Replica]:
    """The replicas in use, in the order in which they were added."""
    ended = select(ReplicaEndRow.replica_id)
    query = select(ReplicaRow, AgentRow.name).join(AgentRow, col(AgentRow.id) == ReplicaRow.agent_id)
    query = query.where(col(ReplicaRow.id).not_in(ended)).order_by(
        col(ReplicaRow.recorded), col(ReplicaRow.id)
    )
    return [Replica(row.id, row.address, by, row.recorded) for row, by in reader.session.exec(query)]


def copy_counts(reader: Reader, replica: Replica) -> CopyCounts:
    """What is known of a replica, counted by the database."""
    query = select(col(CopyStateRow.verdict), func.count(), func.min(CopyStateRow.at))
    query = query.where(CopyStateRow.replica_id == replica.id).group_by(col(CopyStateRow.verdict))
    rows = reader.session.exec(query).all()
    objects = reader.session.exec(select(func.count()).select_from(ObjectRow)).one()
    verdicts = {verdict: count for verdict, count, _ in rows}
    return CopyCounts(verdicts, objects - sum(verdicts.values()), min((at for *_, at in rows), default=None))


def uncopied(reader: Reader, replica: Replica) -> Iterator[HeldObject]:
    """The objects of which the replica is not recorded to have a copy, in the order of the digests."""
    after = ""
    joined = and_(
        col(ReplicaCopyRow.object_digest) == ObjectRow.digest, col(ReplicaCopyRow.replica_id) == replica.id
    )
    query = select(ObjectRow).outerjoin(ReplicaCopyRow, joined).where(col(ReplicaCopyRow.position).is_(None))
    query = query.order_by(col(ObjectRow.digest)).limit(ROWS_A_PAGE)
    while page := reader.session.exec(query.where(type_coerce(ObjectRow.digest, String) > after)).all():
        yield from (HeldObject(row.digest, row.size) for row in page)
        after = str(page[-1].digest)


def copies(reader: Reader, replica: Replica) -> Iterator[CopyState]:
    """Every copy: those that last failed, then those checked longest ago. Rows are fetched as they are asked for."""
    intact = col(CopyStateRow.verdict) == Verdict.INTACT
    for which in (~intact, intact):
        query = select(CopyStateRow).where(CopyStateRow.replica_id == replica.id, which)
        query = query.order_by(col(CopyStateRow.at), col(CopyStateRow.object_digest))
        for row in reader.session.exec(query.execution_options(yield_per=ROWS_A_PAGE)):
            yield CopyState(row.replica_id, row.object_digest, row.verdict, row.found, row.at)


def failed_copies(reader: Reader, digests: Sequence[Digest] | None = None) -> list[CopyState]:
    """The copies in any replica in use that were last found not intact; only those of these objects where given."""
    used = [replica.id for replica in replicas(reader)]
    query = select(CopyStateRow).where(
        col(CopyStateRow.replica_id).in_(used), col(CopyStateRow.verdict) != Verdict.INTACT
    )
    narrowed = [query]
    if digests is not None:
        narrowed = [query.where(col(CopyStateRow.object_digest).in_(some)) for some in chunked(digests)]
    rows = [row for each in narrowed for row in reader.session.exec(each)]
    return [CopyState(r.replica_id, r.object_digest, r.verdict, r.found, r.at) for r in rows]


def given(reader: Reader, replica: Replica, digests: Sequence[Digest]) -> set[Digest]:
    """Which of these objects the replica holds a copy of, good or bad, as far as is known."""
    found: set[Digest] = set()
    for some in chunked(digests):
        query = select(col(CopyStateRow.object_digest)).where(
            CopyStateRow.replica_id == replica.id, col(CopyStateRow.object_digest).in_(some)
        )
        found |= set(reader.session.exec(query))
    return found


def add_replica(writer: Writer, address: str, by: str) -> UUID:
    """Enter a replica."""
    replica_id = writer.clock.new_id()
    detail: dict[str, Json] = {"replica": str(replica_id), "act": "added"}
    position = writer.append(EventType.METADATA_MODIFICATION, address, Outcome.SUCCESS, by, detail)
    row = {
        "id": replica_id,
        "address": address,
        "agent_id": writer.agent(by),
        "recorded": writer.clock.now(),
        "position": position,
    }
    writer.enter(ReplicaRow, [row], position)
    return replica_id


def end_replica(writer: Writer, replica: Replica, by: str) -> None:
    """Enter that a replica is no longer one."""
    detail: dict[str, Json] = {"replica": str(replica.id), "act": "removed"}
    position = writer.append(EventType.METADATA_MODIFICATION, replica.address, Outcome.SUCCESS, by, detail)
    row = {
        "replica_id": replica.id,
        "agent_id": writer.agent(by),
        "recorded": writer.clock.now(),
        "position": position,
    }
    writer.enter(ReplicaEndRow, [row], position)


def record_copies(writer: Writer, replica: Replica, made: Sequence[HeldObject], by: str) -> None:
    """Enter copies that were verified as they were made, and one event for them with a digest over their digests."""
    fresh = _not_recorded(writer, replica, made)
    if not fresh:
        return
    listed = "\n".join(sorted(str(each.digest) for each in fresh))
    detail: dict[str, Json] = {
        "replica": str(replica.id),
        "objects": len(fresh),
        "size": sum(each.size for each in fresh),
        "digests": str(Digest.of_text(listed)),
    }
    position = writer.append(EventType.REPLICATION, replica.address, Outcome.SUCCESS, by, detail)
    now = writer.clock.now()
    rows = [
        {"object_digest": e.digest, "replica_id": replica.id, "recorded": now, "position": position}
        for e in fresh
    ]
    writer.enter(ReplicaCopyRow, rows, position)
    states = [CopyState(replica.id, e.digest, Verdict.INTACT, COPIED, now) for e in fresh]
    _set_states(writer, replica.id, states)


def set_bad_copies(writer: Writer, replica: Replica, bad: Sequence[tuple[Digest, IntegrityFinding]]) -> None:
    """Note what stands in the way of copies, so that a repair finds it."""
    now = writer.clock.now()
    _set_states(writer, replica.id, [CopyState(replica.id, d, f.code, f.found, now) for d, f in bad])


def _not_recorded(writer: Writer, replica: Replica, made: Sequence[HeldObject]) -> list[HeldObject]:
    """Those that another sync has not entered meanwhile."""
    known: set[Digest] = set()
    for some in chunked([each.digest for each in made]):
        query = select(col(ReplicaCopyRow.object_digest)).where(
            col(ReplicaCopyRow.object_digest).in_(some), ReplicaCopyRow.replica_id == replica.id
        )
        known |= set(writer.session.exec(query))
    return [each for each in made if each.digest not in known]


def record_copy_checks(
    writer: Writer, replica: Replica, run: UUID, results: Sequence[FixityResult], by: str
) -> None:
    """Enter outcomes for copies in a run: a row a copy, an event for all, and one for each that is not intact."""
    bad = [result for result in results if result.verdict is not Verdict.INTACT]
    where: dict[str, Json] = {"run": str(run), "replica": replica.address}
    outcome = Outcome.FAILURE if bad else Outcome.SUCCESS
    counts: dict[str, Json] = {"copies": len(results), "not_intact": len(bad)}
    position = writer.append(EventType.FIXITY_CHECK, replica.address, outcome, by, where | counts)
    rows = [
        {
            "object_digest": r.digest,
            "replica_id": replica.id,
            "run_id": run,
            "verdict": r.verdict,
            "found": r.found,
            "at": r.at,
            "position": position,
        }
        for r in results
    ]
    writer.enter(ReplicaCheckRow, rows, position)
    _set_states(
        writer, replica.id, [CopyState(replica.id, r.digest, r.verdict, r.found, r.at) for r in results]
    )
    for result in bad:
        said: dict[str, Json] = {"code": result.verdict.value, "found": result.found}
        writer.append(EventType.FIXITY_CHECK, str(result.digest), Outcome.FAILURE, by, said | where)


def _set_states(writer: Writer, replica: UUID, states: Sequence[CopyState]) -> None:
    for some in chunked([state.digest for state in states]):
        old = delete(CopyStateRow).where(
            col(CopyStateRow.replica_id) == replica, col(CopyStateRow.object_digest).in_(some)
        )
        writer.session.execute(old)
    rows = [
        {
            "replica_id": s.replica,
            "object_digest": s.digest,
            "verdict": s.verdict,
            "found": s.found,
            "at": s.at,
        }
        for s in states
    ]
    writer.session.execute(insert(CopyStateRow), rows)
