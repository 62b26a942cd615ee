"""Checking that what is held is what was recorded: every object, the catalogue, the ledger."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archive.record import EventType, Finding, FixityResult, HeldObject, Outcome, Verdict
from archive.store import ObjectState
from archive.verify.copies import check_copies
from archive.verify.inside import catalog_findings, index_findings
from archive.verify.ledger import ledger_findings
from archive.verify.strays import strays

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from archive.archive import Archive
    from archive.catalog.writing import Writer
    from archive.ledger.canonical import Json
    from archive.store import Checked

RESULTS_A_BATCH = 500
"""How many outcomes are recorded together: few enough that a killed run has lost little."""

_VERDICTS = {
    ObjectState.INTACT: Verdict.INTACT,
    ObjectState.ALTERED: Verdict.ALTERED,
    ObjectState.MISSING: Verdict.MISSING,
    ObjectState.UNREADABLE: Verdict.UNREADABLE,
}


@dataclass(frozen=True, slots=True)
class Report:
    """What a run found: outcomes counted from the rows that were written, and every finding.

    `recorded` is False where the archive is read-only and the outcomes could not be entered.
    """

    run_id: UUID | None
    counts: dict[str, int]
    objects: int
    size: int
    events: int
    findings: tuple[Finding, ...] = field(default=())
    copies: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def recorded(self) -> bool:
        """Whether the outcomes were entered in the catalogue."""
        return self.run_id is not None

    @property
    def failed(self) -> bool:
        """Whether something is not what it was."""
        return any(finding.code is not Verdict.UNREADABLE for finding in self.findings)

    @property
    def incomplete(self) -> bool:
        """Whether something could not be looked at."""
        return any(finding.code is Verdict.UNREADABLE for finding in self.findings)


def verify(
    archive: Archive, progress: Callable[[int, int], None] | None = None, *, index: bool = False
) -> Report:
    """Re-hash every recorded object and check catalogue and ledger; the index too where that is asked.

    `progress` is told the objects done and their bytes. Raises `StoreNotThere` where the whole store is
    gone: that is one message, not one for every object.
    """
    return _Run(archive, progress, index=index).report()


class _Run:
    def __init__(self, archive: Archive, progress: Callable[[int, int], None] | None, *, index: bool) -> None:
        self._archive, self._progress, self._index = archive, progress, index
        self._by = archive.settings.archivist
        self._counts: Counter[str] = Counter()
        self._findings: list[Finding] = []
        self._objects = self._size = 0

    def report(self) -> Report:
        run_id = self._begin()
        self._findings += catalog_findings(self._archive)
        self._check_objects(run_id)
        copies = check_copies(self._archive, run_id)
        self._findings += copies.findings
        self._findings += strays(self._archive)
        size, ledger = ledger_findings(self._archive)
        self._findings += ledger
        if self._index:
            self._findings += index_findings(self._archive)
        counts = self._end(run_id)
        in_replicas = {address: dict(found) for address, found in copies.counts.items()}
        return Report(run_id, counts, self._objects, self._size, size, tuple(self._findings), in_replicas)

    def _begin(self) -> UUID | None:
        if not self._archive.writable:
            return None
        return self._archive.catalog.write(lambda w: w.open_fixity_run(self._by, "everything"))

    def _check_objects(self, run_id: UUID | None) -> None:
        batch: list[FixityResult] = []
        with self._archive.catalog.read() as reader:
            for held in reader.objects():
                batch.append(self._check(held))
                if len(batch) == RESULTS_A_BATCH:
                    self._keep(run_id, batch)
                    batch = []
        self._keep(run_id, batch)

    def _check(self, held: HeldObject) -> FixityResult:
        checked = self._archive.store.check(held.digest)
        verdict = _VERDICTS[checked.state]
        found = _found(checked)
        self._objects += 1
        self._size += checked.size or 0
        if verdict is not Verdict.INTACT:
            self._findings.append(
                Finding(verdict, str(held.digest), f"{held.digest}, {held.size} bytes", found)
            )
        if self._progress:
            self._progress(self._objects, self._size)
        return FixityResult(held.digest, verdict, found, self._archive.clock.now())

    def _keep(self, run_id: UUID | None, results: list[FixityResult]) -> None:
        self._counts.update(result.verdict.value for result in results)
        if run_id is not None and results:
            self._archive.catalog.write(lambda w: w.fixity_results(run_id, results))

    def _end(self, run_id: UUID | None) -> dict[str, int]:
        if run_id is None:
            return dict(self._counts)
        with self._archive.catalog.read() as reader:
            counts = reader.verdict_counts(run_id)
        outcome = Outcome.FAILURE if self._findings else Outcome.SUCCESS
        findings = [
            {"code": f.code, "subject": f.subject, "expected": f.expected, "found": f.found}
            for f in self._findings
        ]

        def close(writer: Writer) -> None:
            for finding in findings:
                detail = {**finding, "run": str(run_id)}
                writer.append(EventType.FIXITY_CHECK, finding["subject"], Outcome.FAILURE, self._by, detail)
            sums: dict[str, Json] = {"counts": counts, "findings": len(findings)}
            position = writer.append(EventType.FIXITY_CHECK, str(run_id), outcome, self._by, sums)
            writer.close_fixity_run(run_id, outcome, position)

        self._archive.catalog.write(close)
        return counts


def _found(checked: Checked) -> str:
    """What was found in the place of an object, in words."""
    if checked.state is ObjectState.INTACT:
        return str(checked.digest)
    parts = [checked.reason] if checked.reason else []
    if checked.found:
        parts.append(f"{checked.found}, {checked.size} bytes")
    return "; ".join(parts) or "nothing"
