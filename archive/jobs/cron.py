"""A marked block in the crontab; every other line stays as it is."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

from archive.jobs.every import DAY, HOUR, MINUTE
from archive.jobs.job import BadJob
from archive.jobs.programs import KeeperFailed, ask, insist

if TYPE_CHECKING:
    from archive.jobs.job import Job

EARLIEST_HOUR, HOURS = 1, 5
"""Daily and weekly checks begin between 1 and 6 in the morning."""


class Cron:
    """The crontab of the user who asks."""

    name = "cron"

    def text(self, job: Job) -> str:
        """The block as it stands in the crontab."""
        return f"{_begin(job)}\n{line(job)}\n{_end(job)}\n"

    def install(self, job: Job) -> list[str]:
        """Put the block in, in the place of an earlier one; nothing to add to that."""
        others = _without(_crontab(), job)
        if others and not others.endswith(b"\n"):
            others += b"\n"
        insist(["crontab", "-"], others + os.fsencode(self.text(job)))
        return []

    def remove(self, job: Job) -> bool:
        """Take the block out; whether there was one."""
        before = _crontab()
        after = _without(before, job)
        if after != before:
            insist(["crontab", "-"], after)
        return after != before


def line(job: Job) -> str:
    """The line: silent where all is well, for cron mails what is printed.

    In a crontab a percent sign ends the command, unless a backslash stands before it (crontab(5)).
    """
    words = shlex.join(job.command)
    by = shlex.quote(job.by)
    command = f'out=$(CLAIMTRAIL_ARCHIVIST={by} nice -n 19 {words} 2>&1) || echo "$out"'
    if "\n" in command:
        raise BadJob("cron cannot be given a line break: it is in an address or in your name")
    return f"{_times(job)} " + command.replace("%", r"\%")


def _times(job: Job) -> str:
    seconds, minute = job.every.seconds, job.minute
    hour = EARLIEST_HOUR + minute % HOURS
    if seconds == 7 * DAY:
        return f"{minute} {hour} * * 0"
    if seconds == DAY:
        return f"{minute} {hour} * * *"
    if seconds % HOUR == 0 and DAY % seconds == 0:
        return f"{minute} */{seconds // HOUR} * * *"
    if seconds % MINUTE == 0 and HOUR % seconds == 0:
        return f"*/{seconds // MINUTE} * * * *"
    raise BadJob(
        f"cron cannot say every {job.every}: say hour, day, week, or a part of an hour or day without remainder"
    )


def _begin(job: Job) -> str:
    return f"# begin {job.name}: made by `claimtrail schedule install`, taken away by `claimtrail schedule remove`"


def _end(job: Job) -> str:
    return f"# end {job.name}"


def _crontab() -> bytes:
    ran = ask(["crontab", "-l"])
    if ran.returncode and b"no crontab" not in ran.stderr.lower():
        said = ran.stderr.decode(errors="replace").strip()
        raise KeeperFailed(f"the crontab could not be read ({said}); nothing was changed")
    return b"" if ran.returncode else ran.stdout


def _without(crontab: bytes, job: Job) -> bytes:
    """The crontab without this job's block; raises `KeeperFailed` where the block has no end."""
    kept, inside = [], False
    for each in crontab.splitlines(keepends=True):
        if each.startswith(f"# begin {job.name}:".encode()):
            inside = True
        if not inside:
            kept.append(each)
        if each.rstrip() == _end(job).encode():
            inside = False
    if inside:
        raise KeeperFailed(f"the crontab has a block of {job.name} without its end; nothing was changed")
    return b"".join(kept)
