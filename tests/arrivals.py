"""Copies about to be recorded, read from text as an ingest reads them, and the back ends to record them on."""

from __future__ import annotations

import io
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from archive.attribution.resolve import shipped
from archive.clock import SystemClock
from archive.digest import Digest
from archive.formats import parts
from archive.ingest.analysis import arrival, context
from archive.ingest.journal import Pending
from archive.ingest.told import Told
from archive.limits import Limits
from archive.record import HeldObject

if TYPE_CHECKING:
    from archive.catalog import Catalog
    from archive.catalog.recording import Refused
    from archive.catalog.writing import Writer
    from archive.record import Arrival, Recorded

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
BY = "M. Tansley"
CLOCK = SystemClock()

STORY = """Taps dry in Port Ellery

A main burst on Monday at the water works. About 2,300 households had no water, according to the authority.

"We are sorry," said the mayor.
"""


class StoppedClock(SystemClock):
    """Shows one time until it is set; identifiers rise as ever."""

    def __init__(self, at: datetime = NOON) -> None:
        super().__init__()
        self.at = at

    def now(self) -> datetime:
        return self.at

    def wait(self, **span: float) -> None:
        self.at += timedelta(**span)


def copy(text: str | bytes = STORY, name: str = "copy.txt", **told: str) -> Arrival:
    """A copy of a file with these bytes, and what the archivist said of it."""
    content = text.encode() if isinstance(text, str) else text
    held = HeldObject(Digest.of(content), len(content))
    pending = Pending(CLOCK.new_id(), held, name, None, NOON, Told(**told))
    (part,) = parts(io.BytesIO(content), context(pending, Limits()))
    return arrival(pending, part, BY, shipped())


def take(catalog: Catalog, *copies: Arrival, accession: uuid.UUID | None = None) -> list[Recorded | Refused]:
    """Record copies in one accession, as an ingest does."""
    identifier = accession or uuid.uuid4()

    def work(writer: Writer) -> list[Recorded | Refused]:
        opened = writer.accession(identifier, BY, "a test", "tests", None)
        return writer.record(opened, copies)

    return catalog.write(work)
