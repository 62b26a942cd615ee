"""From the bytes of a staged copy to the arrival that is recorded: reading, passages, attributions, statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from archive.attribution.extract import extract
from archive.formats import Context, read
from archive.ingest.told import retrieval
from archive.model import Property
from archive.record import Arrival
from archive.text.passages import passages

if TYPE_CHECKING:
    from archive.ingest.journal import Pending


def arrival(pending: Pending, content: BinaryIO, by: str) -> Arrival:
    """Read one copy; whatever the reading comes to, the copy is recorded."""
    told = pending.told
    moment = told.retrieved_moment
    retrieved = moment.at if moment else pending.modified or pending.received
    reading = read(content, Context(name=pending.name, address=told.url, retrieved=retrieved))
    language = reading.first(Property.LANGUAGE)
    tongue = language.value if language else None
    found = passages(reading.text, reading.paragraphs, tongue)
    return Arrival(
        capture_id=pending.capture_id,
        name=pending.name,
        object=pending.object,
        reading=reading,
        passages=found,
        attributions=extract(reading.text, found, reading.paragraphs, tongue),
        said=(*told.statements(by), *retrieval(told, pending.modified, pending.received)),
        item=told.item_label,
    )
