"""What became of one object in one place."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archive.digest import Digest
    from archive.store import Checked


class Became(StrEnum):
    """What became of one object in one place."""

    RESTORED = "restored"
    WOULD_RESTORE = "would be restored"
    INTACT = "intact"
    NO_COPY = "no copy verifies"
    UNREADABLE = "left, unreadable"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Mend:
    """One object in one place: what stood there, what became of it, from which copy, and where the bad bytes are.

    `size` is that of the object as it is now, in bytes.
    `where` and `source` are addresses of stores; `aside` is a place below `where`, and so is `slip`, the store's
    own note of what was missing, until it is recorded.
    """

    digest: Digest
    where: str
    before: Checked
    became: Became
    source: str | None = None
    aside: str | None = None
    reason: str | None = None
    size: int = 0
    slip: str | None = None

    @property
    def ended_well(self) -> bool:
        """Whether the place holds the object now, or would."""
        return self.became in (Became.RESTORED, Became.WOULD_RESTORE, Became.INTACT)
