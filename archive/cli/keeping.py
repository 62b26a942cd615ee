"""Keeping the archive sound: verify, status, reindex, upgrade, settings."""

from __future__ import annotations

from typing import Annotated

import typer

from archive.cli.opening import ArchiveOption, JsonOption, NotifyOption, opened, say_waiting, tell
from archive.errors import ExitCode, UsageError


class OneOutput(UsageError):
    """Two forms of output were asked for at once."""


def verify(
    index: Annotated[bool, typer.Option("--index", help="Check the full-text index as well.")] = False,
    repair: Annotated[
        bool, typer.Option("--repair", help="Then restore what is altered or missing, from a replica.")
    ] = False,
    notify: NotifyOption = None,
    archive: ArchiveOption = None,
    json: JsonOption = False,
) -> None:
    """Check that nothing held has changed.

    Every object is hashed again, and ledger and database are checked; status 1 if not intact.
    """
    from archive.cli.copying import mended
    from archive.cli.telling import telling
    from archive.render import jsonlines, keeping
    from archive.render.page import Page
    from archive.render.progress import bar
    from archive.repair.candidates import not_intact
    from archive.verify import verify as check

    with telling(archive, notify) as told, opened(archive) as held:
        with held.catalog.read() as reader:
            objects = reader.totals().objects
        with bar("objects", objects) as advance:
            found = check(held, lambda done, _size: advance(done), index=index)
        if json:
            jsonlines.write(jsonlines.report(found))
        else:
            keeping.report(Page(), found)
        told.report(found)
        if repair and found.failed:
            mended(held, not_intact(held), named=False, json=json)
    told.say_unsent()
    if found.failed:
        raise typer.Exit(ExitCode.CHECK_FAILED)
    if found.incomplete or told.unsent:
        raise typer.Exit(ExitCode.INCOMPLETE)


def status(
    cover: Annotated[
        str | None,
        typer.Option(
            metavar="SPAN",
            show_default=False,
            help="Within which time all should be checked; else as scheduled, else 90d.",
        ),
    ] = None,
    as_metrics: Annotated[bool, typer.Option("--metrics", help="Print it for Prometheus.")] = False,
    archive: ArchiveOption = None,
    json: JsonOption = False,
) -> None:
    """Say how much is held and in what state it is.

    Status 1 where findings are open, 3 where a check is overdue, was cut off, or something cannot be reached.
    """
    from archive.amounts import duration
    from archive.render import jsonlines, keeping
    from archive.render.metrics import metrics
    from archive.render.page import Page
    from archive.status import status as look

    if json and as_metrics:
        raise OneOutput("say --json or --metrics, not both")
    with opened(archive) as held:
        found = look(held, duration(cover) if cover else None)
    if json:
        jsonlines.write([jsonlines.status(found)])
    elif as_metrics:
        for line in metrics(found):
            tell(line)
    else:
        keeping.status(Page(), found)
    if found.exit_code:
        raise typer.Exit(found.exit_code)


def reindex(archive: ArchiveOption = None) -> None:
    """Build the full-text index anew from the record."""
    from archive.indexing import rebuild
    from archive.render.progress import bar
    from archive.render.words import plural

    with opened(archive) as held:
        with held.catalog.read() as reader:
            versions = reader.totals().versions
        with bar("versions", versions) as advance:
            count = rebuild(held, advance)
    tell(f"indexed {plural(count, 'version')}")


def upgrade(archive: ArchiveOption = None) -> None:
    """Bring an older archive's catalogue up to this Claimtrail."""
    from archive.archive import find_archive, upgrade_archive

    before, after = upgrade_archive(find_archive(archive), say_waiting)
    if before == after:
        tell(f"the catalogue is at {after} already; nothing to do")
    else:
        tell(f"the catalogue was brought from {before or 'nothing'} to {after}")


def settings(archive: ArchiveOption = None, json: JsonOption = False) -> None:
    """List every setting and where its value comes from. That is option, environment, file or default."""
    from archive.archive import find_archive
    from archive.render import jsonlines, keeping
    from archive.render.page import Page
    from archive.settings import load_settings

    found = load_settings(find_archive(archive))
    if json:
        jsonlines.write(jsonlines.settings(found))
    else:
        keeping.settings(Page(), found)


COMMANDS = (verify, status, reindex, upgrade, settings)
