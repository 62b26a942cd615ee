"""How the last run ended, if it did."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from archive.catalog import leases
from archive.lease import gone, this_process
from archive.record import Outcome

if TYPE_CHECKING:
    from datetime import datetime

    from archive.catalog.fixity import LastRun
    from archive.catalog.reading import Reader

SILENCE = timedelta(minutes=10)
"""After so long without a sign a run on another machine is called killed here; only a watcher knows it sooner."""

WORK = "verify"


class RunState(StrEnum):
    """How a run of the integrity check ended."""

    ALL_INTACT = "all intact"
    FOUND_FAULTS = "found faults"
    INTERRUPTED = "interrupted"
    KILLED = "killed"
    RUNNING = "running"


_ENDINGS = {
    Outcome.SUCCESS: RunState.ALL_INTACT,
    Outcome.FAILURE: RunState.FOUND_FAULTS,
    Outcome.WARNING: RunState.INTERRUPTED,
}


def run_state(reader: Reader, run: LastRun, now: datetime) -> RunState:
    """From the run's end; without one, from the job that is at work on it, or is not."""
    if run.outcome is not None:
        return _ENDINGS[run.outcome]
    here = this_process()
    for job in leases.jobs(reader.session, WORK):
        if job.id == run.id and not gone(job.holder, here):
            local = job.holder.machine == here.machine
            return RunState.RUNNING if local or now - job.seen < SILENCE else RunState.KILLED
    return RunState.KILLED
