"""The rows of checks and of the jobs that make them.

`object_digest`, `fixity_plan` and `fixity_batch` are append-only. `fixity_shelf` and `fixity_open` say of each
object when it was last checked: every object is in one of the two, and both can be made anew from the rest.
`job` and `lease` say who is at work just now: when both are emptied nothing is lost but that work may be done
twice.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, LargeBinary
from sqlmodel import Field

from archive.catalog.columns import DigestColumn, by_value
from archive.catalog.tables import Row
from archive.digest import Algorithm, Digest

DIGEST_SIZE = 32
"""Bytes of the SHA-256 values in batches and shelves."""


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


class FixityBatchRow(Row, table=True):
    """Objects that a run found intact, recorded together: their SHA-256 values one after another, `size` in bytes."""

    __tablename__ = "fixity_batch"
    run_id: UUID = Field(primary_key=True, foreign_key="fixity_run.id")
    number: int = Field(primary_key=True)
    at: datetime
    objects: int
    size: int = Field(sa_type=BigInteger)
    digests: bytes = Field(sa_type=LargeBinary)


class FixityShelfRow(Row, table=True):
    """Objects of one range that were last found intact together, by run `run_number`; a cache of `fixity_batch`."""

    __tablename__ = "fixity_shelf"
    __table_args__ = (Index("ix_fixity_shelf_run_number", "run_number", "part"),)
    id: UUID = Field(primary_key=True)
    part: int
    run_number: int = Field(sa_type=BigInteger)
    at: datetime
    objects: int
    digests: bytes = Field(sa_type=LargeBinary)


class FixityOpenRow(Row, table=True):
    """An object not known to be intact: never checked (`tier` 0) or not intact when last checked (1); a cache."""

    __tablename__ = "fixity_open"
    __table_args__ = (
        Index("ix_fixity_open_tier", "tier", "run_number", "object_digest"),
        {"sqlite_with_rowid": False},
    )
    object_digest: Digest = Field(sa_type=DigestColumn, primary_key=True, foreign_key="object.digest")
    tier: int
    run_number: int = Field(sa_type=BigInteger)


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
