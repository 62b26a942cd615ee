"""Jobs at work and the ranges of digests each has to itself.

Whether a job is alive is never read off a clock: its `beat` grows, and whoever watches it measures with a
clock of their own that is never set. That a job's process is gone is known at once on its own machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, update
from sqlmodel import col, select

from archive.catalog.fixity_tables import JobRow, LeaseRow
from archive.catalog.wording import recordable
from archive.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime
    from uuid import UUID

    from sqlmodel import Session

    from archive.catalog.writing import Writer

PARTS = 16
"""The ranges of digests: one for each first hexadecimal digit."""


class LeaseLost(ArchiveError):
    """Another job took this one for dead and has its work; nothing more of it is recorded here."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who runs a job: in words, and so that a process of the same machine can tell whether it still runs."""

    words: str
    machine: str
    process: int
    process_started: int


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it was last seen; `parts` are the ranges it holds, `wants` those it waits for."""

    id: UUID
    work: str
    holder: Holder
    beat: int
    begun: datetime
    seen: datetime
    wants: frozenset[int]
    parts: frozenset[int] = frozenset()


def bounds(part: int) -> tuple[str, str]:
    """The digests of a range: from the first up to but not including the second."""
    return f"sha256:{part:x}", f"sha256:{part + 1:x}" if part + 1 < PARTS else "sha256:g"


def announce(writer: Writer, job_id: UUID, work: str, holder: Holder) -> None:
    """Enter a job that holds nothing yet."""
    now = writer.clock.now()
    row = {
        "id": job_id,
        "work": work,
        "holder": recordable(holder.words),
        "machine": holder.machine,
        "process": holder.process,
        "process_started": holder.process_started,
        "beat": 0,
        "begun": now,
        "seen": now,
        "wants": "",
    }
    writer.session.execute(insert(JobRow), [row])


def beat(writer: Writer, job_id: UUID, wants: Iterable[int] | None = None) -> None:
    """Show that a job is alive, and what it waits for where that changed; raises `LeaseLost`."""
    changed = update(JobRow).where(col(JobRow.id) == job_id)
    values: dict[str, object] = {"beat": col(JobRow.beat) + 1, "seen": writer.clock.now()}
    if wants is not None:
        values["wants"] = _written(wants)
    writer.session.execute(changed.values(**values))
    must_be_held(writer, job_id)


def must_be_held(writer: Writer, job_id: UUID) -> None:
    """Raise `LeaseLost` unless the job still stands: to be asked in the transaction that records its work."""
    if writer.session.exec(select(JobRow.id).where(JobRow.id == job_id)).first() is None:
        raise LeaseLost("another job took this one for dead and goes on with its work; this one ends here")


def jobs(session: Session, work: str) -> list[Job]:
    """Every job entered for a kind of work, the first one first, alive or not."""
    parts: dict[UUID, set[int]] = {}
    for first, job_id in session.exec(select(LeaseRow.first, LeaseRow.job_id).where(LeaseRow.work == work)):
        parts.setdefault(job_id, set()).add(int(first.removeprefix("sha256:"), 16))
    rows = session.exec(select(JobRow).where(JobRow.work == work).order_by(col(JobRow.id)))
    return [_job(row, frozenset(parts.get(row.id, ()))) for row in rows]


def take(writer: Writer, job_id: UUID, work: str, parts: Collection[int]) -> None:
    """Give ranges that nobody holds to a job."""
    rows = [
        {"work": work, "first": bounds(part)[0], "beyond": bounds(part)[1], "job_id": job_id}
        for part in sorted(parts)
    ]
    if rows:
        writer.session.execute(insert(LeaseRow), rows)


def give_back(writer: Writer, job_id: UUID, parts: Collection[int]) -> None:
    """Let others have ranges of a job."""
    firsts = [bounds(part)[0] for part in parts]
    mine = delete(LeaseRow).where(col(LeaseRow.job_id) == job_id, col(LeaseRow.first).in_(firsts))
    writer.session.execute(mine)


def bury(writer: Writer, job_id: UUID) -> None:
    """Remove a job that has ended or is dead, with all that it held."""
    writer.session.execute(delete(LeaseRow).where(col(LeaseRow.job_id) == job_id))
    writer.session.execute(delete(JobRow).where(col(JobRow.id) == job_id))


def _job(row: JobRow, parts: frozenset[int]) -> Job:
    holder = Holder(row.holder, row.machine, row.process, row.process_started)
    return Job(row.id, row.work, holder, row.beat, row.begun, row.seen, _read(row.wants), parts)


def _written(parts: Iterable[int]) -> str:
    return "".join(sorted(f"{part:x}" for part in set(parts)))


def _read(wants: str) -> frozenset[int]:
    return frozenset(int(digit, 16) for digit in wants)
