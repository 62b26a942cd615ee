"""What a check came to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archive.store import Coldness
from archive.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from archive.catalog.fixity import CutOff
    from archive.verdict import IntegrityFinding

KEPT = 1000
"""How many findings a report keeps; all are told as they come, and counted."""


NOT_LOOKED_AT = (Verdict.UNREADABLE, Verdict.OVERDUE)
"""Findings that say only that something could not be looked at, or was not in time."""


@dataclass(slots=True)
class Findings:
    """Findings as they come: told on, counted, and the first of them kept."""

    told: Callable[[IntegrityFinding], None] | None = None
    kept: list[IntegrityFinding] = field(default_factory=list)
    counts: dict[Verdict, int] = field(default_factory=dict)

    def add(self, finding: IntegrityFinding) -> None:
        """Take one in."""
        self.counts[finding.code] = self.counts.get(finding.code, 0) + 1
        if len(self.kept) < KEPT:
            self.kept.append(finding)
        if self.told:
            self.told(finding)

    @property
    def number(self) -> int:
        """How many there were."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Report:
    """What a run found: outcomes counted from the rows that were written, and the first findings.

    `recorded` is False where the archive is read-only and the outcomes could not be entered. `whole` is
    False where something was left out, `unfinished` says why a run did not come to its end. `copies` are the
    outcomes in each replica, by its address.
    """

    run_id: UUID | None
    counts: dict[str, int]
    objects: int
    size: int
    events: int | None
    findings: tuple[IntegrityFinding, ...] = field(default=())
    by_code: dict[Verdict, int] = field(default_factory=dict)
    scope: str = "everything"
    checked: tuple[str, ...] = ()
    seconds: float = 0.0
    cold: bool = False
    coldness: Coldness = field(default_factory=Coldness)
    cut_off: tuple[CutOff, ...] = ()
    before: int = 0
    elsewhere: int = 0
    added: int = 0
    copies: dict[str, dict[str, int]] = field(default_factory=dict)
    unfinished: str = ""

    @property
    def recorded(self) -> bool:
        """Whether the outcomes were entered in the catalogue."""
        return self.run_id is not None

    @property
    def found(self) -> int:
        """How many findings there were, kept or not."""
        return sum(self.by_code.values())

    @property
    def failed(self) -> bool:
        """Whether something is not what it was."""
        return any(code not in NOT_LOOKED_AT for code in self.by_code)

    @property
    def incomplete(self) -> bool:
        """Whether something could not be looked at."""
        return bool(self.unfinished) or any(code in self.by_code for code in NOT_LOOKED_AT)
