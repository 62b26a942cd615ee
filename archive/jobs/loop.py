"""The same job without systemd and cron: in the foreground, as in a container."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING

from archive.jobs.signals import Signals

if TYPE_CHECKING:
    from collections.abc import Callable

    from archive.jobs.job import Job

PATIENCE_SECONDS = 60
"""How long a check that was asked to end is waited for before it is killed."""


def run_always(job: Job, first_in: float, say: Callable[[str], None]) -> None:
    """Start the job's command after `first_in` seconds and then each `every`, until SIGTERM or SIGINT comes.

    Each check is a program of its own, so that none can bring the loop down or leave memory behind. When it
    is stopped, a check under way is interrupted and waited for: what it recorded stays recorded.
    """
    with Signals() as signals:
        say(f"a check every {job.every}; the first in {round(first_in)} seconds")
        begins = time.monotonic() + first_in
        while not signals.stopped():
            while not signals.stopped() and (left := begins - time.monotonic()) > 0:
                signals.wait(left)
            if signals.stopped():
                break
            begins = time.monotonic() + job.every.seconds
            status = _check(job, signals)
            if status and not signals.stopped():
                say(f"the check ended with status {status}; the next begins in {job.every}")
    say("stopped")


def _check(job: Job, signals: Signals) -> int:
    """One check to its end; its exit status, negative where a signal ended it."""
    environment = {**os.environ, "CLAIMTRAIL_ARCHIVIST": job.by}
    with subprocess.Popen(job.command, env=environment, start_new_session=True) as running:  # noqa: S603 - our own program
        while running.poll() is None and not signals.stopped():
            signals.wait(None)
        if running.poll() is None:
            running.send_signal(signal.SIGINT)
            try:
                running.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                running.kill()
        return running.wait()
