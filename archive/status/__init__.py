"""The state of an archive at a glance, fit to be a monitoring check: what is held, checked, overdue, wrong."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from archive.catalog.schedules import promised
from archive.catalog.standing import open_findings
from archive.checkpoints import keyring, shelf
from archive.errors import ArchiveError, ExitCode
from archive.indexing import lag
from archive.linking import LinkLag
from archive.linking import lag as links_lag
from archive.replicas.state import states
from archive.status.covered import Covered, covered
from archive.status.runs import RunState, run_state

if TYPE_CHECKING:
    from datetime import datetime

    from archive.archive import Archive
    from archive.catalog.extent import Totals
    from archive.catalog.fixity import LastRun
    from archive.catalog.schedules import Promise
    from archive.indexing import Lag
    from archive.ledger.keys import PublicKey
    from archive.replicas.state import ReplicaState
    from archive.verdict import Verdict

__all__ = ["COVER", "Covered", "RunState", "Status", "status"]

COVER = timedelta(days=90)
"""Within which time everything should be checked where nobody promised anything else."""


@dataclass(frozen=True, slots=True)
class Status:
    """What `claimtrail status` says; sizes in bytes.

    `findings` are those open now: objects and copies not intact when last checked, and what else was found and
    not checked again since. `unsent` notices wait to be sent. `key` signs the checkpoints; `signed` is how many
    events the newest of them covers, None where there is none.
    """

    path: str
    writable: bool
    totals: Totals
    without_outlet: int
    root: str
    last_run: LastRun | None
    last_state: RunState | None
    last_counts: dict[str, int]
    covered: Covered
    findings: dict[Verdict, int]
    promise: Promise | None
    next_run: datetime | None
    run_overdue: bool
    replicas: tuple[ReplicaState, ...]
    unsent: int
    lag: Lag
    free: int
    links: LinkLag
    key: PublicKey | None = None
    signed: int | None = None

    @property
    def last_found_faults(self) -> bool:
        """Whether the last check that ended found something wrong."""
        return self.last_state is RunState.FOUND_FAULTS

    @property
    def overdue(self) -> bool:
        """Whether a check, or a run, that should have been made was not."""
        return self.run_overdue or self.covered.overdue > 0

    @property
    def out_of_reach(self) -> bool:
        """Whether a replica cannot be reached, a run was cut off, or a notice could not be sent."""
        unreachable = any(replica.unreachable for replica in self.replicas)
        return unreachable or self.unsent > 0 or self.last_state in (RunState.KILLED, RunState.INTERRUPTED)

    @property
    def exit_code(self) -> ExitCode:
        """What a monitoring program is told: a finding counts for more than something that is late."""
        if self.findings:
            return ExitCode.CHECK_FAILED
        return ExitCode.INCOMPLETE if self.overdue or self.out_of_reach else ExitCode.DONE


def status(archive: Archive, cover: timedelta | None = None) -> Status:
    """Ask the catalogue, the index, the replicas and the disk; `cover` is the time to check everything in.

    Without it the promise of the schedule counts, else `COVER`.
    """
    now = archive.clock.now()
    with archive.catalog.read() as reader:
        totals, without = reader.totals(), reader.without_outlet()
        root = reader.ledger_head().root().hex()
        run, promise = reader.last_run(), promised(reader)
        counts = reader.verdict_counts(run.id) if run else {}
        within = cover or (timedelta(seconds=promise.cover_seconds) if promise else COVER)
        reach = covered(reader, totals, within, now)
        findings = open_findings(reader)
        state = run_state(reader, run, now) if run else None
    started = run.started if run else None
    return Status(
        str(archive.path),
        archive.writable,
        totals,
        without,
        root,
        run,
        state,
        counts,
        reach,
        findings,
        promise,
        promise.next_run(started) if promise else None,
        promise.is_overdue(started, now) if promise else False,
        tuple(states(archive)),
        sum(1 for _ in (archive.path / "notices").glob("*.json")),
        lag(archive),
        shutil.disk_usage(archive.path).free,
        links_lag(archive),
        *_signed(archive),
    )


def _signed(archive: Archive) -> tuple[PublicKey | None, int | None]:
    """The key that signs and the size that is signed; nothing where they cannot be read here."""
    try:
        return keyring(archive).present(), max(shelf(archive).sizes(), default=None)
    except ArchiveError:
        return None, None
