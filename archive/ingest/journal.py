"""The note that is sealed with a batch: what to record of it, should this program not come to do so."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from archive.digest import Digest
from archive.ingest.told import Told
from archive.record import HeldObject

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Opening:
    """What an accession is opened with; the identifier is made before anything is recorded."""

    id: UUID
    by: str
    tool: str
    origin: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Pending:
    """One staged copy: what is known of it beside its bytes.

    `container` and `part` say which part of which container it is; a whole file has neither.
    """

    capture_id: UUID
    object: HeldObject
    name: str
    modified: datetime | None
    received: datetime
    told: Told
    container: HeldObject | None = None
    part: int | None = None

    @property
    def file(self) -> HeldObject:
        """The bytes that have to be read for it: its own, or its container's."""
        return self.container or self.object


def write_note(opening: Opening, batch: list[Pending]) -> bytes:
    """The note for a batch, as JSON."""
    accession = {
        "id": str(opening.id),
        "by": opening.by,
        "tool": opening.tool,
        "origin": opening.origin,
        "note": opening.note,
    }
    note = {"format": FORMAT, "accession": accession, "copies": [_copy_out(pending) for pending in batch]}
    return json.dumps(note).encode()


def read_note(note: bytes) -> tuple[Opening, list[Pending]]:
    """What `write_note` wrote; the store has checked that it is whole."""
    read = json.loads(note)
    opening = Opening(**{**read["accession"], "id": UUID(read["accession"]["id"])})
    return opening, [_copy_in(copy) for copy in read["copies"]]


def _copy_out(pending: Pending) -> dict[str, Any]:
    return {
        "capture": str(pending.capture_id),
        "object": _held_out(pending.object),
        "name": pending.name,
        "modified": pending.modified.isoformat() if pending.modified else None,
        "received": pending.received.isoformat(),
        "told": pending.told.as_dict(),
        "container": _held_out(pending.container) if pending.container else None,
        "part": pending.part,
    }


def _copy_in(copy: dict[str, Any]) -> Pending:
    return Pending(
        UUID(copy["capture"]),
        _held_in(copy["object"]),
        copy["name"],
        datetime.fromisoformat(copy["modified"]) if copy["modified"] else None,
        datetime.fromisoformat(copy["received"]),
        Told(**copy["told"]),
        _held_in(copy["container"]) if copy["container"] else None,
        copy["part"],
    )


def _held_out(held: HeldObject) -> list[str | int]:
    return [str(held.digest), held.size]


def _held_in(held: list[Any]) -> HeldObject:
    return HeldObject(Digest.parse(held[0]), held[1])
