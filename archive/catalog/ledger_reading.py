"""The ledger read back: its leaves page by page, its nodes, the agents and what their commitments stand for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, bindparam, select, type_coerce
from sqlalchemy.types import NullType

from archive.catalog.chunks import chunked
from archive.catalog.columns import columns_of, table_of
from archive.catalog.events import frontier_of
from archive.catalog.ledger_rows import DetailRow, NodeRow, OpeningRow
from archive.catalog.tables import AgentRow, EventRow, LedgerHeadRow, TextRow
from archive.digest import Digest
from archive.ledger.audit import StoredLeaf
from archive.ledger.commitment import Opening
from archive.record import Event

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from sqlmodel import Session

    from archive.ledger.merkle import Frontier

LEAVES_A_PAGE = 2000


_EVENT, _NODE = table_of(EventRow), table_of(NodeRow)
_FIRST: Any = bindparam("first")
_COUNT: Any = bindparam("count")
_LEVEL: Any = bindparam("level")
_LEAF = select(_EVENT.c.body).where(_EVENT.c.position == _FIRST)
_LEAVES = (
    select(
        _EVENT.c.position, type_coerce(_EVENT.c.body, NullType()), type_coerce(_EVENT.c.leaf_hash, NullType())
    )
    .where(_EVENT.c.position >= _FIRST)
    .order_by(_EVENT.c.position)
    .limit(_COUNT)
)
_HASHES = (
    select(_EVENT.c.leaf_hash)
    .where(_EVENT.c.position >= _FIRST, _EVENT.c.position < _FIRST + _COUNT)
    .order_by(_EVENT.c.position)
)
_NODES = (
    select(_NODE.c.hash)
    .where(_NODE.c.level == _LEVEL, _NODE.c.place >= _FIRST, _NODE.c.place < _FIRST + _COUNT)
    .order_by(_NODE.c.place)
)


@dataclass(frozen=True, slots=True)
class Known:
    """An agent as the catalogue has it: name, the commitment beside it, and the salt that opens that.

    `shown` is what leaves may hold for the agent, made anew from name and salt, so that an edited name shows.
    """

    name: str
    commitment: str | None
    salt: bytes | None
    shown: str


def _known(name: str, commitment: str | None, salt: bytes | None) -> Known:
    shown = str(Opening(name, bytes(salt)).commitment) if salt is not None else name
    return Known(name, commitment, salt, shown)


class LedgerReader:
    """Questions about the ledger to one state of the catalogue."""

    def __init__(self, session: Session) -> None:
        self._session, self._connection = session, session.connection()
        self._names: dict[str, Known] | None = None

    def head(self) -> Frontier:
        """The recorded size and the roots of the full subtrees."""
        row = self._session.execute(select(*columns_of(LedgerHeadRow))).one()
        return frontier_of(row.size, row.frontier)

    def pages(self, first: int = 0) -> Iterator[list[Any]]:
        """Every event from a position on, with its columns as they are stored, a page at a time.

        As they are stored, because what somebody edited may be no value that such a column can have.
        """
        table = table_of(EventRow)
        stored = [type_coerce(column, NullType()).label(column.name) for column in columns_of(EventRow)]
        while True:
            query = select(*stored).where(table.c.position >= first)
            page = list(self._session.execute(query.order_by(table.c.position).limit(LEAVES_A_PAGE)))
            if page:
                yield page
            if len(page) < LEAVES_A_PAGE:
                return
            first = page[-1].position + 1

    def tree_pages(self) -> Iterator[list[StoredLeaf]]:
        """Every leaf with its place and its recorded hash, a page at a time: what the tree alone needs."""
        first = 0
        while True:
            rows = self._connection.execute(_LEAVES, {"first": first, "count": LEAVES_A_PAGE})
            page = [StoredLeaf(position, body, value) for position, body, value in rows]
            if page:
                yield page
            if len(page) < LEAVES_A_PAGE:
                return
            first = page[-1].index + 1

    def leaf(self, position: int) -> bytes | None:
        """The bytes of the leaf at a position, None where there is none."""
        return self._connection.execute(_LEAF, {"first": position}).scalar()

    def events_at(self, positions: Collection[int]) -> list[Event]:
        """The events at these positions, in order."""
        event, agent, found = table_of(EventRow), table_of(AgentRow), list[Event]()
        for some in chunked(sorted(positions)):
            query = select(*columns_of(EventRow), agent.c.name).join(agent, agent.c.id == event.c.agent_id)
            rows = self._session.execute(query.where(event.c.position.in_(some)).order_by(event.c.position))
            found += [
                Event(r.id, r.position, r.type, r.at, r.name, r.subject, r.outcome, bytes(r.body))
                for r in rows
            ]
        return found

    def row(self, level: int, first: int, count: int) -> list[bytes]:
        """Neighbouring hashes of a kept level, as `archive.ledger.tiles.Tiles` asks for them."""
        asked = {"first": first, "count": count}
        if level == 0:
            rows = self._connection.execute(_HASHES, asked)
        else:
            rows = self._connection.execute(_NODES, {"level": level, **asked})
        return [bytes(each) for each in rows.scalars()]

    def hashes(self) -> Iterator[bytes]:
        """The recorded hash of every leaf, in order."""
        first = 0
        while page := self.row(0, first, LEAVES_A_PAGE * 10):
            yield from page
            first += len(page)

    def agents(self) -> Mapping[str, Known]:
        """Every agent with its opening, by the digits of its identifier."""
        if self._names is None:
            agent, opening = table_of(AgentRow), table_of(OpeningRow)
            query = select(agent.c.id, agent.c.name, opening.c.commitment, opening.c.salt)
            rows = self._session.execute(query.outerjoin(opening, opening.c.agent_id == agent.c.id))
            self._names = {row.id.hex: _known(row.name, row.commitment, row.salt) for row in rows}
        return self._names

    def commitments(self) -> Mapping[str, str]:
        """What stands in lines for each name, made anew from name and salt; erased names are not among them."""
        return {each.name: each.shown for each in self.agents().values() if each.salt is not None}

    def details(self, digests: Collection[Digest]) -> dict[Digest, str]:
        """The long details that leaves name by these digests."""
        table, found = table_of(DetailRow), dict[Digest, str]()
        for some in chunked(list(digests)):
            rows = self._session.execute(select(*columns_of(DetailRow)).where(table.c.digest.in_(some)))
            found |= {row.digest: row.body for row in rows}
        return found

    def texts(self) -> Iterator[list[tuple[Digest, str]]]:
        """Every canonical text with its digest, a page at a time."""
        table, after = table_of(TextRow), ""
        while True:
            query = select(table.c.digest, table.c.body).where(type_coerce(table.c.digest, String) > after)
            page = [tuple(row) for row in self._session.execute(query.order_by(table.c.digest).limit(500))]
            if not page:
                return
            yield page
            after = str(page[-1][0])
