"""Recording a batch of arrivals in one transaction: what is new, what was held, and the events that say so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert
from sqlalchemy import select as sql_select
from sqlmodel import col, select

from archive.catalog.chunks import chunked
from archive.catalog.columns import table_of
from archive.catalog.events import NewEvent
from archive.catalog.findings import finding_event
from archive.catalog.rows import ADDRESSES, attribution_values, statement_values
from archive.catalog.shelf import NoSuchItem, Shelf, ShelvedItem, ShelvedVersion, addresses_of, outlets_of
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
from archive.label import Label
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

_Said = tuple[str, str, str, str | None]
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
        fresh = [recordable_arrival(arrival) for arrival in self._without_recorded(arrivals)]
        self._shelf = Shelf(_shelved(self._session, fresh))
        self._held = _held_objects(self._session, fresh)
        self._texts = _held_texts(self._session, fresh)
        self._said = _already_said(self._session, fresh, self._shelf)
        self._next_item = _items_in(self._session, self._accession) + 1
        outcomes = [self._record_one(arrival) for arrival in fresh]
        for table in _TABLES:
            if self._rows[table]:
                self._session.execute(insert(table_of(table)), self._rows[table])
        return outcomes

    def _without_recorded(self, arrivals: Sequence[Arrival]) -> list[Arrival]:
        done: set[UUID] = set()
        for ids in chunked([a.capture_id for a in arrivals]):
            done |= set(self._session.exec(select(CaptureRow.id).where(col(CaptureRow.id).in_(ids))))
        return [arrival for arrival in arrivals if arrival.capture_id not in done]

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
        digest, within = arrival.object.digest, arrival.within
        self._add(
            CaptureRow,
            id=arrival.capture_id,
            version_id=version.id,
            accession_id=self._accession.id,
            object_digest=digest,
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
        position = self._writer.ledger.append(
            NewEvent(
                EventType.CAPTURE,
                str(arrival.capture_id),
                Outcome.SUCCESS,
                self._agent_id,
                self._accession.by,
                {
                    "accession": str(self._accession.label),
                    "version": str(item.label.at_version(version.number)),
                    "object": str(digest),
                    "container": str(within.container.digest) if within else None,
                    "size": arrival.object.size,
                    "text": str(version.text) if version.text else None,
                    "reading": arrival.reading.state,
                    "novelty": novelty,
                },
            )
        )
        label = str(item.label.at_version(version.number))
        for finding in arrival.findings:
            self._writer.ledger.append(
                finding_event(finding, arrival, self._accession, label, self._agent_id)
            )
        self._bind(position, arrival, version, novelty)

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
            key = (said.about.value, said.value, said.basis.value, said.said_by)
            known = self._said.setdefault(version_id, set())
            if said.about in OF_ONE_RETRIEVAL or key not in known:
                known.add(key)
                fresh.append(said)
        return fresh

    def _add(self, table: type, **values: object) -> None:
        self._rows[table].append(values)


def _items_in(session: Session, accession: Accession) -> int:
    highest = select(func.max(ItemRow.number)).where(ItemRow.accession_id == accession.id)
    return session.exec(highest).one() or 0


def _held_objects(session: Session, arrivals: Sequence[Arrival]) -> dict[Digest, dict[str, object]]:
    """The rows of the batch's objects that are recorded already, by digest."""
    copies = {a.object.digest for a in arrivals}
    containers = {a.within.container.digest for a in arrivals if a.within}
    columns = (col(ObjectRow.digest), col(ObjectRow.size), col(ObjectRow.recorded))
    return _rows_by_digest(session, columns, list(copies | containers))


def _held_texts(session: Session, arrivals: Sequence[Arrival]) -> dict[Digest, dict[str, object]]:
    """The rows of the batch's canonical texts that are recorded already, without bodies, by digest.

    A text may have an object's digest as well.
    """
    digests = list({Digest.of_text(a.reading.text) for a in arrivals if a.reading.text})
    columns = (col(TextRow.digest), col(TextRow.rule), col(TextRow.unicode))
    return _rows_by_digest(session, columns, digests)


