"""Between rows and records: the one file where one becomes the other."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from archive.address import normal_address
from archive.attribution.acts import Act
from archive.label import Label
from archive.model import Attribution, ClaimedSource, Evidence, Method, Moment, Property, Span, Statement
from archive.record import Capture, Event, Judged, Said, Version
from archive.text.folding import LIMIT, fold_name

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Row

    from archive.catalog.tables import (
        AttributionRow,
        CaptureRow,
        EventRow,
        ItemRow,
        JudgementRow,
        OutletActRow,
        StatementRow,
        VersionRow,
    )

ADDRESSES = (Property.ADDRESS, Property.CANONICAL_ADDRESS)


def folded_value(about: Property, value: str) -> str:
    """The form of a statement's value in which two of them are looked up as one."""
    return normal_address(value)[:LIMIT] if about in ADDRESSES else fold_name(value)


def statement_values(
    said: Statement, row_id: UUID, version_id: UUID, capture_id: UUID | None, recorded: datetime
) -> dict[str, object]:
    """The columns of a statement's row."""
    evidence, moment = said.evidence, said.moment
    span = evidence.span if evidence else None
    return {
        "id": row_id,
        "version_id": version_id,
        "capture_id": capture_id,
        "about": said.about,
        "value": said.value,
        "folded": folded_value(said.about, said.value),
        "basis": said.basis,
        "method": said.method.name,
        "method_version": said.method.version,
        "quote": evidence.quote if evidence else None,
        "start": span.start if span else None,
        "end": span.end if span else None,
        "place": evidence.place if evidence else None,
        "at": moment.at if moment else None,
        "precision": moment.precision if moment else None,
        "original": moment.original if moment else None,
        "zone": moment.zone if moment else None,
        "said_by": said.said_by,
        "recorded": recorded,
    }


def said_of(row: StatementRow) -> Said:
    """A statement as recorded, of what."""
    return Said(row.version_id, row.capture_id, statement_of(row), row.recorded)


def statement_of(row: StatementRow | Row[Any]) -> Statement:
    """A statement as recorded, out of the columns that it is made of."""
    span = Span(row.start, row.end) if row.start is not None and row.end is not None else None
    evidence = Evidence(row.quote, span, row.place) if row.quote is not None else None
    moment = None
    if row.at is not None and row.precision is not None:
        moment = Moment(row.at, row.precision, row.original or "", row.zone)
    method = Method(row.method, row.method_version)
    return Statement(row.about, row.value, row.basis, method, evidence, moment, row.said_by)


def attribution_values(made: Attribution, version_id: UUID, number: int) -> dict[str, object]:
    """The columns of an attribution's row."""
    return {
        "version_id": version_id,
        "number": number,
        "method": made.method.name,
        "method_version": made.method.version,
        "kind": made.kind,
        "source": _spans_text(made.source),
        "cue": _spans_text(made.cue),
        "content": _spans_text(made.content),
        "source_kind": made.resolved.kind,
        "source_name": made.resolved.name,
        "source_folded": fold_name(made.resolved.name),
        "outlet": made.resolved.outlet,
        "within": made.within,
    }


def attribution_of(row: AttributionRow) -> Attribution:
    """An attribution as extracted."""
    return Attribution(
        _spans(row.source),
        _spans(row.cue),
        _spans(row.content),
        row.kind,
        ClaimedSource(row.source_kind, row.source_name, row.outlet),
        Method(row.method, row.method_version),
        row.within,
    )


def judged_of(row: JudgementRow) -> Judged:
    """An archivist's word on an attribution."""
    method = Method(row.method, row.method_version)
    return Judged(method, row.number, row.judgement, row.said_by, row.recorded, row.source, row.note)


def act_of(row: OutletActRow) -> Act:
    """An act upon the authority file."""
    return Act(row.act, row.key, tuple(json.loads(row.names)), row.other)


def version_of(
    row: VersionRow, item: ItemRow, text_rule: str | None, text_unicode: str | None = None
) -> Version:
    """A version with the label that its item and number give it."""
    return Version(
        id=row.id,
        item_id=row.item_id,
        label=Label.parse(item.label).at_version(row.number),
        object=row.object_digest,
        text_digest=row.text_digest,
        text_rule=text_rule,
        state=row.state,
        format=row.format,
        reader=Method(row.reader, row.reader_version),
        reason=row.reason,
        recorded=row.recorded,
        position=row.position,
        text_unicode=text_unicode,
    )


def capture_of(row: CaptureRow, accession_label: str, size: int) -> Capture:
    """A capture with the label of the accession it came in with."""
    return Capture(
        row.id,
        row.version_id,
        Label.parse(accession_label),
        row.object_digest,
        size,
        row.name,
        row.recorded,
        row.container_digest,
        row.place,
    )


def event_of(row: EventRow, agent: str) -> Event:
    """An event with the name of the agent."""
    return Event(row.id, row.position, row.type, row.at, agent, row.subject, row.outcome, row.body)


def _spans_text(spans: tuple[Span, ...]) -> str:
    return json.dumps([[span.start, span.end] for span in spans])


def _spans(text: str) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in json.loads(text))
