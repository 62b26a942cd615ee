"""Where checkpoints are kept: a file for each, named by the size of the ledger that it signs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.checkpoints.files import write_whole
from archive.errors import ArchiveError
from archive.ledger.checkpoint import Checkpoint
from archive.ledger.note import SignedNote

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ENDING = ".checkpoint"
_NAME = re.compile(r"(\d{20})\.checkpoint")


class NotKept(ArchiveError):
    """A checkpoint could not be read or written where it should be kept."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Checkpoints in one directory, the archive's own or one elsewhere."""

    path: Path

    def sizes(self) -> list[int]:
        """The sizes that there are checkpoints of, ascending."""
        try:
            names = [entry.name for entry in self.path.iterdir()]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise NotKept(f"{self.path} cannot be read: {error.strerror}") from error
        return sorted(int(match.group(1)) for match in map(_NAME.fullmatch, names) if match)

    def at(self, size: int) -> SignedNote | None:
        """The checkpoint of that size, None where there is none; raises `NotKept`, `BadNote`."""
        return read_note(self.place(size))

    def last(self) -> SignedNote | None:
        """The checkpoint of the largest size."""
        sizes = self.sizes()
        return self.at(sizes[-1]) if sizes else None

    def all(self) -> Iterator[tuple[Path, SignedNote]]:
        """Every checkpoint with its file, ascending; raises `BadNote` as it comes to one that is none."""
        for size in self.sizes():
            note = self.at(size)
            if note:
                yield self.place(size), note

    def place(self, size: int) -> Path:
        """The file of the checkpoint of that size."""
        return self.path / f"{size:020d}{ENDING}"

    def keep(self, note: SignedNote) -> Path:
        """Put a checkpoint there, durably; raises `NotKept` where the disk refuses."""
        place = self.place(Checkpoint.parse(note.text).size)
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            write_whole(place, bytes(note))
        except OSError as error:
            raise NotKept(f"{place} cannot be written: {error.strerror}") from error
        return place


def read_note(path: Path) -> SignedNote | None:
    """A signed note from a file, None where there is none; raises `NotKept`, `BadNote`."""
    try:
        return SignedNote.parse(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise NotKept(f"{path} cannot be read: {error.strerror}") from error
