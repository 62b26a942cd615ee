"""Keeping the archive in order: status, reindex, upgrade, settings."""

from __future__ import annotations

from archive.cli.opening import ArchiveOption, JsonOption, opened, say_waiting, tell


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


COMMANDS = (status, reindex, upgrade, settings)
