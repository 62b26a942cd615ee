"""Time stamps as files: what was sent to an authority, and its answer, by the size of the ledger.

ledger/timestamps/<size>.stamped    the checkpoint exactly as it was stamped
ledger/timestamps/<size>.tsr        the authority's answer (RFC 3161, DER)
ledger/timestamps/<size>.tsq        a request that is not answered yet
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.checkpoints.files import write_whole
from archive.checkpoints.shelf import NotKept
from archive.ledger.checkpoint import Checkpoint
from archive.ledger.note import SignedNote
from archive.ledger.pack.build import Stamped
from archive.ledger.timestamp import StampRequest

if TYPE_CHECKING:
    from pathlib import Path

_ANSWER = re.compile(r"(\d{20})\.tsr")


@dataclass(frozen=True, slots=True)
class Stamps:
    """The time stamps of one archive, in a directory."""

    path: Path

    def sizes(self) -> list[int]:
        """The sizes of the ledger that a time stamp was kept for, ascending."""
        if not self.path.is_dir():
            return []
        names = (_ANSWER.fullmatch(entry.name) for entry in self.path.iterdir())
        return sorted(int(match.group(1)) for match in names if match)

    def at(self, size: int) -> Stamped | None:
        """The checkpoint as it was stamped, and the answer; None where there is none."""
        stamped, answer = (self.path / f"{size:020d}.{ending}" for ending in ("stamped", "tsr"))
        try:
            return Stamped(SignedNote.parse(stamped.read_bytes()), answer.read_bytes())
        except FileNotFoundError:
            return None
        except OSError as error:
            raise NotKept(f"{error.filename} cannot be read: {error.strerror}") from error

    def ask(self, note: SignedNote, request: StampRequest) -> Path:
        """Keep a request over a checkpoint until its answer comes; where it lies."""
        size = Checkpoint.parse(note.text).size
        self._put(f"{size:020d}.stamped", bytes(note))
        return self._put(f"{size:020d}.tsq", request.to_der())

    def asked(self) -> tuple[SignedNote, StampRequest] | None:
        """The newest request that has no answer yet, and the checkpoint that it is over."""
        if not self.path.is_dir():
            return None
        for place in sorted(self.path.glob("*.tsq"), reverse=True):
            note = SignedNote.parse(place.with_suffix(".stamped").read_bytes())
            return note, StampRequest.from_der(place.read_bytes())
        return None

    def keep(self, note: SignedNote, answer: bytes) -> Path:
        """Keep an answer that was checked, with the checkpoint that it is over."""
        size = Checkpoint.parse(note.text).size
        self._put(f"{size:020d}.stamped", bytes(note))
        place = self._put(f"{size:020d}.tsr", answer)
        place.with_suffix(".tsq").unlink(missing_ok=True)
        return place

    def _put(self, name: str, content: bytes) -> Path:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            write_whole(self.path / name, content)
        except OSError as error:
            raise NotKept(f"{self.path / name} cannot be written: {error.strerror}") from error
        return self.path / name
