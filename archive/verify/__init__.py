"""Checking that what is held is what was recorded: every object, the catalogue, the texts, the ledger."""

from __future__ import annotations

import signal
import threading
import time
from contextlib import ExitStack, contextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING

from archive.catalog import fixity
from archive.catalog.fixity import Plan
from archive.checkpoints import checkpoint_after
from archive.checks import Kind
from archive.formats.pool import available_cores
from archive.lease import Lease
from archive.record import EventType, Outcome
from archive.verdict import Verdict
from archive.verify.copies import check_copies
from archive.verify.crew import Crew
from archive.verify.inside import catalog_findings, index_findings
from archive.verify.ledger import ledger_findings
from archive.verify.objects import ObjectCheck, Tally
from archive.verify.pace import Rate
from archive.verify.report import Findings, Report
from archive.verify.schedule import schedule_findings
from archive.verify.scope import USUAL, How, Scope
from archive.verify.strays import strays
from archive.verify.texts import reading_findings, text_findings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from archive.archive import Archive
    from archive.catalog.fixity import CutOff
    from archive.catalog.writing import Writer
    from archive.digest import Algorithm
    from archive.ledger.canonical import Json
    from archive.verdict import IntegrityFinding

__all__ = ["WORK", "How", "Kind", "Report", "Scope", "verify"]

WORK = "verify"
"""The kind of work under which runs share the objects among them: see `archive.lease`."""


def verify(
    archive: Archive,
    progress: Callable[[int, int], None] | None = None,
    *,
    index: bool = False,
    kinds: Collection[Kind] = USUAL,
    scope: Scope | None = None,
    how: How | None = None,
    add: Algorithm | None = None,
    told: Callable[[IntegrityFinding], None] | None = None,
    on_wait: Callable[[str], None] | None = None,
) -> Report:
    """Check what is asked, and record what was found; findings are told as they come, and kept up to a number.

    `progress` is told the objects done and their bytes; `on_wait` who holds what is left to check; `add` is an
    algorithm whose digest is recorded of every object found intact. A store that is gone is one finding, and
    the run ends there. Raises `LeaseLost`, and KeyboardInterrupt after the end of the run is recorded.
    """
    asked = {*kinds, *([Kind.INDEX] if index else [])}
    run = _Run(archive, asked, scope or Scope(), how or How(), Findings(told), add)
    with _terminated_like_interrupted():
        return run.report(progress, on_wait)


