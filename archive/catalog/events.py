"""Appending to the ledger, inside the transaction that records what the events speak of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import insert, update
from sqlmodel import col, select

from archive.catalog.tables import EventRow, LedgerHeadRow
from archive.catalog.wording import recordable, recordable_json
from archive.digest import Digest
from archive.ledger.canonical import Json, leaf_bytes
from archive.ledger.merkle import HASH_SIZE, Frontier, leaf_hash

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlmodel import Session

    from archive.clock import Clock
    from archive.model import Statement
    from archive.record import EventType, Outcome

LEAF_FORMAT = 1
"""The number of the shape below; a leaf of another shape says another number."""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event about to be appended; `detail` goes into its leaf beside the common fields."""

    type: EventType
    subject: str
    outcome: Outcome
    agent_id: UUID
    agent: str
    detail: Mapping[str, Json] = field(default_factory=dict)


def instant(at: datetime) -> str:
    """A time as leaves write it: ISO 8601 in UTC to the microsecond."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def record_digest(statements: Sequence[Statement]) -> Digest:
    """One digest over statements, in the order of their canonical JSON, so that an edited row shows."""
    rows = sorted(leaf_bytes(_statement(s)) for s in statements)
    return Digest.of(b"\n".join(rows))


def _statement(said: Statement) -> Json:
    evidence = said.evidence
    return {
        "about": said.about,
        "value": said.value,
        "basis": said.basis,
        "method": str(said.method),
        "quote": evidence.quote if evidence else None,
        "span": [evidence.span.start, evidence.span.end] if evidence and evidence.span else None,
        "place": evidence.place if evidence else None,
        "original": said.moment.original if said.moment else None,
        "said_by": said.said_by,
    }


class LedgerTail:
    """The end of the ledger, locked for the length of a transaction; events are written out at its close."""

    def __init__(self, session: Session, clock: Clock) -> None:
        head = session.exec(select(LedgerHeadRow).where(LedgerHeadRow.id == 1).with_for_update()).one()
        self._session, self._clock = session, clock
        self._frontier = frontier_of(head.size, head.frontier)
        self._pending: list[dict[str, object]] = []

    @property
    def next_position(self) -> int:
        """The position that the next event will get."""
        return self._frontier.size + len(self._pending)

    def append(self, event: NewEvent) -> int:
        """Take an event in; returns its position in the ledger."""
        position, at, event_id = self.next_position, self._clock.now(), self._clock.new_id()
        subject, agent = recordable(event.subject), recordable(event.agent)
        body = leaf_bytes(
            {
                "leaf": LEAF_FORMAT,
                "position": position,
                "id": str(event_id),
                "type": event.type,
                "at": instant(at),
                "agent": agent,
                "subject": subject,
                "outcome": event.outcome,
                **{name: recordable_json(value) for name, value in event.detail.items()},
            }
        )
        self._pending.append(
            {
                "id": event_id,
                "position": position,
                "type": event.type,
                "at": at,
                "agent_id": event.agent_id,
                "subject": subject,
                "outcome": event.outcome,
                "body": body,
                "leaf_hash": leaf_hash(body),
            }
        )
        return position

    def close(self) -> None:
        """Write the events and the new head."""
        if not self._pending:
            return
        hashes = [bytes(row["leaf_hash"]) for row in self._pending]  # type: ignore[call-overload]  # made above
        frontier, _ = self._frontier.extend(hashes)
        self._session.execute(insert(EventRow), self._pending)
        head = update(LedgerHeadRow).where(col(LedgerHeadRow.id) == 1)
        self._session.execute(head.values(size=frontier.size, frontier=b"".join(frontier.peaks)))


def frontier_of(size: int, peaks: bytes) -> Frontier:
    """The frontier from the columns of the head row; raises `BadFrontier` where they do not fit."""
    parts = tuple(peaks[at : at + HASH_SIZE] for at in range(0, len(peaks), HASH_SIZE))
    return Frontier(size, parts)
