"""A write transaction: everything it does is recorded, or nothing, and its events with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert
from sqlmodel import select

from archive.catalog.events import LedgerTail, NewEvent
from archive.catalog.recording import BatchRecorder, Refused
from archive.catalog.run_leaf import run_rows
from archive.catalog.tables import AccessionRow, FixityCheckRow, FixityEndRow, FixityRunRow
from archive.catalog.wording import recordable
from archive.label import Label
from archive.record import Accession, EventType, Outcome, Recorded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from sqlmodel import Session

    from archive.catalog.tables import Row
    from archive.clock import Clock
    from archive.ledger.canonical import Json
    from archive.record import Arrival
    from archive.verdict import FixityResult


class Writer:
    """What can be done inside one write transaction."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self.session, self.clock = session, clock
        self.ledger = LedgerTail(session, clock)

    def agent(self, name: str, kind: str = "person") -> UUID:
        """The identifier of an agent, who is entered when first met."""
        return self.ledger.agents.entered(name, kind)

    def enter(self, table: type[Row], rows: Sequence[dict[str, Any]], position: int) -> None:
        """Enter rows, and let the leaf at this position, appended in this transaction, stand for them."""
        if rows:
            self.session.execute(insert(table), rows)
            self.ledger.bind(position, str(table.__tablename__), rows)

    def accession(self, accession_id: UUID, by: str, tool: str, origin: str, note: str | None) -> Accession:
        """Open an accession under the next label of the year; the one already open under that identifier stays."""
        held = self.session.exec(select(AccessionRow).where(AccessionRow.id == accession_id)).first()
        if held:
            return Accession(
                held.id, Label.parse(held.label), held.opened, by, held.tool, held.origin, held.note
            )
        by, tool, origin, note = recordable(by), recordable(tool), recordable(origin), recordable(note)
        now = self.clock.now()
        highest = select(func.max(AccessionRow.number)).where(AccessionRow.year == now.year)
        label = Label(now.year, (self.session.exec(highest).one() or 0) + 1)
        opened = Accession(accession_id, label, now, by, tool, origin, note)
        position = self.append(EventType.ACCESSION, str(label), Outcome.SUCCESS, by, {"tool": tool})
        self.enter(AccessionRow, [self._accession_row(opened)], position)
        return opened

    def _accession_row(self, opened: Accession) -> dict[str, object]:
        return {
            "id": opened.id,
            "label": str(opened.label),
            "year": opened.label.year,
            "number": opened.label.accession,
            "opened": opened.opened,
            "agent_id": self.agent(opened.by),
            "tool": opened.tool,
            "origin": opened.origin,
            "note": opened.note,
        }

    def record(self, accession: Accession, arrivals: Sequence[Arrival]) -> list[Recorded | Refused]:
        """Record arrivals with the accession; see `archive.catalog.shelf` for where each belongs."""
        return BatchRecorder(self, accession, self.agent(accession.by)).record(arrivals)

    def append(
        self, kind: EventType, subject: str, outcome: Outcome, by: str, detail: Mapping[str, Json]
    ) -> int:
        """Append an event to the ledger; returns its position."""
        return self.ledger.append(NewEvent(kind, subject, outcome, self.agent(by), by, detail))

    def open_fixity_run(self, by: str, scope: str) -> UUID:
        """Enter a run of the integrity check before it reads anything."""
        run_id = self.clock.new_id()
        row = {"id": run_id, "started": self.clock.now(), "agent_id": self.agent(by), "scope": scope}
        self.session.execute(insert(FixityRunRow), [row])
        return run_id

    def fixity_results(self, run_id: UUID, results: Sequence[FixityResult]) -> None:
        """Enter outcomes of a run, one row an object."""
        rows = [
            {"run_id": run_id, "object_digest": r.digest, "verdict": r.verdict, "found": r.found, "at": r.at}
            for r in results
        ]
        if rows:
            self.session.execute(insert(FixityCheckRow), rows)

    def close_fixity_run(self, run_id: UUID, outcome: Outcome, position: int) -> None:
        """Enter the end of a run; `position` is that of its event in the ledger, which stands for its results."""
        row = {"run_id": run_id, "ended": self.clock.now(), "outcome": outcome, "position": position}
        self.enter(FixityEndRow, [row], position)
        for table, rows in run_rows(self.session, run_id):
            self.ledger.bind(position, table, rows)
