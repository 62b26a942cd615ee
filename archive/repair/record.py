"""Recording repairs: a copy was made (`rep`), an object was recovered (`rec`), and it is intact from here on."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from archive.catalog import fixity
from archive.catalog.mending import enter_restored, recoveries
from archive.catalog.replicas import record_copy_checks
from archive.lease import Lease
from archive.record import EventType, Outcome
from archive.repair.mend import Became, Mend
from archive.store import Aside, Checked, ObjectState
from archive.verdict import FixityResult, Verdict

if TYPE_CHECKING:
    from archive.archive import Archive
    from archive.catalog.fixity import Plan
    from archive.catalog.writing import Writer
    from archive.digest import Digest
    from archive.ledger.canonical import Json
    from archive.repair.holders import Holder

WORK = "verify"
"""A repair is one more job among the checks, so that none takes another for cut off."""

CHANGING = (Became.RESTORED, Became.INTACT)
"""After these a place is known to hold the object."""


class Repairs:
    """The run in which repairs are entered; it is opened with the first and closed at the end."""

    def __init__(self, archive: Archive, *, dry_run: bool) -> None:
        self._archive, self._dry_run = archive, dry_run
        self._by = archive.settings.archivist
        self._stack = ExitStack()
        self._plan: Plan | None = None
        self._batch = 0
        self._counts: Counter[str] = Counter()
        self._begun: dict[tuple[str, Digest], Aside] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Close the run, also where the repair was interrupted: what is in it is what was done."""
        with self._stack:
            if self._plan is not None:
                plan = self._plan
                self._archive.catalog.write(lambda writer: self._close(writer, plan))

    def catch_up(self, holder: Holder) -> None:
        """Enter recoveries whose repair was cut off between the disk and the record, by what lies in quarantine.

        What was moved there, and not replaced before the repair was cut off, is remembered for when it is replaced.
        """
        kept = [] if self._dry_run else list(holder.store.quarantined())
        if not kept:
            return
        with self._archive.catalog.read() as reader:
            known = recoveries(reader, [aside.digest for aside in kept])
        told: set[Digest] = set()
        # Slips last: what was moved away and then missing is one recovery, and it is told with what is kept.
        for aside in sorted(kept, key=lambda each: each.was is ObjectState.MISSING):
            entered = (str(aside.digest), holder.address, aside.place) in known
            if entered or (aside.was is ObjectState.MISSING and aside.digest in told):
                holder.store.forget(aside)
            elif holder.store.check(aside.digest).state is ObjectState.INTACT:
                self._enter_late(_late(holder, aside))
                holder.store.forget(aside)
                told.add(aside.digest)
            elif aside.was is not ObjectState.MISSING:
                self._begun[holder.address, aside.digest] = aside

    def _enter_late(self, late: Mend) -> None:
        self._archive.catalog.write(lambda writer: self._events(writer, late))

    def record(self, holder: Holder, mend: Mend) -> None:
        """Enter what became of one object in one place, in a transaction; nothing where nothing was changed."""
        self._counts[mend.became.value] += 1
        if self._dry_run or mend.became not in CHANGING:
            return
        plan = self._plan or self._open()
        whole = self._with_begun(mend)
        self._batch = self._archive.catalog.write(lambda writer: self._enter(writer, plan, holder, whole))
        if mend.slip:
            holder.store.forget(Aside(mend.digest, mend.slip, ObjectState.MISSING, None))

    def _with_begun(self, mend: Mend) -> Mend:
        """One that was missing because an earlier repair moved it away was what that one found it to be."""
        begun = self._begun.get((mend.where, mend.digest)) if mend.slip else None
        if begun is None:
            return mend
        before = Checked(mend.digest, begun.was, found=begun.found)
        return replace(mend, before=before, aside=begun.place)

    def _open(self) -> Plan:
        """Enter the run beside those that are at work."""
        catalog, settings = self._archive.catalog, self._archive.settings
        lease = Lease(catalog, self._archive.clock, WORK, lease_seconds=settings.number("lease"))
        self._stack.enter_context(lease)
        alive = [job.id for job in lease.others()]
        self._plan, _ = catalog.write(
            lambda writer: fixity.open_run(
                writer, lease.id, self._by, fixity.REPAIR, whole=False, alive=alive
            )
        )
        return self._plan

    def _enter(self, writer: Writer, plan: Plan, holder: Holder, mend: Mend) -> int:
        batch = self._batch
        if holder.replica:
            result = FixityResult(mend.digest, Verdict.INTACT, str(mend.digest), writer.clock.now())
            record_copy_checks(writer, holder.replica, plan.run_id, [result], self._by)
        else:
            batch = enter_restored(writer, plan, self._by, batch, mend.digest, mend.size)
        if mend.became is Became.RESTORED:
            self._events(writer, mend)
        return batch

    def _events(self, writer: Writer, mend: Mend) -> None:
        before = mend.before
        copied: dict[str, Json] = {"from": mend.source, "to": mend.where}
        recovered: dict[str, Json] = {
            "where": mend.where,
            "was": before.state.value,
            "found": str(before.found) if before.found else None,
            "quarantine": mend.aside,
        }
        if mend.slip:
            recovered["slip"] = mend.slip
        writer.append(EventType.REPLICATION, str(mend.digest), Outcome.SUCCESS, self._by, copied)
        writer.append(EventType.RECOVERY, str(mend.digest), Outcome.SUCCESS, self._by, recovered)

    def _close(self, writer: Writer, plan: Plan) -> None:
        outcome = (
            Outcome.SUCCESS if self._counts.keys() <= {kind.value for kind in CHANGING} else Outcome.FAILURE
        )
        sums: dict[str, Json] = {"scope": fixity.REPAIR, "became": dict(self._counts)}
        fixity.close_run(writer, plan.run_id, self._by, outcome, sums)


def _late(holder: Holder, aside: Aside) -> Mend:
    """What an earlier repair did and did not come to record."""
    before = Checked(aside.digest, aside.was, found=aside.found)
    missing = aside.was is ObjectState.MISSING
    kept, slip = (None, aside.place) if missing else (aside.place, None)
    return Mend(aside.digest, holder.address, before, Became.RESTORED, aside=kept, slip=slip)
