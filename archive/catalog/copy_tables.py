"""The rows of the schedule and of copies kept elsewhere; all but `copy_state` are append-only.

`position` is that of the event whose leaf stands for a row."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlmodel import Field

from archive.catalog.columns import DigestColumn, by_value
from archive.catalog.tables import Row
from archive.digest import Digest
from archive.verdict import Verdict


class ScheduleRow(Row, table=True):
    """A schedule installed or removed, on which machine and by whom; the last row is in force. Spans in seconds."""

    __tablename__ = "schedule"
    id: UUID = Field(primary_key=True)
    act: str = Field(max_length=16)
    keeper: str = Field(max_length=16)
    machine: str
    every_seconds: int = Field(sa_type=BigInteger)
    cover_seconds: int = Field(sa_type=BigInteger)
    run_seconds: int | None = Field(default=None, sa_type=BigInteger)
    agent_id: UUID = Field(foreign_key="agent.id")
    recorded: datetime
    position: int = Field(sa_type=BigInteger)


class ReplicaRow(Row, table=True):
    """Another store that is to hold a copy of every object."""

    __tablename__ = "replica"
    id: UUID = Field(primary_key=True)
    address: str
    agent_id: UUID = Field(foreign_key="agent.id")
    recorded: datetime
    position: int = Field(sa_type=BigInteger)


class ReplicaEndRow(Row, table=True):
    """The end of a replica: it is kept up and checked no more. What lies there is left as it is."""

    __tablename__ = "replica_end"
    replica_id: UUID = Field(primary_key=True, foreign_key="replica.id")
    agent_id: UUID = Field(foreign_key="agent.id")
    recorded: datetime
    position: int = Field(sa_type=BigInteger)


class ReplicaCopyRow(Row, table=True):
    """An object was copied to a replica and verified on the way; `position` is that of the event that says so."""

    __tablename__ = "replica_copy"
    object_digest: Digest = Field(sa_type=DigestColumn, primary_key=True, foreign_key="object.digest")
    replica_id: UUID = Field(primary_key=True, foreign_key="replica.id")
    recorded: datetime
    position: int = Field(sa_type=BigInteger)


class ReplicaCheckRow(Row, table=True):
    """The outcome for one copy in one run."""

    __tablename__ = "replica_check"
    object_digest: Digest = Field(sa_type=DigestColumn, primary_key=True)
    replica_id: UUID = Field(primary_key=True, foreign_key="replica.id")
    run_id: UUID = Field(primary_key=True, foreign_key="fixity_run.id")
    verdict: Verdict = Field(sa_type=by_value(Verdict))
    found: str
    at: datetime
    position: int = Field(sa_type=BigInteger)


class CopyStateRow(Row, table=True):
    """What is known of each copy now: a cache, which `replica_copy` and `replica_check` can make anew."""

    __tablename__ = "copy_state"
    __table_args__ = (Index("ix_copy_state_replica_id_verdict_at", "replica_id", "verdict", "at"),)
    replica_id: UUID = Field(primary_key=True, foreign_key="replica.id")
    object_digest: Digest = Field(sa_type=DigestColumn, primary_key=True)
    verdict: Verdict = Field(sa_type=by_value(Verdict))
    found: str
    at: datetime
