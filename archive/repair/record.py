"""Recording repairs: a copy was made (`rep`), an object was recovered (`rec`), and it is intact from here on."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Self

from archive.catalog.replicas import record_copy_checks
from archive.record import EventType, FixityResult, Outcome, Verdict
from archive.repair.mend import Became

if TYPE_CHECKING:
    from uuid import UUID

    from archive.archive import Archive
    from archive.catalog.writing import Writer
    from archive.ledger.canonical import Json
    from archive.repair.holders import Holder
    from archive.repair.mend import Mend

SCOPE = "repair"
"""What the run of a repair looks at; it is not a check of everything."""

CHANGING = (Became.RESTORED, Became.INTACT)
"""After these a place is known to hold the object."""


class Repairs:
    """The run in which repairs are entered; it is opened with the first and closed at the end."""

    def __init__(self, archive: Archive, *, dry_run: bool) -> None:
        self._archive, self._dry_run = archive, dry_run
        self._by = archive.settings.archivist
        self._run: UUID | None = None
        self._counts: Counter[str] = Counter()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Close the run, also where the repair was interrupted: what is in it is what was done."""
        if self._run is not None:
            self._archive.catalog.write(self._close)

    def record(self, holder: Holder, mend: Mend) -> None:
        """Enter what became of one object in one place, in a transaction; nothing where nothing was changed."""
        self._counts[mend.became.value] += 1
        if not self._dry_run and mend.became in CHANGING:
            self._archive.catalog.write(lambda writer: self._enter(writer, holder, mend))

    def _enter(self, writer: Writer, holder: Holder, mend: Mend) -> None:
        run = self._run or writer.open_fixity_run(self._by, SCOPE)
        result = FixityResult(mend.digest, Verdict.INTACT, str(mend.digest), writer.clock.now())
        if holder.replica:
            record_copy_checks(writer, holder.replica.id, run, [result])
        else:
            writer.fixity_results(run, [result])
        if mend.became is Became.RESTORED:
            self._events(writer, mend)
        self._run = run

    def _events(self, writer: Writer, mend: Mend) -> None:
        before = mend.before
        copied: dict[str, Json] = {"from": mend.source, "to": mend.where}
        recovered: dict[str, Json] = {
            "where": mend.where,
            "was": before.state.value,
            "found": str(before.found) if before.found else None,
            "quarantine": mend.aside,
        }
        writer.append(EventType.REPLICATION, str(mend.digest), Outcome.SUCCESS, self._by, copied)
        writer.append(EventType.RECOVERY, str(mend.digest), Outcome.SUCCESS, self._by, recovered)

    def _close(self, writer: Writer) -> None:
        if self._run is None:
            return
        outcome = (
            Outcome.SUCCESS if self._counts.keys() <= {kind.value for kind in CHANGING} else Outcome.FAILURE
        )
        sums: dict[str, Json] = {"scope": SCOPE, "counts": dict(self._counts)}
        position = writer.append(EventType.FIXITY_CHECK, str(self._run), outcome, self._by, sums)
        writer.close_fixity_run(self._run, outcome, position)
