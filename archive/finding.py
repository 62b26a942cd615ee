"""What a check of a file on receipt found wrong: with the file's own digests, with its shape, or with its dates."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

LONGEST = 2_000
"""The most characters of each of a finding's words that are kept: a hostile file can make them any length."""


class Check(StrEnum):
    """What kind of check it was: `fixity` compares a digest, `validation` the rest of what a file promises."""

    FIXITY = "fixity"
    VALIDATION = "validation"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check of a part or file found wrong.

    `is_warning` marks what could not be checked, or hints at a mistake without proving one.
    """

    code: str
    subject: str
    expected: str
    found: str
    check: Check = Check.VALIDATION
    is_warning: bool = False

    def __str__(self) -> str:
        return f"{self.code}: {self.subject}, expected {self.expected}, found {self.found}"


@dataclass(frozen=True, slots=True)
class Noted:
    """A finding as recorded: of which capture, when, and at which place of the ledger, from 0."""

    capture_id: UUID
    finding: Finding
    at: datetime
    position: int
