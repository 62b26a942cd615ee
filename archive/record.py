"""What the archive holds, as the catalogue hands it out: frozen, detached from any database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from archive.model import Basis, ClaimedSource

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from archive.digest import Digest
    from archive.finding import Finding, Noted
    from archive.label import Label
    from archive.model import (
        Attribution,
        Method,
        Paragraph,
        Passage,
        Property,
        Reading,
        ReadingState,
        Statement,
    )

WEIGHT = (Basis.OBSERVED, Basis.ASSERTED, Basis.CLAIMED, Basis.INFERRED)
"""Which basis is shown first, and sorted and filtered by, where there are several; none hides another."""


@dataclass(frozen=True, slots=True)
class Accession:
    """One act of taking material in: who, when, with what, from where, on what terms."""

    id: UUID
    label: Label
    opened: datetime
    by: str
    tool: str
    origin: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class HeldObject:
    """A sequence of bytes that the catalogue names; `size` in bytes."""

    digest: Digest
    size: int


@dataclass(frozen=True, slots=True)
class Version:
    """One state of an item's content.

    `object` is the copy it was first read from; `position` is the place in the ledger of the event that
    recorded it, from 0.
    """

    id: UUID
    item_id: UUID
    label: Label
    object: Digest
    text_digest: Digest | None
    text_rule: str | None
    state: ReadingState
    format: str
    reader: Method
    reason: str | None
    recorded: datetime
    position: int
    text_unicode: str | None = None


@dataclass(frozen=True, slots=True)
class Within:
    """Where in a container a copy lies: the container's bytes, the place in words that finds it again.

    `payload_digest` is what the container says the digest of the copy is, `revisit_of` that of an earlier
    copy to which a web archive refers instead of keeping the bytes once more; both as `sha1:<hex>`.
    """

    container: HeldObject
    place: str
    payload_digest: str | None = None
    revisit_of: str | None = None


@dataclass(frozen=True, slots=True)
class Capture:
    """One retrieval that yielded a version; `name` is the name the copy came in under."""

    id: UUID
    version_id: UUID
    accession: Label
    object: Digest
    size: int
    name: str
    recorded: datetime
    container: Digest | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A statement as recorded: of which version, of which capture where it is about one retrieval, and when."""

    version_id: UUID
    capture_id: UUID | None
    statement: Statement
    recorded: datetime


class Judgement(StrEnum):
    """What an archivist says of an extracted attribution."""

    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Judged:
    """An archivist's word on an attribution, beside what was extracted.

    `number` is the attribution's place among those of the same version and method, from 0. `source` is the
    right name where the judgement is a correction.
    """

    method: Method
    number: int
    judgement: Judgement
    by: str
    recorded: datetime
    source: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """A version with all that is recorded about it: enough to show, index, trace or export it."""

    version: Version
    text: str
    paragraphs: tuple[Paragraph, ...]
    passages: tuple[Passage, ...]
    captures: tuple[Capture, ...]
    said: tuple[Said, ...]
    attributions: tuple[Attribution, ...]
    judged: tuple[Judged, ...] = ()
    findings: tuple[Noted, ...] = ()

    def judgement(self, number: int) -> Judged | None:
        """The last word of an archivist on the attribution at that place, if there is one."""
        made = self.attributions[number]
        said = [j for j in self.judged if j.number == number and j.method == made.method]
        return said[-1] if said else None

    def standing(self) -> list[Attribution]:
        """The attributions that no archivist has rejected, corrected ones with the corrected source."""
        kept = []
        for number, made in enumerate(self.attributions):
            judged = self.judgement(number)
            if judged is None or judged.judgement is Judgement.CONFIRMED:
                kept.append(made)
            elif judged.judgement is Judgement.CORRECTED and judged.source:
                kept.append(replace(made, resolved=ClaimedSource(made.resolved.kind, judged.source)))
        return kept

    def about(self, *properties: Property) -> list[Statement]:
        """What is said about these properties, the weightiest basis first: see `WEIGHT`."""
        found = [said.statement for said in self.said if said.statement.about in properties]
        return sorted(found, key=lambda statement: WEIGHT.index(statement.basis))

    def first(self, about: Property) -> Statement | None:
        """The weightiest statement about a property, the earliest recorded among equals."""
        return next(iter(self.about(about)), None)


@dataclass(frozen=True, slots=True)
class Sketch:
    """A version as following a claim must know it: words, passages, and what is said of title, outlet and dates."""

    id: UUID
    label: Label
    recorded: datetime
    text: str
    passages: tuple[Passage, ...]
    said: tuple[Statement, ...]

    def about(self, about: Property) -> list[Statement]:
        """What is said about a property, the weightiest basis first: see `WEIGHT`."""
        found = [statement for statement in self.said if statement.about is about]
        return sorted(found, key=lambda statement: WEIGHT.index(statement.basis))

    def first(self, about: Property) -> Statement | None:
        """The weightiest statement about a property, the earliest recorded among equals."""
        return next(iter(self.about(about)), None)


class EventType(StrEnum):
    """What was done, by the code of the PREMIS event type vocabulary (Library of Congress)."""

    ACCESSION = "acc"
    CAPTURE = "cap"
    DIGEST_CALCULATION = "mes"
    SIGNING_KEY = "dsg"
    FIXITY_CHECK = "fix"
    INGESTION = "ing"
    METADATA_EXTRACTION = "mee"
    METADATA_MODIFICATION = "mem"
    VALIDATION = "val"
    RECOVERY = "rec"
    REPLICATION = "rep"


class Outcome(StrEnum):
    """How it ended, by the code of the PREMIS event outcome vocabulary."""

    SUCCESS = "suc"
    FAILURE = "fai"
    WARNING = "war"


@dataclass(frozen=True, slots=True)
class Event:
    """Something done to what is held: one leaf of the ledger.

    `body` is the leaf itself, canonical JSON (RFC 8785); the other fields repeat what it says.
    """

    id: UUID
    position: int
    type: EventType
    at: datetime
    agent: str
    subject: str
    outcome: Outcome
    body: bytes


@dataclass(frozen=True, slots=True)
class Arrival:
    """A copy whose bytes are durable and which is about to be recorded.

    `capture_id` is made before the bytes are sealed, so that recording it twice records it once. `said`
    are the statements that do not come from the bytes: the archivist's, and those about the retrieval.
    `item` is the item the archivist says this is a version of. `findings` are what was wrong with it on receipt.
    """

    capture_id: UUID
    name: str
    object: HeldObject
    reading: Reading
    passages: tuple[Passage, ...]
    attributions: tuple[Attribution, ...]
    extracted_by: Method
    said: tuple[Statement, ...]
    item: Label | None = None
    within: Within | None = None
    findings: tuple[Finding, ...] = ()


class Novelty(StrEnum):
    """What a recorded copy brought."""

    ITEM = "new item"
    VERSION = "new version"
    CAPTURE = "already held"


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of an arrival; `because` says in words why it was put with the item it is with."""

    arrival: Arrival
    novelty: Novelty
    version: Label
    version_id: UUID
    because: str
