"""Appending to the ledger, inside the transaction that records what the events speak of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, update
from sqlmodel import col, select

from archive.catalog.agents import Agents
from archive.catalog.bound import digest_of, instant, lines_of
from archive.catalog.chunks import chunked
from archive.catalog.columns import table_of
from archive.catalog.ledger_rows import DetailRow, NodeRow
from archive.catalog.tables import EventRow, LedgerHeadRow
from archive.catalog.wording import recordable, recordable_json
from archive.digest import Digest
from archive.ledger.canonical import Json, canonical, leaf_bytes
from archive.ledger.merkle import HASH_SIZE, Frontier, leaf_hash
from archive.ledger.tiles import kept

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlmodel import Session

    from archive.clock import Clock
    from archive.model import Statement
    from archive.record import EventType, Outcome

LEAF_FORMAT = 2
"""The number of the shape below; a leaf of another shape says another number.

A leaf of format 1 has the agent's name in clear, and no `rows`: the digests of the rows it stands for, by table.
"""

MAX_DETAIL = 4096
"""The most bytes that one detail may take up in a leaf; a longer one is named there by its digest."""

MAX_BYTES_A_CHARACTER = 6
"""A control character in canonical JSON."""

MAX_SUBJECT = 2000
"""The most characters of a subject, which is looked up; a longer one is cut and ends in its own digest."""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event about to be appended; `detail` goes into its leaf beside the common fields."""

    type: EventType
    subject: str
    outcome: Outcome
    agent_id: UUID
    agent: str
    detail: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Pending:
    event: NewEvent
    id: UUID
    at: datetime


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
        self._pending: list[_Pending] = []
        self._bound: dict[int, dict[str, list[str]]] = {}
        self._details: dict[Digest, str] = {}
        self.agents = Agents(session, clock, self.bind)

    @property
    def next_position(self) -> int:
        """The position that the next event will get."""
        return self._frontier.size + len(self._pending)

    @property
    def grown(self) -> bool:
        """Whether an event was appended."""
        return bool(self._pending)

    def append(self, event: NewEvent) -> int:
        """Take an event in; returns its position in the ledger."""
        position = self.next_position
        self._pending.append(_Pending(event, self._clock.new_id(), self._clock.now()))
        return position

    def bind(self, position: int, table: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Let the leaf at this position, which is not written out yet, stand for rows of a table."""
        if rows:
            lines = self._bound.setdefault(position, {}).setdefault(table, [])
            lines += lines_of(table, rows, lambda name: self.agents.commitment(name, position))

    def tell(self, position: int, name: str, value: Json) -> None:
        """Give the leaf at this position, which is not written out yet, one detail more."""
        place = position - self._frontier.size
        if 0 <= place < len(self._pending):
            made = self._pending[place]
            event = replace(made.event, detail={**made.event.detail, name: value})
            self._pending[place] = replace(made, event=event)

    def close(self) -> None:
        """Write the events, the nodes of the tree that they complete, and the new head."""
        if not self._pending:
            return
        first = self._frontier.size
        rows = [self._row(position, made) for position, made in enumerate(self._pending, first)]
        frontier, runs = self._frontier.extend([row["leaf_hash"] for row in rows])
        self._session.execute(insert(table_of(EventRow)), rows)
        nodes = [{"level": level, "place": place, "hash": value} for level, place, value in kept(runs)]
        if nodes:
            self._session.execute(insert(table_of(NodeRow)), nodes)
        self._write_details()
        head = update(LedgerHeadRow).where(col(LedgerHeadRow.id) == 1)
        self._session.execute(head.values(size=frontier.size, frontier=b"".join(frontier.peaks)))

    def _row(self, position: int, made: _Pending) -> dict[str, Any]:
        event = made.event
        subject = _short(recordable(event.subject))
        body = self._leaf(
            {
                "leaf": LEAF_FORMAT,
                "position": position,
                "id": str(made.id),
                "type": event.type,
                "at": instant(made.at),
                "agent": self.agents.commitment(recordable(event.agent), position),
                "subject": subject,
                "outcome": event.outcome,
            },
            event.detail,
            self._bound.get(position, {}),
        )
        return {
            "id": made.id,
            "position": position,
            "type": event.type,
            "at": made.at,
            "agent_id": event.agent_id,
            "subject": subject,
            "outcome": event.outcome,
            "body": body,
            "leaf_hash": leaf_hash(body),
        }

    def _leaf(
        self, common: dict[str, Json], detail: Mapping[str, Json], bound: Mapping[str, list[str]]
    ) -> bytes:
        """The bytes of a leaf; a detail too long for it is named by its digest and kept beside it."""
        short = {name: self._shortened(recordable_json(value)) for name, value in detail.items()}
        if bound:
            short["rows"] = {table: digest_of(lines) for table, lines in bound.items()}
        return leaf_bytes({**common, **short})

    def _shortened(self, value: Json) -> Json:
        if isinstance(value, str):
            if len(value) * MAX_BYTES_A_CHARACTER <= MAX_DETAIL:
                return value
        elif not isinstance(value, Mapping | Sequence):
            return value
        body = canonical(value)
        if len(body) <= MAX_DETAIL:
            return value
        digest = Digest.of(body)
        self._details[digest] = body.decode()
        return {"digest": str(digest), "size": len(body)}

    def _write_details(self) -> None:
        for some in chunked(list(self._details)):
            held = set(
                self._session.exec(select(col(DetailRow.digest)).where(col(DetailRow.digest).in_(some)))
            )
            rows = [{"digest": d, "body": self._details[d]} for d in some if d not in held]
            if rows:
                self._session.execute(insert(DetailRow), rows)


def _short(subject: str) -> str:
    if len(subject) <= MAX_SUBJECT:
        return subject
    return f"{subject[: MAX_SUBJECT - 80]}... {Digest.of_text(subject)}"


def frontier_of(size: int, peaks: bytes) -> Frontier:
    """The frontier from the columns of the head row; raises `BadFrontier` where they do not fit."""
    parts = tuple(peaks[at : at + HASH_SIZE] for at in range(0, len(peaks), HASH_SIZE))
    return Frontier(size, parts)
