"""Checking what is held: verify, rehash."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archive.cli.opening import ArchiveOption, JsonOption, NotifyOption, opened, say, tell
from archive.cli.proving import verify_ledger
from archive.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from archive.archive import Archive
    from archive.verdict import IntegrityFinding
    from archive.verify import How, Kind, Report, Scope

ForOption = Annotated[
    str | None, typer.Option("--for", metavar="TIME", help="Stop after so long: 20m, 2h.", show_default=False)
]
BytesOption = Annotated[
    str | None,
    typer.Option("--bytes", metavar="SIZE", help="Stop after so many bytes: 50G.", show_default=False),
]
RateOption = Annotated[
    str | None,
    typer.Option("--rate", metavar="RATE", help="Read no faster than this: 50MB/s.", show_default=False),
]
WarmOption = Annotated[
    bool,
    typer.Option(
        "--warm", help="Take what the system has in memory, instead of reading the disk: quicker, weaker."
    ),
]
UrgentOption = Annotated[
    bool, typer.Option("--urgent", help="Do not give way to other programs for disk and processor.")
]


def verify(
    index: Annotated[bool, typer.Option("--index", help="Check the full-text index as well.")] = False,
    text: Annotated[
        bool, typer.Option("--text", help="Read every object again and compare the canonical text.")
    ] = False,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only",
            metavar="PART",
            help="Only objects, copies, strays, catalogue, texts, ledger, schedule, index or readings; "
            "may be repeated.",
            show_default=False,
        ),
    ] = None,
    ledger: Annotated[
        bool, typer.Option("--ledger", help="Only the ledger, and the rows its events stand for.")
    ] = False,
    against: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="PATH",
            show_default=False,
            help="Checkpoints kept elsewhere, for --ledger: file or folder.",
        ),
    ] = None,
    due: Annotated[
        str | None,
        typer.Option(
            "--due", metavar="TIME", help="Only objects not found intact within: 90d.", show_default=False
        ),
    ] = None,
    length: ForOption = None,
    size: BytesOption = None,
    sample: Annotated[
        str | None,
        typer.Option("--sample", metavar="SHARE", help="Objects taken at random: 5%.", show_default=False),
    ] = None,
    subset: Annotated[
        str | None,
        typer.Option("--subset", metavar="N/M", help="The Nth of M equal parts: 3/12.", show_default=False),
    ] = None,
    accession: Annotated[
        str | None,
        typer.Option(
            "--accession", metavar="LABEL", help="Only what came in with an accession.", show_default=False
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="DATE", help="Only what was recorded since.", show_default=False),
    ] = None,
    anew: Annotated[
        bool, typer.Option("--anew", help="From the start, though an earlier run was cut off.")
    ] = False,
    warm: WarmOption = False,
    rate: RateOption = None,
    urgent: UrgentOption = False,
    repair: Annotated[
        bool, typer.Option("--repair", help="Then restore what is altered or missing, from a replica.")
    ] = False,
    notify: NotifyOption = None,
    archive: ArchiveOption = None,
    json: JsonOption = False,
) -> None:
    """Check that nothing held has changed.

    Every object is read from the disk and hashed again; ledger, texts and database are checked. The never
    checked come first, then those that failed last time, then those checked longest ago. Status 1 if not intact.
    """
    from archive import amounts
    from archive.catalog.fixity_work import Narrowed
    from archive.cli.telling import telling
    from archive.label import Label
    from archive.text.dates import date
    from archive.verify import How, Scope

    if ledger or against:
        with opened(archive) as held:
            verify_ledger(held, against or [], json=json)
        return
    narrowed = Narrowed(
        Label.parse(accession) if accession else None,
        date(since).at if since else None,
    )
    scope = Scope(
        narrowed,
        amounts.duration(due) if due else None,
        amounts.duration(length) if length else None,
        amounts.size(size) if size else None,
        amounts.share(sample) if sample else None,
        amounts.subset(subset) if subset else None,
        anew,
    )
    how = How(warm, amounts.rate(rate) if rate else None, urgent)
    kinds = _kinds(only or [], index=index, text=text)
    with telling(archive, notify) as told, opened(archive) as held:
        found = _run(held, kinds, scope, how, json=json)
        _say(found, json=json)
        told.report(found)
        if repair and found.failed:
            from archive.cli.copying import mended
            from archive.repair.candidates import not_intact

            mended(held, not_intact(held), named=False, json=json)
    told.say_unsent()
    _end(found, unsent=bool(told.unsent))


def _kinds(only: list[str], *, index: bool, text: bool) -> list[Kind]:
    from archive.verify import Kind
    from archive.verify.scope import USUAL

    try:
        asked = [Kind(name) for name in only] or list(USUAL)
    except ValueError as error:
        raise UsageError(f"{error}: name one of {', '.join(Kind)}") from error
    return [*asked, *([Kind.INDEX] if index else []), *([Kind.READINGS] if text else [])]


def _run(
    held: Archive, kinds: list[Kind], scope: Scope, how: How, *, json: bool, add: str | None = None
) -> Report:
    """Check with a bar; each finding is printed as it comes, or after the bar where one is shown."""
    import sys

    from archive.digest import Algorithm
    from archive.render import checking
    from archive.render.page import Page
    from archive.render.progress import reading_bar
    from archive.verify import verify as check

    page, waited = Page(), list[str]()
    kept: list[IntegrityFinding] = []

    def show(finding: IntegrityFinding) -> None:
        checking.finding_line(finding) if json else checking.finding(page, finding)

    def on_wait(who: str) -> None:
        if not waited:
            say(f"the rest is being checked by {who}; waiting for it ...")
        waited.append(who)

    if scope.narrowed.accession:
        _must_be_accession(held, str(scope.narrowed.accession))
    with held.catalog.read() as reader:
        totals = reader.totals()
    shown = sys.stderr.isatty() and not json
    total = (totals.objects, totals.size) if scope.whole else (None, None)
    with reading_bar("objects", *total) as advance:
        found = check(
            held,
            advance,
            kinds=kinds,
            scope=scope,
            how=how,
            add=Algorithm(add) if add else None,
            told=kept.append if shown else show,
            on_wait=on_wait,
        )
    for finding in kept:
        show(finding)
    return found


def _must_be_accession(held: Archive, label: str) -> None:
    with held.catalog.read() as reader:
        reader.find(label)


def _say(found: Report, *, json: bool) -> None:
    """Print the sums; the findings were printed before."""
    from archive.render import checking
    from archive.render.page import Page

    if json:
        checking.report_line(found)
    else:
        checking.report(Page(), found)


def _end(found: Report, *, unsent: bool = False) -> None:
    if found.failed:
        raise typer.Exit(ExitCode.CHECK_FAILED)
    if found.incomplete or unsent:
        raise typer.Exit(ExitCode.INCOMPLETE)


def rehash(
    add: Annotated[
        str, typer.Option("--add", metavar="ALGORITHM", help="sha512 or blake3.", show_default=False)
    ],
    length: ForOption = None,
    size: BytesOption = None,
    warm: WarmOption = False,
    rate: RateOption = None,
    urgent: UrgentOption = False,
    archive: ArchiveOption = None,
    json: JsonOption = False,
) -> None:
    """Add a digest by another algorithm to every object that has none yet.

    Each object is read once: all digests it has are verified, and only then is the new one entered, beside
    the old. An object that is not intact gets none, and is reported. Cut off, it goes on when called again.
    """
    from archive import amounts
    from archive.catalog.fixity_work import Narrowed
    from archive.digest import Algorithm
    from archive.store.inspecting import new_hash
    from archive.verify import How, Kind, Scope

    if add not in (Algorithm.SHA512, Algorithm.BLAKE3):
        raise UsageError(f"no digest can be added by {add!r}: name sha512 or blake3")
    new_hash(Algorithm(add))
    scope = Scope(
        Narrowed(without=Algorithm(add)),
        None,
        amounts.duration(length) if length else None,
        amounts.size(size) if size else None,
    )
    how = How(warm, amounts.rate(rate) if rate else None, urgent)
    with opened(archive) as held:
        if not held.writable:
            from archive.catalog import ReadOnly

            raise ReadOnly("the archive is read-only here: no digest can be added")
        found = _run(held, [Kind.OBJECTS], scope, how, json=json, add=add)
    if not json:
        tell(f"{found.added:,} {add} digests added")
    _say(found, json=json)
    _end(found)


COMMANDS = (verify, rehash)
