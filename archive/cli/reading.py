"""Looking into files without an archive: read, formats."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archive.cli.opening import ColumnsOption, JsonOption
from archive.errors import ExitCode


def read(
    paths: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files or folders.")],
    columns: ColumnsOption = None,
    json: JsonOption = False,
) -> None:
    """Show what would be read in files; nothing is archived. Each statement stands with its basis."""
    from archive.model import ReadingState
    from archive.reading import look
    from archive.render import jsonlines, jsonreading
    from archive.render.page import Page
    from archive.render.reading import looked

    found = look([path for path in paths if path.exists()], columns)
    missing = [path for path in paths if not path.exists()]
    page, unread = Page(), len(missing)
    for path in missing:
        if json:
            jsonlines.write([jsonreading.absent(str(path))])
        else:
            page.line(f"{path}: there is no such file")
    for each in found:
        unread += each.found.part.reading.state in (ReadingState.FAILED, ReadingState.REFUSED)
        unread += bool(each.found.part.findings)
        if json:
            jsonlines.write([jsonreading.looked(each)])
        else:
            looked(page, each)
    if unread:
        raise typer.Exit(ExitCode.INCOMPLETE)


def formats(json: JsonOption = False) -> None:
    """List the formats that can be read. Each is recognised by its content, not its name."""
    from archive.formats import formats as known
    from archive.render import jsonlines
    from archive.render.page import Page

    if json:
        jsonlines.write(
            {"type": "format", "name": each.name, "summary": each.summary, "container": each.open is not None}
            for each in known()
        )
        return
    page = Page()
    for each in known():
        page.line(f"{each.name:<10}{each.summary}")


COMMANDS = (read, formats)
