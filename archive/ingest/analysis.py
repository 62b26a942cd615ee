"""From a part that was read to the arrival that is recorded: passages, attributions, statements."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from archive.attribution.domains import outlet_by_domain
from archive.attribution.extract import extract, method_for
from archive.formats import Context
from archive.ingest.told import retrieval
from archive.limits import Limits
from archive.model import Method, Property
from archive.record import Arrival, Within
from archive.text.passages import passages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archive.attribution.resolve import Authority
    from archive.formats import Part
    from archive.ingest.journal import Pending
    from archive.model import Attribution, Passage, Reading

USUAL = Limits()
"""The limits where the settings are not asked."""


def context(pending: Pending, limits: Limits = USUAL) -> Context:
    """What a reader is told about a copy beside its bytes, and how far it may go."""
    told = pending.told
    moment = told.retrieved_moment
    retrieved = moment.at if moment else pending.modified or pending.received
    return Context(
        name=pending.name, address=told.url, retrieved=retrieved, columns=told.column_map, limits=limits
    )


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
    made, method = _attributions(reading, found, tongue, authority)
    said = (*pending.told.statements(by), *part.statements)
    every = (*said, *reading.statements)
    dated = any(s.about is Property.RETRIEVED for s in every)
    inferred = () if dated else retrieval(pending.modified, pending.received)
    return Arrival(
        capture_id=pending.capture_id,
        name=pending.name,
        object=pending.object,
        reading=reading,
        passages=found,
        attributions=made,
        extracted_by=method,
        said=(*said, *inferred, *outlet_by_domain(every, authority)),
        item=pending.told.item_label,
        within=_within(pending, part),
        findings=part.findings,
    )


def _attributions(
    reading: Reading, found: Sequence[Passage], tongue: str | None, authority: Authority
) -> tuple[tuple[Attribution, ...], Method]:
    """Whom the text names, and by which method; a text that our rules break on is recorded without.

    The method then says so, and `claimtrail reread` tries it again.
    """
    try:
        return extract(reading.text, found, reading.paragraphs, tongue, authority), method_for(tongue)
    except Exception as error:  # noqa: BLE001 - a fault in our rules must not keep a copy from being recorded
        return (), Method("attribution", f"failed: {type(error).__name__}"[:64])


def _within(pending: Pending, part: Part) -> Within | None:
    if pending.container is None:
        return None
    return Within(pending.container, part.place, part.payload_digest, part.revisit_of)
