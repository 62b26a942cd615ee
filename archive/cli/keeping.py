"""Keeping the archive in order: status, reindex, upgrade, settings."""

from __future__ import annotations

from typing import Annotated

import typer

from archive.cli.opening import ArchiveOption, JsonOption, opened, say_waiting, tell
from archive.cli.proving import give_key
from archive.errors import UsageError


class OneOutput(UsageError):
    """Two forms of output were asked for at once."""


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
    from archive.render import jsonkeeping, jsonlines, keeping
    from archive.render.metrics import metrics
    from archive.render.page import Page
    from archive.status import status as look

    if json and as_metrics:
        raise OneOutput("say --json or --metrics, not both")
    with opened(archive) as held:
        found = look(held, duration(cover) if cover else None)
    if json:
        jsonlines.write([jsonkeeping.status(found)])
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
    give_key(archive)


def settings(archive: ArchiveOption = None, json: JsonOption = False) -> None:
    """List every setting and where its value comes from. That is option, environment, file or default."""
    from archive.archive import find_archive
    from archive.render import jsonkeeping, jsonlines, keeping
    from archive.render.page import Page
    from archive.settings import load_settings

    found = load_settings(find_archive(archive))
    if json:
        jsonlines.write(jsonkeeping.settings(found))
    else:
        keeping.settings(Page(), found)


COMMANDS = (status, reindex, upgrade, settings)
