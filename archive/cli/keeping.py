"""Keeping the archive sound: verify, status, reindex, upgrade, settings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archive.cli.opening import ArchiveOption, JsonOption, opened, say_waiting, tell
from archive.cli.proving import give_key, verify_ledger
from archive.errors import ExitCode


def verify(
    index: Annotated[bool, typer.Option("--index", help="Check the full-text index as well.")] = False,
    ledger: Annotated[bool, typer.Option("--ledger", help="Check the ledger and its rows alone.")] = False,
    against: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="PATH",
            show_default=False,
            help="Checkpoints kept elsewhere, for --ledger: file or folder.",
        ),
    ] = None,
    archive: ArchiveOption = None,
    json: JsonOption = False,
) -> None:
    """Check that nothing held has changed.

    Every object is hashed again, and ledger and database are checked; status 1 if not intact.
    """
    from archive.render import jsonlines, keeping
    from archive.render.page import Page
    from archive.render.progress import bar
    from archive.verify import verify as check

    if ledger or against:
        with opened(archive) as held:
            verify_ledger(held, against or [], json=json)
        return
    with opened(archive) as held:
        with held.catalog.read() as reader:
            objects = reader.totals().objects
        with bar("objects", objects) as advance:
            found = check(held, lambda done, _size: advance(done), index=index)
    if json:
        jsonlines.write(jsonlines.report(found))
    else:
        keeping.report(Page(), found)
    if found.failed:
        raise typer.Exit(ExitCode.CHECK_FAILED)
    if found.incomplete:
        raise typer.Exit(ExitCode.INCOMPLETE)


def status(archive: ArchiveOption = None, json: JsonOption = False) -> None:
    """Say how much is held and in what state it is. Also when it was last checked, and what is indexed."""
    from archive.render import jsonlines, keeping
    from archive.render.page import Page
    from archive.status import status as look

    with opened(archive) as held:
        found = look(held)
    if json:
        jsonlines.write([jsonlines.status(found)])
    else:
        keeping.status(Page(), found)


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
    from archive.render import jsonlines, keeping
    from archive.render.page import Page
    from archive.settings import load_settings

    found = load_settings(find_archive(archive))
    if json:
        jsonlines.write(jsonlines.settings(found))
    else:
        keeping.settings(Page(), found)


COMMANDS = (verify, status, reindex, upgrade, settings)
