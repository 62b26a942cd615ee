"""The receipt of an accession: a line a copy, and the counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from archive.record import Novelty, Recorded


@dataclass(frozen=True, slots=True)
class RefusedCopy:
    """A copy that was not taken in, and why."""

    name: str
    reason: str


Line: TypeAlias = Recorded | RefusedCopy
"""A line of the receipt."""


@dataclass(slots=True)
class Receipt:
    """The counts of one accession; `label` is None until something was recorded."""

    label: str | None = None
    items: int = 0
    versions: int = 0
    captures: int = 0
    refused: int = 0
    findings: int = 0

    def count(self, line: Line) -> None:
        """Take a line into account."""
        if isinstance(line, RefusedCopy):
            self.refused += 1
            return
        self.findings += len(line.arrival.findings)
        if line.novelty is Novelty.ITEM:
            self.items += 1
        elif line.novelty is Novelty.VERSION:
            self.versions += 1
        else:
            self.captures += 1
