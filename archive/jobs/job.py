"""The one job of an archive: how often it checks, for how long, what it promises, and the command that does it."""

from __future__ import annotations

import hashlib
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from archive.errors import UsageError
from archive.jobs.every import MINUTE, TimeSpan

if TYPE_CHECKING:
    from datetime import datetime

    from archive.archive import Archive
    from archive.catalog.schedules import Promise

SHORTEST = TimeSpan(MINUTE)
"""Neither systemd by default nor cron wakes more often."""


class BadJob(UsageError):
    """A schedule that cannot keep what it promises."""


@dataclass(frozen=True, slots=True)
class Job:
    """A check of the archive at `path`, each `every`, for as long as `run_for`, so that all is checked in `cover`.

    `beside` are folders outside the archive that the check may have to write to (its objects, its catalogue),
    `notify` the addresses told of what is found, `by` the name under which the checks stand in the ledger.
    """

    path: Path
    every: TimeSpan
    cover: TimeSpan
    run_for: TimeSpan | None
    notify: tuple[str, ...]
    by: str
    beside: tuple[Path, ...] = ()

    def __post_init__(self) -> None:
        if self.every < SHORTEST:
            raise BadJob(f"--every {self.every} is too often: {SHORTEST} is the shortest")
        if self.cover.seconds < 2 * self.every.seconds:
            raise BadJob(
                f"a check every {self.every} cannot promise that all is checked within {self.cover}: "
                f"--cover must be at least {TimeSpan(2 * self.every.seconds)}"
            )
        if any(character in str(self.path) for character in "\n\r\0"):
            raise BadJob("the path of the archive has a line break in it, which no timer can be given")

    @property
    def due(self) -> TimeSpan:
        """The age from which a check is due again: half of the promise, so that there is time to catch up."""
        return TimeSpan(self.cover.seconds // 2)

    @property
    def name(self) -> str:
        """What its unit and its lines in a crontab are named by: readable, and one for each path."""
        readable = re.sub(r"[^A-Za-z0-9]+", "-", self.path.name).strip("-")[:32] or "archive"
        return f"claimtrail-{readable}-{hashlib.sha256(bytes(self.path)).hexdigest()[:8]}"

    @property
    def minute(self) -> int:
        """A minute of the hour, 0 to 59, that differs from archive to archive."""
        return hashlib.sha256(bytes(self.path)).digest()[0] % 60

    @property
    def words(self) -> tuple[str, ...]:
        """The command without the program: what it is given."""
        given = ["verify", "--archive", str(self.path), "--due", str(self.due)]
        if self.run_for:
            given += ["--for", str(self.run_for)]
        for address in self.notify:
            given += ["--notify", address]
        return tuple(given)

    @property
    def command(self) -> tuple[str, ...]:
        """The whole command, its program by an absolute path."""
        return (*program(), *self.words)


def job_of(archive: Archive, every: str, cover: str, run_for: str | None, notify: tuple[str, ...]) -> Job:
    """The job of an open archive from the words of the command line; raises `BadAmount` and `BadJob`."""
    return Job(
        archive.path.resolve(),
        TimeSpan.parse(every),
        TimeSpan.parse(cover),
        TimeSpan.parse(run_for) if run_for else None,
        notify,
        archive.settings.archivist,
        _beside(archive),
    )


def promise_of(job: Job, keeper: str, now: datetime) -> Promise:
    """The promise that a job in the hands of a keeper makes, on this machine."""
    import platform

    from archive.catalog.schedules import Promise

    run_seconds = job.run_for.seconds if job.run_for else None
    return Promise(keeper, platform.node(), job.every.seconds, job.cover.seconds, run_seconds, job.by, now)


def program() -> tuple[str, ...]:
    """How to start this Claimtrail again: its installed script, else its module with this Python."""
    installed = Path(sys.executable).with_name("claimtrail")
    return (str(installed),) if installed.is_file() else (sys.executable, "-m", "archive.cli")


def _beside(archive: Archive) -> tuple[Path, ...]:
    """Folders outside the archive's own that hold its objects or its catalogue."""
    from archive.archive import catalog_address

    home = archive.path.resolve()
    scheme, _, place = catalog_address(archive.path, archive.settings).partition(":")
    places = [Path(archive.store.address).resolve()]
    if scheme == "sqlite":
        places.append(Path(place).resolve().parent)
    return tuple(dict.fromkeys(p for p in places if not p.is_relative_to(home)))
