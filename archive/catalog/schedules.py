"""The schedule that was promised: entered when it is installed or removed, asked for to see whether it is kept.

Either is an event, so that a promise cannot be changed or taken back unseen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlmodel import col, select

from archive.catalog.copy_tables import ScheduleRow
from archive.catalog.tables import AgentRow
from archive.catalog.wording import recordable
from archive.record import EventType, Outcome

if TYPE_CHECKING:
    from datetime import datetime

    from archive.catalog.reading import Reader
    from archive.catalog.writing import Writer
    from archive.ledger.canonical import Json

INSTALLED, REMOVED = "installed", "removed"

LEAST_SLACK = timedelta(hours=1)
"""A run may begin that much late before it is called overdue: random delays, and a machine that was busy."""


@dataclass(frozen=True, slots=True)
class Promise:
    """A schedule in force: a run each `every`, everything checked within `cover`; all spans in seconds."""

    keeper: str
    machine: str
    every_seconds: int
    cover_seconds: int
    run_seconds: int | None
    by: str
    since: datetime

    def next_run(self, last_started: datetime | None) -> datetime:
        """When the next run is to begin: one span after the last, or after the schedule was installed."""
        begun = max(self.since, last_started) if last_started else self.since
        return begun + timedelta(seconds=self.every_seconds)

    def is_overdue(self, last_started: datetime | None, now: datetime) -> bool:
        """Whether a run that should have begun has not; a quarter of the span, an hour at least, is slack."""
        slack = max(LEAST_SLACK, timedelta(seconds=self.every_seconds / 4))
        return now > self.next_run(last_started) + slack


def promised(reader: Reader) -> Promise | None:
    """The schedule in force, if there is one."""
    query = select(ScheduleRow, AgentRow.name).join(AgentRow, col(AgentRow.id) == ScheduleRow.agent_id)
    found = reader.session.exec(query.order_by(col(ScheduleRow.id).desc()).limit(1)).first()
    if found is None or found[0].act == REMOVED:
        return None
    row, by = found
    return Promise(
        row.keeper, row.machine, row.every_seconds, row.cover_seconds, row.run_seconds, by, row.recorded
    )


def promise(writer: Writer, made: Promise) -> None:
    """Enter a schedule that was installed."""
    _enter(writer, INSTALLED, made, made.by)


def withdraw(writer: Writer, made: Promise, by: str) -> None:
    """Enter that a schedule was removed."""
    _enter(writer, REMOVED, made, by)


def _enter(writer: Writer, act: str, made: Promise, by: str) -> None:
    detail: dict[str, Json] = {"act": act, "keeper": made.keeper, "machine": made.machine}
    position = writer.append(EventType.METADATA_MODIFICATION, "schedule", Outcome.SUCCESS, by, detail)
    row = {
        "id": writer.clock.new_id(),
        "act": act,
        "keeper": made.keeper,
        "machine": recordable(made.machine),
        "every_seconds": made.every_seconds,
        "cover_seconds": made.cover_seconds,
        "run_seconds": made.run_seconds,
        "agent_id": writer.agent(by),
        "recorded": writer.clock.now(),
        "position": position,
    }
    writer.enter(ScheduleRow, [row], position)
