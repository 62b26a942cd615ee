"""Making an archive and bringing material in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archive.cli.opening import (
    ArchiveOption,
    ColumnsOption,
    JsonOption,
    bring_links_up,
    opened,
    say,
    say_waiting,
    tell,
)
from archive.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from archive.archive import Archive
    from archive.indexing import Lag
    from archive.ingest.receipt import Receipt
    from archive.ingest.told import Told


class NothingNamed(UsageError):
    """An ingest was asked for without saying of what."""


def init(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty directory.")],
    catalog: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS", show_default=False, help="Keep the catalogue elsewhere: postgresql://..."
        ),
    ] = None,
) -> None:
    """Make a new archive."""
    from archive.archive import make_archive
    from archive.checkpoints import signing_key

    with make_archive(directory, catalog=catalog) as archive:
        signing_key(archive)
        tell(f"made an archive at {archive.path}")
        tell(f"next: claimtrail ingest --archive {directory} FILE...")


def ingest(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH...", show_default=False, help="Files, folders, or - for standard input."
        ),
    ] = None,
    outlet: Annotated[str | None, typer.Option(help="Who published it, by your word.")] = None,
    url: Annotated[str | None, typer.Option(help="The address it was at.")] = None,
    retrieved: Annotated[
        str | None, typer.Option(metavar="DATE", help="When it was retrieved, ISO 8601.")
    ] = None,
    retrieved_by: Annotated[str | None, typer.Option(help="Who or what retrieved it.")] = None,
    published: Annotated[
        str | None, typer.Option(metavar="DATE", help="When it was published, ISO 8601.")
    ] = None,
    claimed_source: Annotated[str | None, typer.Option(help="Whom it names as its source.")] = None,
    item: Annotated[
        str | None, typer.Option(metavar="ID", help="The item it is a version of: 2026-0007.12.")
    ] = None,
    note: Annotated[str | None, typer.Option(help="A note to keep with each capture.")] = None,
    columns: ColumnsOption = None,
    manifest: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="A .csv or .jsonl file with a row a file; its rows win over options."
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")
    ] = False,
    archive: ArchiveOption = None,
    json: JsonOption = False,
) -> None:
    """Bring files in, and print a receipt. It has a line a file, each true once it is printed."""
    from archive.ingest.told import Told

    told = Told(outlet, url, retrieved, retrieved_by, published, claimed_source, item, note, columns)
    if not paths and not manifest:
        raise NothingNamed("name files or folders, - for standard input, or a --manifest")
    with opened(archive) as held:
        receipt = _ingest(held, paths or [], told, manifest, json=json, dry_run=dry_run)
    if receipt.refused or receipt.findings:
        raise typer.Exit(ExitCode.INCOMPLETE)


def _ingest(
    held: Archive, paths: list[str], told: Told, manifest: Path | None, *, json: bool, dry_run: bool
) -> Receipt:
    """Take everything in and print the receipt, which is returned."""
    from archive.indexing import catch_up
    from archive.ingest.plan import plan
    from archive.ingest.receipt import Receipt
    from archive.ingest.rehearsal import rehearse
    from archive.ingest.taking import Taking, open_accession
    from archive.render import jsonkeeping, jsonlines, keeping
    from archive.render.page import Page
    from archive.render.progress import counted

    opening = open_accession(held, told.note)
    sources = plan(held, paths, told, manifest)
    taking, receipt, page = Taking(held, opening, say_waiting), Receipt(), Page()
    lines = rehearse(held, opening, sources) if dry_run else taking.lines(sources)
    for line in counted(lines, "files"):
        receipt.count(line)
        if json:
            jsonlines.write([jsonkeeping.receipt_line(line)])
        else:
            keeping.receipt_line(page, line)
    receipt.label = taking.receipt.label
    if json:
        jsonlines.write([jsonkeeping.receipt_end(receipt, rehearsed=dry_run)])
    else:
        keeping.receipt_end(page, receipt, rehearsed=dry_run)
    if receipt.label:
        _index(catch_up(held))
        bring_links_up(held)
    return receipt


def _index(lag: Lag) -> None:
    if lag.behind:
        why = f" ({lag.reason})" if lag.reason else ""
        say(
            f"{lag.behind} versions are recorded but not yet indexed{why}; "
            "the next ingest or `claimtrail reindex` does it"
        )


COMMANDS = (init, ingest)
