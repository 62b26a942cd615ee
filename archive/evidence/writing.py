"""Writing an evidence pack into a new folder, and checking it with its own program before it is given out."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from archive.digest import Algorithm, Digest
from archive.errors import ArchiveError, UsageError
from archive.ledger.pack.build import MANIFEST, manifest, object_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from archive.archive import Archive
    from archive.evidence.gathering import Evidence
    from archive.label import Label

CHUNK = 1024 * 1024


class FolderInUse(UsageError):
    """A pack was to be written where something lies."""


class NotWritten(ArchiveError):
    """The disk refused a pack, or an object in it is not what was recorded."""


@dataclass(frozen=True, slots=True)
class Written:
    """A pack that was written: where, and how many files and bytes it has."""

    path: Path
    files: int
    size: int


def write_pack(archive: Archive, evidence: Evidence, folder: Path, more: Mapping[str, bytes]) -> Written:
    """Write a pack into a new or empty folder; `more` are further files by path, such as the report.

    Raises `FolderInUse`, and `NotWritten` where an object's bytes are not those that were recorded.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderInUse(f"{folder} holds something already: name a new folder")
    files = {**evidence.ledger.files(), **dict(record_files(evidence)), **more}
    try:
        digests = {path: _put(folder, path, content) for path, content in files.items()}
        for digest in evidence.objects:
            digests[object_path(digest)] = _copy(archive, digest, folder)
        _put(folder, MANIFEST, manifest(digests))
    except OSError as error:
        raise NotWritten(f"the pack could not be written to {folder}: {error.strerror}") from error
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return Written(folder, len(digests) + 1, size)


def record_files(evidence: Evidence) -> Iterator[tuple[str, bytes]]:
    """Texts, the rows that each leaf stands for, and the checks with their proofs."""
    for holding in evidence.holdings:
        if holding.text:
            yield text_path(holding.version.label), holding.text.encode()
    for told in evidence.told:
        for table, rows in told.rows.items():
            yield f"records/{told.event.position}/{table}.jsonl", rows
    for each in evidence.checked:
        if each.proof:
            proof = {
                "leaf": each.check.position,
                "object": str(each.digest),
                "result": base64.b64encode(each.proof.leaf).decode(),
                "index": each.proof.index,
                "size": each.proof.size,
                "path": [base64.b64encode(step).decode() for step in each.proof.path],
            }
            name = f"fixity/{each.check.position}-{each.digest.hex[:16]}.json"
            yield name, json.dumps(proof, indent=1).encode() + b"\n"


def text_path(label: Label) -> str:
    """Where the canonical text of a version lies in a pack."""
    return f"texts/{str(label).replace('@', '-v')}.txt"


def _put(folder: Path, path: str, content: bytes) -> Digest:
    place = folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    return Digest.of(content)


def _copy(archive: Archive, digest: Digest, folder: Path) -> Digest:
    """Copy an object's bytes, never all of them in memory; raises `NotWritten` where they are not its own."""
    place = folder / object_path(digest)
    place.parent.mkdir(parents=True, exist_ok=True)
    total = sha256()
    with archive.store.open(digest) as source, place.open("wb") as target:
        while part := source.read(CHUNK):
            total.update(part)
            target.write(part)
    made = Digest(Algorithm.SHA256, total.digest())
    if made != digest:
        raise NotWritten(f"{digest} is altered in the store, its bytes have {made}: run `claimtrail verify`")
    return made
