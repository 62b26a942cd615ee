"""What every command begins with: finding the archive, opening it, finishing what was cut off."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archive.archive import Archive
    from archive.errors import ArchiveError
    from archive.store import Unfinished

ArchiveOption = Annotated[
    Path | None,
    typer.Option(
        "--archive",
        metavar="DIR",
        show_default=False,
        help="The archive; else CLAIMTRAIL_ARCHIVE, else the nearest directory upwards that is one.",
    ),
]

NotifyOption = Annotated[
    list[str] | None,
    typer.Option(
        "--notify",
        metavar="ADDRESS",
        show_default=False,
        help="Tell whom it concerns: mailto:NAME@HOST, https://..., exec:/PROGRAM. May be repeated.",
    ),
]

JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object a line instead of text.")]

ColumnsOption = Annotated[
    str | None,
    typer.Option(
        metavar="MAP",
        show_default=False,
        help="What JSON lines call their columns: text=body,title=headline.",
    ),
]


forks: list[ArchiveError] = []
"""What `main` has to say last: that the ledger does not continue what was signed before."""


def tell(words: str) -> None:
    """A line of the answer, to standard output, made safe to show."""
    from archive.render.page import Page

    Page().line(words)


def say(words: str) -> None:
    """A remark on the way, to standard error."""
    from archive.render.shown import shown

    sys.stderr.write(f"claimtrail: {shown(words)}\n")


def say_waiting() -> None:
    """That another command holds the archive."""
    say("waiting for another command that is writing to this archive ...")


@contextmanager
def opened(path: Path | None) -> Iterator[Archive]:
    """The archive, open, with whatever an interrupted ingest left finished first."""
    from archive.archive import find_archive, open_archive

    with open_archive(find_archive(path)) as archive:
        archive.catalog.on_wait = say_waiting
        left = archive.store.unfinished() if archive.writable else iter(())
        if first := next(left, None):
            _finish(archive, chain([first], left))
        try:
            yield archive
        finally:
            if archive.catalog.grown:
                _sign(archive)


def _sign(archive: Archive) -> None:
    """Make a checkpoint of what the command recorded; this is the one place where all commands end.

    A ledger that does not continue what was signed fails the command, once it has printed what it has to say; a copy
    or a key that is out of reach is said.
    """
    from archive.checkpoints import LedgerForked, make_checkpoint
    from archive.errors import ArchiveError

    try:
        make_checkpoint(archive)
    except LedgerForked as error:
        forks.append(error)
    except ArchiveError as error:
        say(f"no checkpoint was kept: {error}")


def _finish(archive: Archive, left: Iterable[Unfinished]) -> None:
    from archive.indexing import catch_up
    from archive.ingest.receipt import RefusedCopy
    from archive.ingest.recovery import finish_interrupted

    finished = finish_interrupted(archive, left)
    for batch in finished:
        refused = [line for line in batch.lines if isinstance(line, RefusedCopy)]
        say(
            f"an interrupted ingest was finished: accession {batch.label or 'none'}, "
            f"{len(batch.lines) - len(refused)} more copies recorded"
        )
        for line in refused:
            say(f"{line.name} was not recorded: {line.reason}")
    if finished:
        catch_up(archive)
        bring_links_up(archive)


def bring_links_up(archive: Archive) -> None:
    """Link what was recorded; what fails here takes nothing back of what is recorded, and is said."""
    from archive.errors import ArchiveError
    from archive.linking import catch_up

    try:
        catch_up(archive)
    except ArchiveError as error:
        say(f"links are not up to date ({error}); the next ingest or `claimtrail relink` does it")
