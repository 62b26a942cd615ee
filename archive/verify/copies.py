"""Whether the copies in the replicas are what was copied there; a replica that is not there is said once."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archive.catalog.chunks import batched
from archive.catalog.replicas import copies, record_copy_checks
from archive.record import Finding, FixityResult, Verdict
from archive.replicas import listed, open_replica
from archive.store import ObjectState
from archive.store.failures import StoreFailure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from uuid import UUID

    from archive.archive import Archive
    from archive.catalog.replicas import CopyState, Replica
    from archive.store import Checked, Store

COPIES_A_BATCH = 500
"""How many outcomes are recorded together: few enough that a killed run has lost little."""

VERDICTS = {
    ObjectState.INTACT: Verdict.INTACT,
    ObjectState.ALTERED: Verdict.ALTERED,
    ObjectState.MISSING: Verdict.MISSING,
    ObjectState.UNREADABLE: Verdict.UNREADABLE,
}


@dataclass(slots=True)
class CopyChecks:
    """What a run found of copies: outcomes by replica address, and every finding."""

    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    findings: list[Finding] = field(default_factory=list)


def check_copies(
    archive: Archive, run: UUID | None, goes_on: Callable[[int], bool] = lambda _size: True
) -> CopyChecks:
    """Re-hash the copies in every replica: those that last failed first, then those checked longest ago.

    `goes_on` is told the bytes of each copy that was read and says whether there is time for another. The outcome
    of each is recorded in the run, where there is one.
    """
    checks = CopyChecks()
    for replica in listed(archive):
        try:
            store = open_replica(archive, replica)
            if not _check_replica(archive, run, replica, store, checks, goes_on):
                break
        except StoreFailure as error:
            checks.findings.append(_not_there(replica, error))
    return checks


def _check_replica(
    archive: Archive,
    run: UUID | None,
    replica: Replica,
    store: Store,
    checks: CopyChecks,
    goes_on: Callable[[int], bool],
) -> bool:
    """Every copy in one replica; False where time ran out. Raises `StoreFailure` where it is gone meanwhile."""
    with archive.catalog.read() as reader:
        for batch in batched(copies(reader, replica), COPIES_A_BATCH):
            results: list[FixityResult] = []
            try:
                for checked in _checked(store, batch, goes_on):
                    results.append(_result(archive, checked))
                    if checked.state is not ObjectState.INTACT:
                        checks.findings.append(_finding(replica, results[-1]))
            finally:
                _record(archive, run, replica, results)
                checks.counts[replica.address].update(result.verdict.value for result in results)
            if len(results) < len(batch):
                return False
    return True


def _checked(store: Store, batch: Sequence[CopyState], goes_on: Callable[[int], bool]) -> Iterator[Checked]:
    for copy in batch:
        checked = store.check(copy.digest)
        yield checked
        if not goes_on(checked.size or 0):
            return


def _result(archive: Archive, checked: Checked) -> FixityResult:
    found = str(checked.found) if checked.state is ObjectState.INTACT else _words(checked)
    return FixityResult(checked.digest, VERDICTS[checked.state], found, archive.clock.now())


def _words(checked: Checked) -> str:
    """What was found in the place of a copy."""
    parts = [checked.reason] if checked.reason else []
    if checked.found:
        parts.append(f"{checked.found}, {checked.size} bytes")
    return "; ".join(parts) or "nothing"


def _finding(replica: Replica, result: FixityResult) -> Finding:
    return Finding(
        result.verdict,
        str(result.digest),
        str(result.digest),
        result.found,
        f"the copy in the replica {replica.address}",
    )


def _not_there(replica: Replica, error: StoreFailure) -> Finding:
    return Finding(
        Verdict.UNREADABLE, f"replica {replica.address}", "the copies that were made there", str(error)
    )


def _record(archive: Archive, run: UUID | None, replica: Replica, results: Sequence[FixityResult]) -> None:
    if run is not None and results:
        archive.catalog.write(lambda writer: record_copy_checks(writer, replica.id, run, results))