class _Run:
    def __init__(
        self,
        archive: Archive,
        kinds: Collection[Kind],
        scope: Scope,
        how: How,
        findings: Findings,
        add: Algorithm | None,
    ) -> None:
        self._archive, self._kinds, self._scope, self._how = archive, kinds, scope, how
        self._findings, self._add = findings, add
        self._by = archive.settings.archivist
        self._begun = time.monotonic()
        self._events: int | None = None
        self._tally = Tally()
        self._cut: list[CutOff] = []
        self._copies: dict[str, dict[str, int]] = {}

    @property
    def _all_objects(self) -> bool:
        return self._scope.whole and Kind.OBJECTS in self._kinds

    def report(
        self, progress: Callable[[int, int], None] | None, on_wait: Callable[[str], None] | None
    ) -> Report:
        with ExitStack() as stack:
            # Workers are forked before the lease has its thread.
            crew = stack.enter_context(self._crew() if Kind.OBJECTS in self._kinds else nullcontext())
            lease = stack.enter_context(self._lease()) if self._archive.writable else None
            plan = self._begin(lease)
            try:
                self._check(plan, crew, lease, progress, on_wait)
            except KeyboardInterrupt:
                self._tally.unfinished = "interrupted"
                self._end(plan, lease)
                raise
            return self._end(plan, lease)

    def _crew(self) -> Crew:
        settled = self._archive.settings.whole("workers")
        count = self._how.workers or settled or available_cores()
        spend = Rate(self._how.rate).spend if self._how.rate else None
        store, cold, add = self._archive.store, not self._how.warm, self._add
        if cold:
            store.settle()
        return Crew(count, lambda: store.inspector(cold=cold, spend=spend, add=add), urgent=self._how.urgent)

    def _lease(self) -> Lease:
        settings = self._archive.settings
        return Lease(self._archive.catalog, self._archive.clock, WORK, lease_seconds=settings.number("lease"))

    def _begin(self, lease: Lease | None) -> Plan:
        """Enter the run before it reads anything; its identifier is that of its job."""
        if lease is None:
            return Plan(self._archive.clock.new_id(), 2**62, 2**62, 2**62, self._scope.whole)
        alive = [job.id for job in lease.others()]
        plan, self._cut = self._archive.catalog.write(
            lambda writer: fixity.open_run(
                writer,
                lease.id,
                self._by,
                self._scope.words,
                whole=self._all_objects,
                alive=alive,
                anew=self._scope.anew,
            )
        )
        return plan

    def _check(
        self,
        plan: Plan,
        crew: Crew | None,
        lease: Lease | None,
        progress: Callable[[int, int], None] | None,
        on_wait: Callable[[str], None] | None,
    ) -> None:
        self._each(Kind.CATALOGUE, catalog_findings)
        self._each(Kind.TEXTS, text_findings)
        if Kind.COPIES in self._kinds:
            run = plan.run_id if lease else None
            self._copies = check_copies(self._archive, run, self._scope, self._how, self._findings)
        if crew:
            objects = ObjectCheck(
                self._archive, plan, self._scope, crew, lease, self._findings, progress, on_wait
            )
            self._tally = objects.tally
            objects.run()
        if self._tally.unfinished:
            return
        self._each(Kind.STRAYS, partial(strays, objects_are_checked=self._all_objects))
        if Kind.LEDGER in self._kinds:
            self._events, found = ledger_findings(self._archive)
            self._take(found)
        self._each(Kind.READINGS, reading_findings)
        self._each(Kind.INDEX, index_findings)
        if Kind.SCHEDULE in self._kinds:
            self._take(schedule_findings(self._archive, plan.run_id))

    def _each(self, kind: Kind, check: Callable[[Archive], Iterable[IntegrityFinding]]) -> None:
        if kind in self._kinds:
            self._take(check(self._archive))

    def _take(self, found: Iterable[IntegrityFinding]) -> None:
        for finding in found:
            self._findings.add(finding)

    def _end(self, plan: Plan, lease: Lease | None) -> Report:
        counts, elsewhere, before = self._tally.counts, 0, 0
        if lease is not None:
            counts = self._archive.catalog.write(lambda writer: self._close(writer, plan, lease))
            checkpoint_after(self._archive)
            with self._archive.catalog.read() as reader:
                before, elsewhere = fixity.beside(reader.session, plan)
        return Report(
            plan.run_id if lease else None,
            counts,
            sum(counts.values()),
            self._tally.size,
            self._events,
            tuple(self._findings.kept),
            self._findings.counts,
            self._scope.words,
            tuple(kind.value for kind in Kind if kind in self._kinds),
            time.monotonic() - self._begun,
            not self._how.warm,
            self._tally.coldness,
            tuple(self._cut),
            before,
            elsewhere,
            self._tally.added,
            self._copies,
            self._tally.unfinished,
        )

    def _close(self, writer: Writer, plan: Plan, lease: Lease) -> dict[str, int]:
        """The run's one leaf, and one for each finding that is not of an object: those have theirs already."""
        lease.must_be_held(writer)
        for finding in self._findings.kept:
            if not finding.where:
                detail = {"code": finding.code, "expected": finding.expected, "found": finding.found}
                writer.append(
                    EventType.FIXITY_CHECK,
                    finding.subject,
                    Outcome.FAILURE,
                    self._by,
                    {**detail, "run": str(plan.run_id)},
                )
        said: dict[str, Json] = {
            "scope": self._scope.words,
            "checked": [kind.value for kind in Kind if kind in self._kinds],
            "findings": self._findings.number,
            "copies": {address: dict(counts) for address, counts in self._copies.items()},
            "unfinished": self._tally.unfinished or None,
        }
        return fixity.close_run(writer, plan.run_id, self._by, self._outcome(), said)

    def _outcome(self) -> Outcome:
        if self._tally.unfinished:
            return Outcome.WARNING
        found = self._findings.counts.keys() - {Verdict.OVERDUE}
        return Outcome.FAILURE if found else Outcome.SUCCESS


@contextmanager
def _terminated_like_interrupted() -> Iterator[None]:
    """A service that is stopped ends its run as Ctrl-C would: with what it found recorded."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
