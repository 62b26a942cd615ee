"""Checking what is held: verify, rehash."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archive.cli.opening import ArchiveOption, JsonOption, NotifyOption, opened, say, tell
from archive.cli.proving import verify_ledger
from archive.cli.scoping import (
    AccessionOption,
    AnewOption,
    BytesOption,
    DueOption,
    ForOption,
    IndexOption,
    OnlyOption,
    RateOption,
    SampleOption,
    SinceOption,
    SubsetOption,
    TextOption,
    UrgentOption,
    WarmOption,
    how,
    kinds,
    narrowed,
)
from archive.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from archive.archive import Archive
    from archive.verdict import IntegrityFinding
    from archive.verify import How, Kind, Report, Scope

AgainstOption = Annotated[
    list[Path] | None,
    typer.Option(
        metavar="PATH",
        show_default=False,
        help="Checkpoints kept elsewhere, for --ledger: file or folder.",
    ),
]


def verify(
    index: IndexOption = False,
    text: TextOption = False,
    only: OnlyOption = None,
    ledger: Annotated[
        bool, typer.Option("--ledger", help="Only the ledger, and the rows its events stand for.")
    ] = False,
    against: AgainstOption = None,
    due: DueOption = None,
    length: ForOption = None,
    size: BytesOption = None,
    sample: SampleOption = None,
    subset: SubsetOption = None,
    accession: AccessionOption = None,
    since: SinceOption = None,
    anew: AnewOption = False,
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
    from archive.cli.telling import telling
    from archive.verify import Scope

    if ledger or against:
        with opened(archive) as held:
            verify_ledger(held, against or [], json=json)
        return
    scope = Scope(
        narrowed(accession, since),
        amounts.duration(due) if due else None,
        amounts.duration(length) if length else None,
        amounts.size(size) if size else None,
        amounts.share(sample) if sample else None,
        amounts.subset(subset) if subset else None,
        anew,
    )
    read = how(warm=warm, rate=rate, urgent=urgent)
    asked = kinds(only or [], index=index, text=text)
    with telling(archive, notify) as told, opened(archive) as held:
        found = _run(held, asked, scope, read, json=json)
        _say(found, json=json)
        told.report(found)
        if repair and found.failed:
            _repair(held, json=json)
    told.say_unsent()
    _end(found, unsent=bool(told.unsent))


def _run(
    held: Archive, asked: list[Kind], scope: Scope, read: How, *, json: bool, add: str | None = None
) -> Report:
    """Check with a bar; each finding is printed as it comes, or after the bar where one is shown."""
    import sys

    from archive.digest import Algorithm
    from archive.render import checking
    from archive.render.page import Page
    from archive.render.progress import reading_bar
    from archive.verify import verify as check

    kept: list[IntegrityFinding] = []
    show = checking.finding_line if json else partial(checking.finding, Page())
    if scope.narrowed.accession:
        _must_be_accession(held, str(scope.narrowed.accession))
    with held.catalog.read() as reader:
        totals = reader.totals()
    with_bar = sys.stderr.isatty() and not json
    total = (totals.objects, totals.size) if scope.whole else (None, None)
    with reading_bar("objects", *total) as advance:
        found = check(
            held,
            advance,
            kinds=asked,
            scope=scope,
            how=read,
            add=Algorithm(add) if add else None,
            told=kept.append if with_bar else show,
            on_wait=_say_once(),
        )
    for finding in kept:
        show(finding)
    return found


def _say_once() -> Callable[[str], None]:
    """Says who is waited for, the first time that it is called."""
    waited: list[str] = []

    def on_wait(who: str) -> None:
        if not waited:
            say(f"the rest is being checked by {who}; waiting for it ...")
        waited.append(who)

    return on_wait


def _must_be_accession(held: Archive, label: str) -> None:
    with held.catalog.read() as reader:
        reader.find(label)


def _repair(held: Archive, *, json: bool) -> None:
    from archive.cli.copying import mended
    from archive.repair.candidates import not_intact

    mended(held, not_intact(held), named=False, json=json)


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
    from archive.verify import Kind, Scope

    if add not in (Algorithm.SHA512, Algorithm.BLAKE3):
        raise UsageError(f"no digest can be added by {add!r}: name sha512 or blake3")
    new_hash(Algorithm(add))
    scope = Scope(
        Narrowed(without=Algorithm(add)),
        None,
        amounts.duration(length) if length else None,
        amounts.size(size) if size else None,
    )
    read = how(warm=warm, rate=rate, urgent=urgent)
    with opened(archive) as held:
        if not held.writable:
            from archive.catalog import ReadOnly

            raise ReadOnly("the archive is read-only here: no digest can be added")
        found = _run(held, [Kind.OBJECTS], scope, read, json=json, add=add)
    if not json:
        tell(f"{found.added:,} {add} digests added")
    _say(found, json=json)
    _end(found)


COMMANDS = (verify, rehash)
