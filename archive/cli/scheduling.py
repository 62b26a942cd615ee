"""The integrity schedule: schedule install, show, remove, run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archive.cli.opening import ArchiveOption, NotifyOption, opened, say, tell
from archive.cli.telling import notifier
from archive.errors import UsageError
from archive.jobs.keeper import With

if TYPE_CHECKING:
    from archive.archive import Archive
    from archive.catalog.schedules import Promise
    from archive.jobs.job import Job

EveryOption = Annotated[
    str, typer.Option("--every", metavar="SPAN", help="How often: hour, day, week, or 6h, 30m, 2d.")
]
ForOption = Annotated[
    str | None,
    typer.Option("--for", metavar="SPAN", show_default=False, help="How long a check may take: 20m, 2h."),
]
CoverOption = Annotated[
    str, typer.Option("--cover", metavar="SPAN", help="Within which time everything is to be checked.")
]
WithOption = Annotated[
    With | None,
    typer.Option("--with", show_default=False, help="Who keeps it; else systemd where it runs, else cron."),
]
UnitDirOption = Annotated[
    Path | None,
    typer.Option(
        "--unit-dir",
        metavar="DIR",
        show_default=False,
        help="Where the units go, if not in the usual folder.",
    ),
]

schedule = typer.Typer(help="Let the checks run by themselves.", no_args_is_help=True)


class NotKept(UsageError):
    """There is no schedule to take away."""


@schedule.command()
def install(
    every: EveryOption = "day",
    run_for: ForOption = None,
    cover: CoverOption = "90d",
    notify: NotifyOption = None,
    keeper: WithOption = None,
    unit_dir: UnitDirOption = None,
    archive: ArchiveOption = None,
) -> None:
    """Have the archive checked again and again. A systemd timer does it, or a line for cron."""
    from archive.catalog.schedules import promise
    from archive.jobs.job import promise_of
    from archive.jobs.keeper import choose

    with opened(archive) as held:
        job = _job(held, every, cover, run_for, notify)
        notifier(held.path, held.settings, notify).check()
        chosen = choose(keeper, unit_dir)
        remarks = chosen.install(job)
        made = promise_of(job, chosen.name, held.clock.now())
        held.catalog.write(lambda writer: promise(writer, made))
    tell(
        f"installed with {chosen.name} as {job.name}: a check every {job.every}, everything within {job.cover}"
    )
    for remark in remarks:
        tell(f"mind: {remark}")
    tell("next: `claimtrail status` says whether it is kept")


@schedule.command()
def show(
    every: EveryOption = "day",
    run_for: ForOption = None,
    cover: CoverOption = "90d",
    notify: NotifyOption = None,
    keeper: WithOption = None,
    unit_dir: UnitDirOption = None,
    archive: ArchiveOption = None,
) -> None:
    """Print what `install` would write; nothing is changed."""
    from archive.jobs.keeper import choose

    with opened(archive) as held:
        text = choose(keeper, unit_dir).text(_job(held, every, cover, run_for, notify))
    for line in text.splitlines():
        tell(line)


@schedule.command()
def remove(keeper: WithOption = None, unit_dir: UnitDirOption = None, archive: ArchiveOption = None) -> None:
    """Take the schedule away again."""
    from archive.catalog.schedules import promised, withdraw
    from archive.jobs.keeper import choose

    with opened(archive) as held:
        job = _job(held, "day", "90d", None, None)
        with held.catalog.read() as reader:
            kept = promised(reader)
        if keeper is None and kept and kept.keeper in list(With):
            keeper = With(kept.keeper)
        in_foreground = keeper is None and unit_dir is None and kept is not None
        gone = not in_foreground and choose(keeper, unit_dir).remove(job)
        if kept:
            by = held.settings.archivist
            held.catalog.write(lambda writer: withdraw(writer, kept, by))
    if not gone and not kept:
        raise NotKept("there is no schedule of this archive here; nothing was changed")
    tell(
        f"removed {job.name}"
        if gone
        else "the schedule is no longer expected; there was nothing to remove here"
    )


@schedule.command("run")
def run_always(
    every: EveryOption = "day",
    run_for: ForOption = None,
    cover: CoverOption = "90d",
    notify: NotifyOption = None,
    archive: ArchiveOption = None,
) -> None:
    """Do the same in the foreground, as in a container, until it is told to stop (SIGTERM or Ctrl-C)."""
    from archive.jobs import loop
    from archive.jobs.job import promise_of

    with opened(archive) as held:
        job = _job(held, every, cover, run_for, notify)
        notifier(held.path, held.settings, notify).check()
        first_in = _promise_and_wait(held, promise_of(job, "foreground", held.clock.now()))
    loop.run_always(job, first_in, say)


def _job(held: Archive, every: str, cover: str, run_for: str | None, notify: list[str] | None) -> Job:
    """The job; an address that is none is found out now, not when something is wrong."""
    from archive.jobs.job import job_of

    notifier(held.path, held.settings, notify)
    return job_of(held, every, cover, run_for, tuple(notify or ()))


def _promise_and_wait(held: Archive, made: Promise) -> float:
    """Enter the promise unless it is in force already; seconds until the first check is due, 0 where it is."""
    from dataclasses import replace

    from archive.catalog.schedules import promise, promised

    with held.catalog.read() as reader:
        before, last = promised(reader), reader.last_run()
    if held.writable and (before is None or replace(made, since=before.since) != before):
        held.catalog.write(lambda writer: promise(writer, made))
    if last is None:
        return 0.0
    waited = (held.clock.now() - last.started).total_seconds()
    return min(max(0.0, made.every_seconds - waited), float(made.every_seconds))


GROUPS = {"schedule": schedule}
