"""Whether the copies in the replicas are what was copied there; a replica that is not there is said once."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING

from archive.catalog.chunks import batched
from archive.catalog.dependents import recorded
from archive.catalog.fixity_work import narrowed
from archive.catalog.replicas import copies, record_copy_checks
from archive.replicas import listed, open_replica
from archive.store.failures import StoreFailure
from archive.verdict import FixityResult, IntegrityFinding, Verdict
from archive.verify.objects import VERDICTS, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from uuid import UUID

    from archive.archive import Archive
    from archive.catalog.reading import Reader
    from archive.catalog.replicas import CopyState, Replica
    from archive.digest import Digest
    from archive.store import Checked, Inspected, Store
    from archive.verify.report import Findings
    from archive.verify.scope import How, Scope

COPIES_A_BATCH = 200
"""How many outcomes are recorded together: few enough that a killed run has lost little, and that time is kept."""


def check_copies(
    archive: Archive, run: UUID | None, scope: Scope, how: How, findings: Findings
) -> dict[str, dict[str, int]]:
    """Re-hash the copies in every replica: those that last failed first, then those checked longest ago.

    Each outcome is recorded in the run, where there is one. Where the run's time or bytes are limited the replicas
    have as much of them together as their number among all places. The outcomes of each, by its address.
    """
    used = listed(archive)
    checks = [_Copies(archive, run, replica, scope, how, findings, len(used)) for replica in used]
    for check in checks:
        check.run()
    return {check.replica.address: dict(check.counts) for check in checks if check.counts}


class _Copies:
    """The copies in one replica; of `places` replicas each has the same share of what is limited."""

    def __init__(
        self,
        archive: Archive,
        run: UUID | None,
        replica: Replica,
        scope: Scope,
        how: How,
        findings: Findings,
        places: int,
    ) -> None:
        self._archive, self._run, self.replica, self._scope = archive, run, replica, scope
        self._cold, self._findings = not how.warm, findings
        self._seconds = scope.length.total_seconds() / (places + 1) if scope.length else None
        self._bytes = scope.size // (places + 1) if scope.size else None
        self._read = 0
        self.counts: Counter[str] = Counter()

    def run(self) -> None:
        """Check until nothing is left, time or bytes are used up, or the replica is gone."""
        begun = time.monotonic()
        try:
            store = open_replica(self._archive, self.replica)
            if self._cold:
                store.settle()
            inspector = store.inspector(cold=self._cold)
            for digests in self._batches():
                self._record(store, digests, inspector.inspect([copy.digest.value for copy in digests], {}))
                over = self._seconds is not None and time.monotonic() - begun >= self._seconds
                if over or (self._bytes is not None and self._read >= self._bytes):
                    return
        except StoreFailure as error:
            expected = "the copies that were made there"
            subject = f"replica {self.replica.address}"
            self._findings.add(IntegrityFinding(Verdict.UNREADABLE, subject, expected, str(error)))

    def _batches(self) -> Iterator[list[CopyState]]:
        """What is to be checked, in the order of the digests within a batch: so folder after folder is read."""
        due = self._scope.due_at(self._archive.clock.now())
        with self._archive.catalog.read() as reader:
            asked = (
                copy for copy in copies(reader, self.replica) if _is_due(copy, due.since if due else None)
            )
            for batch in batched(asked, COPIES_A_BATCH):
                if kept := self._in_scope(reader, sorted(batch, key=lambda copy: copy.digest)):
                    yield kept

    def _in_scope(self, reader: Reader, batch: list[CopyState]) -> list[CopyState]:
        wanted = set(self._scope.of([copy.digest.value for copy in batch], self._turn))
        kept = [copy for copy in batch if copy.digest.value in wanted]
        if kept and self._scope.narrowed:
            about = narrowed(reader.session, [copy.digest for copy in kept], self._scope.narrowed)
            kept = [copy for copy in kept if copy.digest in about]
        return kept

    @property
    def _turn(self) -> UUID:
        return self._run or self.replica.id

    def _record(self, store: Store, batch: Sequence[CopyState], found: Inspected) -> None:
        bad = {checked.digest: checked for checked in found.failures}
        now = self._archive.clock.now()
        results = [_result(copy, bad.get(copy.digest), now) for copy in batch]
        run, by = self._run, self._archive.settings.archivist
        if run is not None:
            replica = self.replica
            self._archive.catalog.write(lambda writer: record_copy_checks(writer, replica, run, results, by))
        self._read += found.size
        self.counts.update(result.verdict.value for result in results)
        if bad:
            self._tell(store, [copy for copy in batch if copy.digest in bad], bad)

    def _tell(self, store: Store, copies: Sequence[CopyState], bad: dict[Digest, Checked]) -> None:
        """Make findings, as those of the objects themselves, but of this copy."""
        with self._archive.catalog.read() as reader:
            known = recorded(reader.session, list(bad))
        for copy in copies:
            checked, about = bad[copy.digest], known.get(copy.digest)
            size = f", {about.held.size} bytes" if about else ""
            self._findings.add(
                IntegrityFinding(
                    VERDICTS[checked.state],
                    str(copy.digest),
                    f"{copy.digest}{size}",
                    words_of(checked),
                    f"the copy in the replica {self.replica.address}",
                    checked.size,
                    store.where(copy.digest),
                    copy.at if copy.verdict is Verdict.INTACT else None,
                    about.dependents if about else None,
                )
            )


def _is_due(copy: CopyState, since: datetime | None) -> bool:
    return since is None or copy.verdict is not Verdict.INTACT or copy.at < since


def _result(copy: CopyState, bad: Checked | None, now: datetime) -> FixityResult:
    if bad is None:
        return FixityResult(copy.digest, Verdict.INTACT, str(copy.digest), now)
    return FixityResult(copy.digest, VERDICTS[bad.state], words_of(bad), now)