def _rows_by_digest(
    session: Session, columns: Sequence[Any], digests: Sequence[Digest]
) -> dict[Digest, dict[str, object]]:
    held: dict[Digest, dict[str, object]] = {}
    for some in chunked(digests):
        for row in session.execute(sql_select(*columns).where(columns[0].in_(some))).mappings():
            held[row["digest"]] = dict(row)
    return held


def _shelved(session: Session, arrivals: Sequence[Arrival]) -> list[ShelvedItem]:
    """Every item that an arrival of the batch may belong to."""
    wanted: set[UUID] = set()
    for labels in chunked(list({str(a.item) for a in arrivals if a.item})):
        wanted |= set(session.exec(select(ItemRow.id).where(col(ItemRow.label).in_(labels))))
    for digests in chunked(list({a.object.digest for a in arrivals})):
        same_bytes = (
            select(VersionRow.item_id)
            .join(CaptureRow, col(CaptureRow.version_id) == VersionRow.id)
            .where(col(CaptureRow.object_digest).in_(digests))
        )
        wanted |= set(session.exec(same_bytes))
    for addresses in chunked(list({address for a in arrivals for address in addresses_of(a)})):
        same_address = (
            select(VersionRow.item_id)
            .join(StatementRow, col(StatementRow.version_id) == VersionRow.id)
            .where(col(StatementRow.about).in_(ADDRESSES), col(StatementRow.folded).in_(addresses))
        )
        wanted |= set(session.exec(same_address))
    revisits = {a.within.revisit_of for a in arrivals if a.within and a.within.revisit_of}
    for payloads in chunked(list(revisits)):
        revisited = (
            select(VersionRow.item_id)
            .join(CaptureRow, col(CaptureRow.version_id) == VersionRow.id)
            .where(col(CaptureRow.payload_digest).in_(payloads))
        )
        wanted |= set(session.exec(revisited))
    return [item for ids in chunked(sorted(wanted)) for item in _items(session, ids)]


def _items(session: Session, ids: Sequence[UUID]) -> list[ShelvedItem]:
    items = {
        row.id: ShelvedItem(row.id, Label.parse(row.label))
        for row in session.exec(select(ItemRow).where(col(ItemRow.id).in_(ids)))
    }
    versions: dict[UUID, ShelvedVersion] = {}
    shelved = (
        select(VersionRow, col(CaptureRow.object_digest), col(CaptureRow.payload_digest))
        .join(CaptureRow, col(CaptureRow.version_id) == VersionRow.id)
        .where(col(VersionRow.item_id).in_(ids))
    )
    for row, digest, payload in session.exec(shelved):
        if row.id not in versions:
            versions[row.id] = ShelvedVersion(row.id, row.number, set(), row.text_digest)
            items[row.item_id].versions.append(versions[row.id])
        versions[row.id].objects.add(digest)
        if payload:
            versions[row.id].payloads.add(payload)
    known_by = (
        select(VersionRow.item_id, StatementRow.about, StatementRow.folded)
        .join(VersionRow, col(VersionRow.id) == StatementRow.version_id)
        .where(col(VersionRow.item_id).in_(ids), col(StatementRow.about).in_((*ADDRESSES, Property.OUTLET)))
    )
    for item_id, about, folded in session.exec(known_by):
        names = items[item_id].addresses if about in ADDRESSES else items[item_id].outlets
        names.add(folded)
    return list(items.values())


def _already_said(session: Session, arrivals: Sequence[Arrival], shelf: Shelf) -> dict[UUID, set[_Said]]:
    """What is recorded of the versions that the batch may meet again."""
    met = {v.id for a in arrivals for v in shelf.versions_like(a)}
    said: dict[UUID, set[_Said]] = {}
    for ids in chunked(sorted(met)):
        rows = select(StatementRow).where(col(StatementRow.version_id).in_(ids))
        for row in session.exec(rows):
            key = (row.about.value, row.value, row.basis.value, row.said_by)
            said.setdefault(row.version_id, set()).add(key)
    return said
