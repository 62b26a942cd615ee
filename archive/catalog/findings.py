"""Findings on receipt as events: a check that failed is a leaf of the ledger, beside the capture it is about.

They have no table of their own: the leaf is the record, found again by its subject.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING
from uuid import UUID

from sqlmodel import col, select

from archive.catalog.chunks import chunked
from archive.catalog.events import NewEvent
from archive.catalog.ledger_reading import LedgerReader
from archive.catalog.tables import EventRow
from archive.digest import Digest
from archive.finding import LONGEST, Check, Finding, Noted
from archive.record import EventType, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlmodel import Session

    from archive.record import Accession, Arrival

EVENT_TYPES = {Check.FIXITY: EventType.FIXITY_CHECK, Check.VALIDATION: EventType.VALIDATION}


def finding_event(
    finding: Finding, arrival: Arrival, accession: Accession, version: str, agent_id: UUID
) -> NewEvent:
    """The event of a check that failed on receipt; a warning where nothing is proven."""
    within = arrival.within
    return NewEvent(
        EVENT_TYPES[finding.check],
        str(arrival.capture_id),
        Outcome.WARNING if finding.is_warning else Outcome.FAILURE,
        agent_id,
        accession.by,
        {
            "accession": str(accession.label),
            "version": version,
            "object": str(arrival.object.digest),
            "container": str(within.container.digest) if within else None,
            "reader": str(arrival.reading.reader),
            "finding": {
                "code": finding.code[:LONGEST],
                "subject": finding.subject[:LONGEST],
                "expected": finding.expected[:LONGEST],
                "found": finding.found[:LONGEST],
            },
        },
    )


def findings_of(session: Session, captures: Mapping[UUID, UUID]) -> dict[UUID, list[Noted]]:
    """What was found on the receipt of these captures, each given with its version; by version."""
    found: dict[UUID, list[Noted]] = defaultdict(list)
    for some in chunked([str(capture) for capture in captures]):
        query = select(EventRow).where(
            col(EventRow.subject).in_(some), col(EventRow.type).in_(list(EVENT_TYPES.values()))
        )
        rows = list(session.exec(query.order_by(col(EventRow.position))))
        for row, said in zip(rows, _said(session, rows), strict=True):
            capture_id = UUID(row.subject)
            noted = Noted(capture_id, _finding(row, said), row.at, row.position)
            found[captures[capture_id]].append(noted)
    return found


def _said(session: Session, rows: Sequence[EventRow]) -> list[dict[str, str]]:
    """What each leaf says was found; what was too long for it is kept beside the ledger, under its digest."""
    said = [json.loads(row.body)["finding"] for row in rows]
    long = {each["digest"] for each in said if each.keys() == {"digest", "size"}}
    kept = LedgerReader(session).details([Digest.parse(digest) for digest in long]) if long else {}
    whole = {str(digest): json.loads(body) for digest, body in kept.items()}
    return [whole.get(each.get("digest", ""), each) for each in said]


def _finding(row: EventRow, said: dict[str, str]) -> Finding:
    check = next(check for check, kind in EVENT_TYPES.items() if kind is row.type)
    return Finding(**said, check=check, is_warning=row.outcome is Outcome.WARNING)
