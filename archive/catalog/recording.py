"""Recording a batch of arrivals in one transaction: what is new, what was held, and the events that say so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert

from archive.catalog.columns import table_of
from archive.catalog.events import NewEvent
from archive.catalog.findings import finding_event
from archive.catalog.held import already_said, held_objects, held_texts, items_in, said_key, without_recorded
from archive.catalog.rows import attribution_values, statement_values
from archive.catalog.shelf import NoSuchItem, Shelf, ShelvedItem, ShelvedVersion, addresses_of, outlets_of
from archive.catalog.shelving import shelved
from archive.catalog.tables import (
    AttributionRow,
    CaptureRow,
    ExtractionRow,
    ItemRow,
    ObjectRow,
    ParagraphRow,
    PassageRow,
    StatementRow,
    TextRow,
    VersionRow,
)
from archive.catalog.wording import recordable_arrival
from archive.digest import Digest
from archive.model import Property, Statement
from archive.record import Accession, Arrival, EventType, HeldObject, Novelty, Outcome, Recorded
from archive.text.canonical import RULE, UNICODE_VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from sqlmodel import Session

    from archive.catalog.writing import Writer

OF_ONE_RETRIEVAL = {Property.RETRIEVED, Property.RETRIEVED_BY, Property.COLUMNS, Property.NOTE}
"""What is said of a capture rather than of the version: it is recorded again with every capture."""

_TABLES = (
    ObjectRow,
    TextRow,
    ItemRow,
    VersionRow,
    ParagraphRow,
    PassageRow,
    CaptureRow,
    StatementRow,
    AttributionRow,
    ExtractionRow,
)
_BOUND = tuple(table for table in _TABLES if table not in (ObjectRow, TextRow))
"""Tables whose rows stand under the one leaf with which they came; an object or a text may be named by more."""


@dataclass(frozen=True, slots=True)
class Refused:
    """An arrival that could not be recorded, and why."""

    arrival: Arrival
    reason: str


class BatchRecorder:
    """Places and records the arrivals of one batch; rows are written once, table by table, at the end."""

    def __init__(self, writer: Writer, accession: Accession, agent_id: UUID) -> None:
        self._writer, self._accession, self._agent_id = writer, accession, agent_id
        self._session: Session = writer.session
        self._now = writer.clock.now()
        self._rows: dict[type, list[dict[str, object]]] = {table: [] for table in _TABLES}
        self._marks: dict[type, int] = {}

    def record(self, arrivals: Sequence[Arrival]) -> list[Recorded | Refused]:
        """Record what is not recorded yet; an arrival whose capture is in the catalogue is left as it is."""
        fresh = [recordable_arrival(arrival) for arrival in without_recorded(self._session, arrivals)]
        self._shelf = Shelf(shelved(self._session, fresh))
        self._held = held_objects(self._session, fresh)
        self._texts = held_texts(self._session, fresh)
        self._said = already_said(self._session, fresh, self._shelf)
        self._next_item = items_in(self._session, self._accession) + 1
        outcomes = [self._record_one(arrival) for arrival in fresh]
        for table in _TABLES:
            if self._rows[table]:
                self._session.execute(insert(table_of(table)), self._rows[table])
        return outcomes

    def _record_one(self, arrival: Arrival) -> Recorded | Refused:
        try:
            item, because = self._shelf.find(arrival)
        except NoSuchItem as error:
            return Refused(arrival, str(error))
        self._marks = {table: len(rows) for table, rows in self._rows.items()}
        self._hold_object(arrival.object)
        if arrival.within:
            self._hold_object(arrival.within.container)
        text = self._hold_text(arrival)
        novelty = Novelty.CAPTURE
        if item is None:
            item, novelty = self._new_item(), Novelty.ITEM
        version = item.version_with(arrival, text)
        if version is None:
            novelty = novelty if novelty is Novelty.ITEM else Novelty.VERSION
            version = self._new_version(item, arrival, text)
        self._capture(arrival, item, version, novelty)
        version.take(arrival)
        item.addresses |= set(addresses_of(arrival))
        item.outlets |= outlets_of(arrival)
        self._shelf.put(item)
        return Recorded(arrival, novelty, item.label.at_version(version.number), version.id, because)

    def _hold_object(self, held: HeldObject) -> None:
        if held.digest not in self._held:
            row = {"digest": held.digest, "size": held.size, "recorded": self._now}
            self._held[held.digest] = row
            self._rows[ObjectRow].append(row)

    def _hold_text(self, arrival: Arrival) -> Digest | None:
        if not arrival.reading.text:
            return None
        digest = Digest.of_text(arrival.reading.text)
        if digest not in self._texts:
            row = {"digest": digest, "rule": RULE, "unicode": UNICODE_VERSION}
            self._texts[digest] = row
            self._rows[TextRow].append({**row, "body": arrival.reading.text})
        return digest

    def _new_item(self) -> ShelvedItem:
        label = self._accession.label.at_item(self._next_item)
        item = ShelvedItem(self._writer.clock.new_id(), label)
        self._add(
            ItemRow, id=item.id, label=str(label), accession_id=self._accession.id, number=self._next_item
        )
        self._next_item += 1
        return item

    def _new_version(self, item: ShelvedItem, arrival: Arrival, text: Digest | None) -> ShelvedVersion:
        number = max((v.number for v in item.versions), default=0) + 1
        version = ShelvedVersion(self._writer.clock.new_id(), number, set(), text)
        item.versions.append(version)
        reading = arrival.reading
        self._add(
            VersionRow,
            id=version.id,
            item_id=item.id,
            number=number,
            object_digest=arrival.object.digest,
            text_digest=text,
            state=reading.state,
            format=reading.format,
            reader=reading.reader.name,
            reader_version=reading.reader.version,
            reason=reading.reason,
            recorded=self._now,
            position=self._writer.ledger.next_position,
        )
        self._add_text_structure(version.id, arrival)
        return version

    def _add_text_structure(self, version_id: UUID, arrival: Arrival) -> None:
        text = arrival.reading.text
        for number, paragraph in enumerate(arrival.reading.paragraphs, 1):
            span, digest = paragraph.span, Digest.of_text(paragraph.span.of(text))
            at = {"number": number, "start": span.start, "end": span.end}
            self._add(ParagraphRow, version_id=version_id, kind=paragraph.kind, digest=digest, **at)
        for passage in arrival.passages:
            at = {"number": passage.number, "start": passage.span.start, "end": passage.span.end}
            self._add(PassageRow, version_id=version_id, kind=passage.kind, **at)
        for number, made in enumerate(arrival.attributions):
            self._rows[AttributionRow].append(attribution_values(made, version_id, number))
        self._add(
            ExtractionRow,
            version_id=version_id,
            method=arrival.extracted_by.name,
            method_version=arrival.extracted_by.version,
            position=self._writer.ledger.next_position,
        )

    def _capture(
        self, arrival: Arrival, item: ShelvedItem, version: ShelvedVersion, novelty: Novelty
    ) -> None:
        within = arrival.within
        self._add(
            CaptureRow,
            id=arrival.capture_id,
            version_id=version.id,
            accession_id=self._accession.id,
            object_digest=arrival.object.digest,
            name=arrival.name,
            recorded=self._now,
            container_digest=within.container.digest if within else None,
            place=within.place if within else None,
            payload_digest=within.payload_digest if within else None,
        )
        said = self._new_statements(arrival, version.id)
        for statement in said:
            row_id = self._writer.clock.new_id()
            self._rows[StatementRow].append(
                statement_values(statement, row_id, version.id, arrival.capture_id, self._now)
            )
        label = str(item.label.at_version(version.number))
        position = self._writer.ledger.append(self._capture_event(arrival, label, version, novelty))
        for finding in arrival.findings:
            self._writer.ledger.append(
                finding_event(finding, arrival, self._accession, label, self._agent_id)
            )
        self._bind(position, arrival, version, novelty)

    def _capture_event(
        self, arrival: Arrival, label: str, version: ShelvedVersion, novelty: Novelty
    ) -> NewEvent:
        within = arrival.within
        return NewEvent(
            EventType.CAPTURE,
            str(arrival.capture_id),
            Outcome.SUCCESS,
            self._agent_id,
            self._accession.by,
            {
                "accession": str(self._accession.label),
                "version": label,
                "object": str(arrival.object.digest),
                "container": str(within.container.digest) if within else None,
                "size": arrival.object.size,
                "text": str(version.text) if version.text else None,
                "reading": arrival.reading.state,
                "novelty": novelty,
            },
        )

    def _bind(self, position: int, arrival: Arrival, version: ShelvedVersion, novelty: Novelty) -> None:
        """Let the capture's leaf stand for its rows, and for the objects and the text it names, new or held."""
        ledger = self._writer.ledger
        for table in _BOUND:
            ledger.bind(position, str(table.__tablename__), self._rows[table][self._marks[table] :])
        named = {arrival.object.digest} | ({arrival.within.container.digest} if arrival.within else set())
        ledger.bind(position, "object", [self._held[digest] for digest in named])
        if version.text and novelty is not Novelty.CAPTURE:
            ledger.bind(position, "text", [self._texts[version.text]])

    def _new_statements(self, arrival: Arrival, version_id: UUID) -> list[Statement]:
        """What this capture says that is not recorded of the version on the same basis."""
        fresh = []
        for said in (*arrival.said, *arrival.reading.statements):
            key = said_key(said)
            known = self._said.setdefault(version_id, set())
            if said.about in OF_ONE_RETRIEVAL or key not in known:
                known.add(key)
                fresh.append(said)
        return fresh

    def _add(self, table: type, **values: object) -> None:
        self._rows[table].append(values)
