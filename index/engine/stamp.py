"""The stamp of a generation: what it covers, of what it is made, and the digests of its files."""

from __future__ import annotations

import binascii
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = 2
"""Counts up with every change of what is indexed or how; an index of another schema is rebuilt."""


STAMP = "stamp.json"


@dataclass(frozen=True, slots=True)
class Part:
    """A segment of a generation: its name, the versions in it, and which of them are deleted, rising."""

    name: str
    count: int
    deleted: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a generation is: the catalogue position it covers, its versions, and its files with their
    digests.

    `parts` are its segments, where the engine does not keep account of them itself.
    """

    position: int
    documents: int
    engine: str
    files: dict[str, tuple[int, str, bytes]]
    parts: tuple[Part, ...] = ()
    schema: int = SCHEMA

    def to_json(self) -> bytes:
        """The stamp as it is written."""
        files = {
            name: {
                "size": size,
                "sha256": digest,
                "pages": binascii.b2a_base64(pages, newline=False).decode(),
            }
            for name, (size, digest, pages) in sorted(self.files.items())
        }
        told = {
            "schema": self.schema,
            "engine": self.engine,
            "position": self.position,
            "documents": self.documents,
            "parts": [(part.name, part.count, part.deleted) for part in self.parts],
        }
        return json.dumps(told | {"files": files}).encode()

    @classmethod
    def from_json(cls, raw: bytes) -> Stamp:
        """The stamp that was written."""
        told: dict[str, Any] = json.loads(raw)
        files = {
            name: (int(file["size"]), str(file["sha256"]), binascii.a2b_base64(file["pages"]))
            for name, file in told["files"].items()
        }
        parts = tuple(Part(name, count, tuple(deleted)) for name, count, deleted in told.get("parts", ()))
        return cls(
            int(told["position"]),
            int(told["documents"]),
            str(told["engine"]),
            files,
            parts,
            int(told["schema"]),
        )


@dataclass(frozen=True, slots=True)
class Generation:
    """A complete generation: its directory and its stamp."""

    path: Path
    stamp: Stamp

    @property
    def number(self) -> int:
        """Its number, which rises."""
        return int(self.path.name.partition("-")[2])
