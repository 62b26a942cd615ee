"""Whether every object was found intact within a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.catalog.coverage import coverage
from archive.catalog.standing import last_pass, size_of_uncovered, unchecked_before

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from archive.catalog.extent import Totals
    from archive.catalog.reading import Reader


@dataclass(frozen=True, slots=True)
class Covered:
    """How far checks reach back `within` a time; sizes in bytes.

    `covered` objects were found intact within it, `size` is theirs (None: too much is uncovered to be summed up
    quickly). `never` were not checked since they were taken in. `overdue` were last found intact before, or
    were taken in before and never checked. `oldest` is the oldest last check, `last_pass` the end of the last
    run that left nothing out.
    """

    within: timedelta
    objects: int
    covered: int
    size: int | None
    never: int
    overdue: int
    oldest: datetime | None
    last_pass: datetime | None

    @property
    def share(self) -> float:
        """The covered part of the objects, 0 to 1; all of nothing is covered."""
        return self.covered / self.objects if self.objects else 1.0


def covered(reader: Reader, totals: Totals, within: timedelta, now: datetime) -> Covered:
    """Count, in the database; the objects themselves are not walked through."""
    since = now - within
    found = coverage(reader.session, since, now)
    uncovered = size_of_uncovered(reader, since, now)
    return Covered(
        within,
        found.objects,
        found.fresh,
        None if uncovered is None else totals.size - uncovered,
        found.never,
        found.stale + unchecked_before(reader, since),
        found.oldest,
        last_pass(reader),
    )
