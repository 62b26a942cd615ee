"""The rows. They are made and read in this package only and never leave it.

Every table but `ledger_head` and those that say so is append-only, by triggers (see the migrations) and by the ledger.
The rows of the ledger's own room are in `ledger_rows`, those of the checks in `fixity_tables`.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, LargeBinary, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from archive.attribution.acts import ActKind
from archive.catalog.columns import METADATA, DigestColumn, by_value
from archive.digest import Digest
from archive.model import AttributionKind, Basis, ParagraphKind, Precision, Property, ReadingState, SourceKind
from archive.record import EventType, Judgement, Outcome
from archive.verdict import Verdict


class Row(SQLModel):
    """What every table shares: one metadata with named constraints."""

    metadata = METADATA
    model_config = {"arbitrary_types_allowed": True, "defer_build": True}


class AgentRow(Row, table=True):
    """A person, an organisation, or software with its version."""

    __tablename__ = "agent"
    __table_args__ = (UniqueConstraint("kind", "name"),)
    id: UUID = Field(primary_key=True)
    kind: str = Field(max_length=16)
    name: str
    recorded: datetime


class AccessionRow(Row, table=True):
    """One act of taking material in."""

    __tablename__ = "accession"
    __table_args__ = (UniqueConstraint("year", "number"),)
    id: UUID = Field(primary_key=True)
    label: str = Field(unique=True, max_length=32)
    year: int
    number: int
    opened: datetime
    agent_id: UUID = Field(foreign_key="agent.id")
    tool: str
    origin: str
    note: str | None = None


class ObjectRow(Row, table=True):
    """A sequence of bytes; `size` in bytes."""

    __tablename__ = "object"
    digest: Digest = Field(sa_type=DigestColumn, primary_key=True)
    size: int = Field(sa_type=BigInteger)
    recorded: datetime


class TextRow(Row, table=True):
    """A canonical text under its digest, with the rule and Unicode version that made it."""

    __tablename__ = "text"
    digest: Digest = Field(sa_type=DigestColumn, primary_key=True)
    rule: str = Field(max_length=32)
    unicode: str = Field(max_length=16)
    body: str = Field(sa_type=Text)


class ItemRow(Row, table=True):
    """A news story as one intellectual thing."""

    __tablename__ = "item"
    __table_args__ = (UniqueConstraint("accession_id", "number"),)
    id: UUID = Field(primary_key=True)
    label: str = Field(unique=True, max_length=48)
    accession_id: UUID = Field(foreign_key="accession.id")
    number: int


class VersionRow(Row, table=True):
    """One state of an item's content."""

    __tablename__ = "version"
    __table_args__ = (UniqueConstraint("item_id", "number"),)
    id: UUID = Field(primary_key=True)
    item_id: UUID = Field(foreign_key="item.id")
    number: int
    object_digest: Digest = Field(sa_type=DigestColumn, foreign_key="object.digest", index=True)
    text_digest: Digest | None = Field(
        default=None, sa_type=DigestColumn, foreign_key="text.digest", index=True
    )
    state: ReadingState = Field(sa_type=by_value(ReadingState))
    format: str = Field(max_length=32)
    reader: str = Field(max_length=64)
    reader_version: str = Field(max_length=64)
    reason: str | None = None
    recorded: datetime
    position: int = Field(sa_type=BigInteger, index=True)


class ParagraphRow(Row, table=True):
    """A paragraph of a version's canonical text; offsets in characters."""

    __tablename__ = "paragraph"
    version_id: UUID = Field(primary_key=True, foreign_key="version.id")
    number: int = Field(primary_key=True)
    start: int
    end: int
    kind: ParagraphKind = Field(sa_type=by_value(ParagraphKind))
    digest: Digest = Field(sa_type=DigestColumn, index=True)


class PassageRow(Row, table=True):
    """A sentence or heading of a version's canonical text; offsets in characters."""

    __tablename__ = "passage"
    version_id: UUID = Field(primary_key=True, foreign_key="version.id")
    number: int = Field(primary_key=True)
    start: int
    end: int
    kind: ParagraphKind = Field(sa_type=by_value(ParagraphKind))


class CaptureRow(Row, table=True):
    """One retrieval that yielded a version."""

    __tablename__ = "capture"
    id: UUID = Field(primary_key=True)
    version_id: UUID = Field(foreign_key="version.id", index=True)
    accession_id: UUID = Field(foreign_key="accession.id", index=True)
    object_digest: Digest = Field(sa_type=DigestColumn, foreign_key="object.digest", index=True)
    name: str
    recorded: datetime
    container_digest: Digest | None = Field(default=None, sa_type=DigestColumn, index=True)
    place: str | None = None
    payload_digest: str | None = Field(default=None, max_length=160, index=True)


OF_OUTLETS = text("about = 'outlet'")
"""Which statements are in the index that tells at a glance which versions have no outlet."""


