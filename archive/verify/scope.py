"""Which objects a check is about and how much of them it reads, and how it reads them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from archive.catalog.fixity_work import Due, Narrowed
from archive.checks import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from archive.amounts import Subset

_SPACE = 2**64

SLACK = timedelta(minutes=5)
"""By how much clocks of machines that share an archive may differ; a check later than that is of no known time."""


USUAL = (Kind.CATALOGUE, Kind.TEXTS, Kind.OBJECTS, Kind.COPIES, Kind.STRAYS, Kind.LEDGER, Kind.SCHEDULE)
"""What is checked unless something else is asked for; the index and the readings cost more or can be made anew."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which objects, and when to stop: all of them and at their end unless something is said.

    `due` leaves out those found intact within that time; `length` and `size` (bytes) end the run.
    """

    narrowed: Narrowed = field(default_factory=Narrowed)
    due: timedelta | None = None
    length: timedelta | None = None
    size: int | None = None
    sample: float | None = None
    subset: Subset | None = None
    anew: bool = False

    @property
    def whole(self) -> bool:
        """Whether nothing is left out."""
        left_out = (self.due, self.length, self.size, self.sample, self.subset)
        return not self.narrowed and all(each is None for each in left_out)

    @property
    def words(self) -> str:
        """The scope as the record of the run says it."""
        said = []
        if self.narrowed.accession:
            said.append(f"accession {self.narrowed.accession}")
        if self.narrowed.since:
            said.append(f"recorded since {self.narrowed.since:%Y-%m-%d}")
        if self.narrowed.without:
            said.append(f"those without a {self.narrowed.without} digest")
        if self.due:
            said.append(f"not found intact within {_days(self.due)}")
        if self.sample:
            said.append(f"a sample of {self.sample * 100:.4g} %")
        if self.subset:
            said.append(f"part {self.subset}")
        if self.length:
            said.append(f"stopping after {_days(self.length)}")
        if self.size:
            said.append(f"stopping after {self.size:,} bytes")
        return "; ".join(said) or "everything"

    def due_at(self, now: datetime) -> Due | None:
        """The times between which a check still counts."""
        return Due(now - self.due, now + SLACK) if self.due else None

    def of(self, values: Sequence[bytes], run_id: UUID) -> list[bytes]:
        """Those of the SHA-256 values that are in the sample of this run and in the subset.

        A digest is as good as a random number; each run turns it into another, so that samples are independent. It does
        so by its whole identifier: some bits of one are the same in all, and some objects would never be in a sample.
        """
        kept = list(values)
        if self.subset:
            number, of = self.subset.number - 1, self.subset.of
            kept = [v for v in kept if int.from_bytes(v[:8]) * of // _SPACE == number]
        if self.sample:
            below, turned = int(self.sample * _SPACE), sha256(run_id.bytes).digest()
            times, plus = int.from_bytes(turned[:8]) | 1, int.from_bytes(turned[8:16])
            kept = [v for v in kept if (int.from_bytes(v[8:16]) * times + plus) % _SPACE < below]
        return kept


@dataclass(frozen=True, slots=True)
class How:
    """How the objects are read: from the medium unless `warm`, at most `rate` bytes a second, giving way or not."""

    warm: bool = False
    rate: int | None = None
    urgent: bool = False
    workers: int = 0


def _days(length: timedelta) -> str:
    seconds = int(length.total_seconds())
    units = ((86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))
    unit, word = next(each for each in units if seconds % each[0] == 0)
    count = seconds // unit
    return f"{count} {word}{'' if count == 1 else 's'}"
