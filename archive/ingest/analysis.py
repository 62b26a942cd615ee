"""From a part that was read to the arrival that is recorded: passages, attributions, statements."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from archive.attribution.extract import extract, method_for
from archive.formats import Context
from archive.ingest.told import retrieval
from archive.model import Property
from archive.record import Arrival, Within
from archive.text.passages import passages

if TYPE_CHECKING:
    from archive.attribution.resolve import Authority
    from archive.formats import Part
    from archive.ingest.journal import Pending


def context(pending: Pending) -> Context:
    """What a reader is told about a copy beside its bytes."""
    told = pending.told
    moment = told.retrieved_moment
    retrieved = moment.at if moment else pending.modified or pending.received
    return Context(name=pending.name, address=told.url, retrieved=retrieved)


def local(stream: BinaryIO) -> Path | bytes:
    """An open object as its readers take it: the file it is, so that none of it is in memory here."""
    name = getattr(stream, "name", None)
    return Path(name) if isinstance(name, str) else stream.read()


def arrival(pending: Pending, part: Part, by: str, authority: Authority) -> Arrival:
    """One copy with what was read in it; whatever the reading came to, the copy is recorded."""
    reading = part.reading
    language = reading.first(Property.LANGUAGE)
    tongue = language.value if language else None
    found = passages(reading.text, reading.paragraphs, tongue)
    said = (*pending.told.statements(by), *part.statements)
    dated = any(s.about is Property.RETRIEVED for s in (*said, *reading.statements))
    inferred = () if dated else retrieval(pending.modified, pending.received)
    return Arrival(
        capture_id=pending.capture_id,
        name=pending.name,
        object=pending.object,
        reading=reading,
        passages=found,
        attributions=extract(reading.text, found, reading.paragraphs, tongue, authority),
        extracted_by=method_for(tongue),
        said=(*said, *inferred),
        item=pending.told.item_label,
        within=_within(pending, part),
    )


def _within(pending: Pending, part: Part) -> Within | None:
    if pending.container is None:
        return None
    return Within(pending.container, part.place, part.payload_digest, part.revisit_of)
