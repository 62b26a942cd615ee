"""The rows of checks and of the jobs that make them.

`fixity_plan` and `object_digest` are append-only. `fixity_latest` repeats what `fixity_check` says last of
each object, and can be made anew from it. `job` and `lease` say who is at work just now: when both are
emptied nothing is lost but that work may be done twice.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlmodel import Field

from archive.catalog.columns import DigestColumn, by_value
from archive.catalog.tables import Row
from archive.digest import Algorithm, Digest


class ObjectDigestRow(Row, table=True):
    """A further digest of an object, by another algorithm than the one it is named by."""

    __tablename__ = "object_digest"
    object_digest: Digest = Field(sa_type=DigestColumn, primary_key=True, foreign_key="object.digest")
    algorithm: Algorithm = Field(sa_type=by_value(Algorithm), primary_key=True)
    digest: Digest = Field(sa_type=DigestColumn, index=True)
    recorded: datetime
    position: int = Field(sa_type=BigInteger)


class FixityPlanRow(Row, table=True):
    """What a run sets out to do; runs are numbered from 1, so that no clock decides which was later.

    Objects found intact by run `counts_from` or later, or not intact by run `failures_from` or later, are not
    read again. `whole` runs leave nothing out; `continues` is the run that was cut off before.
    """

    __tablename__ = "fixity_plan"
    run_id: UUID = Field(primary_key=True, foreign_key="fixity_run.id")
    number: int = Field(sa_type=BigInteger, unique=True)
    counts_from: int = Field(sa_type=BigInteger)
    failures_from: int = Field(sa_type=BigInteger)
    whole: bool
    continues: UUID | None = None


class FixityLatestRow(Row, table=True):
    """The last check of each object: `tier` 0 never checked, 1 not found intact, 2 intact; by run `number`."""

    __tablename__ = "fixity_latest"
    __table_args__ = (
        Index("ix_fixity_latest_tier_number", "tier", "number", "object_digest"),
        {"sqlite_with_rowid": False},
    )
    object_digest: Digest = Field(sa_type=DigestColumn, primary_key=True, foreign_key="object.digest")
    tier: int
    number: int = Field(sa_type=BigInteger)


class JobRow(Row, table=True):
    """A job at work: it is alive so long as `beat` grows; `seen` is for people only. `wants` are parts it waits for."""

    __tablename__ = "job"
    id: UUID = Field(primary_key=True)
    work: str = Field(max_length=32, index=True)
    holder: str
    machine: str = Field(max_length=200)
    process: int = Field(sa_type=BigInteger)
    process_started: int = Field(sa_type=BigInteger)
    beat: int = Field(sa_type=BigInteger)
    begun: datetime
    seen: datetime
    wants: str = Field(max_length=64)


class LeaseRow(Row, table=True):
    """A range of digests, from `first` up to but not including `beyond`, that a job has to itself."""

    __tablename__ = "lease"
    work: str = Field(primary_key=True, max_length=32)
    first: str = Field(primary_key=True, max_length=160)
    beyond: str = Field(max_length=160)
    job_id: UUID = Field(foreign_key="job.id")
