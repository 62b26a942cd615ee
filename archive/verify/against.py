"""The ledger against checkpoints that were kept elsewhere: what alone finds a history that was rewritten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.checkpoints import keyring
from archive.checkpoints.continuing import continues
from archive.checkpoints.shelf import read_note
from archive.errors import ArchiveError, UsageError
from archive.ledger.checkpoint import Checkpoint, open_checkpoint
from archive.ledger.succession import keys_at
from archive.verdict import IntegrityFinding, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from archive.archive import Archive
    from archive.ledger.note import SignedNote


class NoCheckpointThere(UsageError):
    """There is no checkpoint where one was said to be kept."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A checkpoint that was kept elsewhere: its file, the size it signs, and what does not fit, if anything."""

    path: Path
    size: int
    finding: IntegrityFinding | None = None


def compare(archive: Archive, paths: Sequence[Path]) -> list[Compared]:
    """Whether the ledger continues each checkpoint in these files and folders; raises `NoCheckpointThere`."""
    return [_compared(archive, path, note) for path, note in _kept(paths)]


def _kept(paths: Sequence[Path]) -> Iterator[tuple[Path, SignedNote]]:
    """The checkpoints in files, and in folders and those within."""
    for path in paths:
        files = sorted(path.rglob("*.checkpoint")) if path.is_dir() else [path]
        if not files:
            raise NoCheckpointThere(f"there is no checkpoint in {path}")
        for file in files:
            note = read_note(file)
            if note is None:
                raise NoCheckpointThere(f"there is no checkpoint at {file}")
            yield file, note


def _compared(archive: Archive, path: Path, note: SignedNote) -> Compared:
    kept = Checkpoint.parse(note.text)
    expected = f"a ledger that begins with the {kept.size:,} events under {kept.root.hex()}"
    found = _unlike(archive, note, kept)
    if found is None:
        return Compared(path, kept.size)
    code, words = found
    return Compared(path, kept.size, IntegrityFinding(code, f"checkpoint {path}", expected, words))


def _unlike(archive: Archive, note: SignedNote, kept: Checkpoint) -> tuple[Verdict, str] | None:
    """How the ledger differs from what a kept checkpoint signs, None where it continues it."""
    try:
        open_checkpoint(note, *keys_at(keyring(archive).terms(), kept.size))
    except ArchiveError as error:
        return Verdict.UNVERIFIABLE, f"not signed by a key of this ledger: {error}"
    with archive.catalog.read() as reader:
        ledger = reader.ledger()
        present = Checkpoint.of(kept.origin, ledger.head())
        if kept.size > present.size:
            return Verdict.MISSING, f"{present.size:,} events: the ledger was rolled back"
        if not continues(ledger, kept, present):
            words = "another history: it was rewritten since, or somebody is shown another one"
            return Verdict.ALTERED, words
    return None
