"""Who keeps the schedule: systemd where it runs, cron where it does not."""

from __future__ import annotations

import shutil
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from archive.errors import ArchiveError

if TYPE_CHECKING:
    from pathlib import Path

    from archive.jobs.job import Job


class NoKeeper(ArchiveError):
    """This machine has neither systemd nor cron."""


class With(StrEnum):
    """Who may keep a schedule."""

    SYSTEMD = "systemd"
    CRON = "cron"


class Keeper(Protocol):
    """Something that starts a command again and again."""

    @property
    def name(self) -> str:
        """As `With` has it."""
        ...

    def text(self, job: Job) -> str:
        """What it would be given; changes nothing."""
        ...

    def install(self, job: Job) -> list[str]:
        """Give it the job, in the place of an earlier one; returns what the archivist should know."""
        ...

    def remove(self, job: Job) -> bool:
        """Take the job away; whether it was there."""
        ...


def choose(named: With | None, unit_dir: Path | None) -> Keeper:
    """The one named, else the one this machine has; raises `NoKeeper`."""
    from archive.jobs.cron import Cron
    from archive.jobs.systemd import Systemd, running

    if named is With.SYSTEMD or (named is None and (unit_dir or running())):
        return Systemd(unit_dir)
    if named is With.CRON or shutil.which("crontab"):
        return Cron()
    raise NoKeeper(
        "this machine has neither systemd nor cron: keep `claimtrail schedule run` going instead, as in a container"
    )
