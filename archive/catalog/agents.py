"""Who acts: agents by name, and the commitments that stand for their names in the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert
from sqlmodel import select

from archive.catalog.ledger_rows import OpeningRow
from archive.catalog.tables import AgentRow
from archive.catalog.wording import recordable
from archive.ledger.commitment import SALT_SIZE, Opening

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from uuid import UUID

    from sqlmodel import Session

    from archive.clock import Clock

    Bind = Callable[[int, str, Sequence[Mapping[str, object]]], None]

PERSON = "person"
COMMITTED = "hmac-sha256:"
"""How a commitment begins; what begins so in the place of a name is a name that was erased."""


class Agents:
    """The agents that one write transaction meets; entered when first met, committed to when a leaf names them."""

    def __init__(self, session: Session, clock: Clock, bind: Bind) -> None:
        self._session, self._clock, self._bind = session, clock, bind
        self._ids: dict[tuple[str, str], UUID] = {}
        self._commitments: dict[str, str] = {}

    def entered(self, name: str, kind: str = PERSON) -> UUID:
        """The identifier of an agent, who is entered when first met."""
        name = recordable(name)
        if (name, kind) not in self._ids:
            known = select(AgentRow.id).where(AgentRow.kind == kind, AgentRow.name == name)
            self._ids[name, kind] = self._session.exec(known).first() or self._enter(name, kind)
        return self._ids[name, kind]

    def _enter(self, name: str, kind: str) -> UUID:
        agent_id = self._clock.new_id()
        row = {"id": agent_id, "kind": kind, "name": name, "recorded": self._clock.now()}
        self._session.execute(insert(AgentRow), [row])
        return agent_id

    def commitment(self, name: str, position: int) -> str:
        """What stands for the name in the leaf at this position; the first such leaf is bound to the agent's row.

        A commitment that is given in the place of a name stands for itself.
        """
        if name not in self._commitments and not name.startswith(COMMITTED):
            agent_id = self.entered(name)
            held = self._session.exec(select(OpeningRow.commitment).where(OpeningRow.agent_id == agent_id))
            self._commitments[name] = held.first() or self._commit(agent_id, name, position)
        return self._commitments.get(name, name)

    def _commit(self, agent_id: UUID, name: str, position: int) -> str:
        opening = Opening(name, self._clock.secret(SALT_SIZE))
        commitment = str(opening.commitment)
        row = {"agent_id": agent_id, "commitment": commitment, "salt": opening.salt, "position": position}
        self._session.execute(insert(OpeningRow), [row])
        self._commitments[name] = commitment
        agent = self._session.exec(select(AgentRow).where(AgentRow.id == agent_id)).one()
        columns = {column: getattr(agent, column) for column in ("id", "kind", "name", "recorded")}
        self._bind(position, "agent", [columns])
        self._bind(position, "opening", [row])
        return commitment
