"""The note that is sealed with a batch: what to record of it, should this program not come to do so."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
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
    """One staged copy: what is known of it beside its bytes."""

    capture_id: UUID
    object: HeldObject
    name: str
    modified: datetime | None
    received: datetime
    told: Told


def write_note(opening: Opening, batch: list[Pending]) -> bytes:
    """The note for a batch, as JSON."""
    return json.dumps(
        {
            "format": FORMAT,
            "accession": {
                "id": str(opening.id),
                "by": opening.by,
                "tool": opening.tool,
                "origin": opening.origin,
                "note": opening.note,
            },
            "copies": [
                {
                    "capture": str(pending.capture_id),
                    "object": str(pending.object.digest),
                    "size": pending.object.size,
                    "name": pending.name,
                    "modified": pending.modified.isoformat() if pending.modified else None,
                    "received": pending.received.isoformat(),
                    "told": pending.told.as_dict(),
                }
                for pending in batch
            ],
        }
    ).encode()


def read_note(note: bytes) -> tuple[Opening, list[Pending]]:
    """What `write_note` wrote; the store has checked that it is whole."""
    read = json.loads(note)
    opening = Opening(**{**read["accession"], "id": UUID(read["accession"]["id"])})
    return opening, [
        Pending(
            UUID(copy["capture"]),
            HeldObject(Digest.parse(copy["object"]), copy["size"]),
            copy["name"],
            datetime.fromisoformat(copy["modified"]) if copy["modified"] else None,
            datetime.fromisoformat(copy["received"]),
            Told(**copy["told"]),
        )
        for copy in read["copies"]
    ]