class StatementRow(Row, table=True):
    """One thing said about a version or one of its captures; `at` in UTC, offsets in characters."""

    __tablename__ = "statement"
    __table_args__ = (
        Index("ix_statement_about_folded", "about", "folded"),
        Index("ix_statement_outlet", "version_id", sqlite_where=OF_OUTLETS, postgresql_where=OF_OUTLETS),
    )
    id: UUID = Field(primary_key=True)
    version_id: UUID = Field(foreign_key="version.id", index=True)
    capture_id: UUID | None = Field(default=None, foreign_key="capture.id", index=True)
    about: Property = Field(sa_type=by_value(Property))
    value: str = Field(sa_type=Text)
    folded: str = Field(max_length=200)
    basis: Basis = Field(sa_type=by_value(Basis))
    method: str = Field(max_length=64)
    method_version: str = Field(max_length=64)
    quote: str | None = Field(default=None, sa_type=Text)
    start: int | None = None
    end: int | None = None
    place: str | None = None
    at: datetime | None = None
    precision: Precision | None = Field(default=None, sa_type=by_value(Precision))
    original: str | None = None
    zone: str | None = None
    said_by: str | None = None
    recorded: datetime


class AttributionRow(Row, table=True):
    """An attribution as extracted; span lists as JSON `[[start, end], ...]` in characters."""

    __tablename__ = "attribution"
    __table_args__ = (Index("ix_attribution_source", "source_folded"),)
    version_id: UUID = Field(primary_key=True, foreign_key="version.id")
    method: str = Field(primary_key=True, max_length=64)
    method_version: str = Field(primary_key=True, max_length=64)
    number: int = Field(primary_key=True)
    kind: AttributionKind = Field(sa_type=by_value(AttributionKind))
    source: str
    cue: str
    content: str
    source_kind: SourceKind = Field(sa_type=by_value(SourceKind))
    source_name: str
    source_folded: str = Field(max_length=200)
    outlet: str | None = Field(default=None, max_length=200, index=True)
    within: int | None = None


class ExtractionRow(Row, table=True):
    """One reading of a version for attributions, whether or not it found any; the last one counts."""

    __tablename__ = "extraction"
    version_id: UUID = Field(primary_key=True, foreign_key="version.id")
    method: str = Field(primary_key=True, max_length=64)
    method_version: str = Field(primary_key=True, max_length=64)
    position: int = Field(sa_type=BigInteger, index=True)


class JudgementRow(Row, table=True):
    """An archivist's word on one extracted attribution."""

    __tablename__ = "judgement"
    id: UUID = Field(primary_key=True)
    version_id: UUID = Field(foreign_key="version.id", index=True)
    method: str = Field(max_length=64)
    method_version: str = Field(max_length=64)
    number: int
    judgement: Judgement = Field(sa_type=by_value(Judgement))
    source: str | None = None
    note: str | None = None
    said_by: str
    recorded: datetime
    position: int = Field(sa_type=BigInteger, index=True)


class OutletActRow(Row, table=True):
    """One act upon the authority file; `names` as a JSON list."""

    __tablename__ = "outlet_act"
    id: UUID = Field(primary_key=True)
    position: int = Field(sa_type=BigInteger, index=True)
    act: ActKind = Field(sa_type=by_value(ActKind))
    key: str = Field(max_length=200)
    names: str = Field(sa_type=Text)
    other: str | None = Field(default=None, max_length=200)
    said_by: str
    recorded: datetime


class EventRow(Row, table=True):
    """Something done: one leaf of the ledger. `body` is the leaf, `leaf_hash` its RFC 6962 hash."""

    __tablename__ = "event"
    id: UUID = Field(primary_key=True)
    position: int = Field(sa_type=BigInteger, unique=True)
    type: EventType = Field(sa_type=by_value(EventType))
    at: datetime
    agent_id: UUID = Field(foreign_key="agent.id")
    subject: str = Field(index=True)
    outcome: Outcome = Field(sa_type=by_value(Outcome))
    body: bytes = Field(sa_type=LargeBinary)
    leaf_hash: bytes = Field(sa_type=LargeBinary)


class LedgerHeadRow(Row, table=True):
    """The one row that every writer locks: the ledger's size and its frontier (the roots of its full subtrees)."""

    __tablename__ = "ledger_head"
    id: int = Field(primary_key=True)
    size: int = Field(sa_type=BigInteger)
    frontier: bytes = Field(sa_type=LargeBinary)


class FixityRunRow(Row, table=True):
    """A run of the integrity check, written before it reads anything."""

    __tablename__ = "fixity_run"
    id: UUID = Field(primary_key=True)
    started: datetime
    agent_id: UUID = Field(foreign_key="agent.id")
    scope: str


class FixityCheckRow(Row, table=True):
    """The outcome for one object in one run; those found intact stand together in `fixity_batch`."""

    __tablename__ = "fixity_check"
    __table_args__ = (Index("ix_fixity_check_run_id", "run_id", "verdict"),)
    object_digest: Digest = Field(sa_type=DigestColumn, primary_key=True)
    run_id: UUID = Field(primary_key=True, foreign_key="fixity_run.id")
    verdict: Verdict = Field(sa_type=by_value(Verdict))
    found: str
    at: datetime


class FixityEndRow(Row, table=True):
    """The end of a run; a run without one was cut off."""

    __tablename__ = "fixity_end"
    run_id: UUID = Field(primary_key=True, foreign_key="fixity_run.id")
    ended: datetime
    outcome: Outcome = Field(sa_type=by_value(Outcome))
    position: int = Field(sa_type=BigInteger, index=True)


# The rows of other modules belong to the same metadata.
import archive.catalog.copy_tables  # noqa: E402
import archive.catalog.fixity_tables  # noqa: E402
import archive.catalog.ledger_rows  # noqa: E402
import archive.catalog.link_tables  # noqa: E402, F401
