"""What is sent, and the failure to send it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from archive.errors import ArchiveError

if TYPE_CHECKING:
    from archive.ledger.canonical import Json


class NotDelivered(ArchiveError):
    """A notice did not reach its address; `may_pass` says whether trying again may help."""

    def __init__(self, words: str, *, may_pass: bool = True) -> None:
        super().__init__(words)
        self.may_pass = may_pass


@dataclass(frozen=True, slots=True)
class Notice:
    """One message: a line, a text for a person, and the same for a program.

    `id` stays the same when it is sent again, so that a receiver can tell.
    """

    id: UUID
    subject: str
    text: str
    facts: dict[str, Json]

    def body(self) -> bytes:
        """What a web address and a command are given: one JSON object."""
        return json.dumps(self.as_json(), sort_keys=True).encode()

    def as_json(self) -> dict[str, Json]:
        """The notice as an object, from which `from_json` makes it again."""
        return {
            "type": "notice",
            "id": str(self.id),
            "subject": self.subject,
            "text": self.text,
            "facts": self.facts,
        }

    @classmethod
    def from_json(cls, written: dict[str, object]) -> Notice:
        """The notice of which `as_json` made this; raises KeyError, TypeError or ValueError for anything else."""
        facts = written["facts"]
        if not isinstance(facts, dict):
            raise TypeError("the facts of a notice are an object")
        return cls(UUID(str(written["id"])), str(written["subject"]), str(written["text"]), facts)
