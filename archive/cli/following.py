"""Following claims: trace, compare, versions."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from archive.cli.asking import IdArgument
from archive.cli.opening import ArchiveOption, JsonOption, opened, say
from archive.errors import ArchiveError, ExitCode, UsageError
from archive.model import ClosenessKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archive.archive import Archive
    from archive.trace.asked import Scope

WATCHED = 10
"""Versions that are shown for each row of a watch list, where nobody says how many."""

TRACED = 50
"""Occurrences that are shown of one claim, where nobody says how many."""


class NothingGiven(UsageError):
    """A trace was asked for without saying of what, or of two things at once."""


class CannotRead(UsageError):
    """A watch list cannot be read."""


class CannotKeep(ArchiveError):
    """A page or graph cannot be written where it is wanted."""


TrivialOption = Annotated[
    bool,
    typer.Option(
        "--trivial/--no-trivial",
        help="Also changes of nothing but punctuation, white space, case, typography or place.",
    ),
]


def trace(
    claim: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="TEXT|ID",
            show_default=False,
            help="A sentence, quote or number; an ID or digest; - for standard input.",
        ),
    ] = None,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="Published on this day or later.")] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="Published on this day or earlier.")
    ] = None,
    outlet: Annotated[list[str] | None, typer.Option(help="Only from this outlet.")] = None,
    kind: Annotated[list[ClosenessKind] | None, typer.Option(help="Only what states it so.")] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            min=1, show_default=False, help=f"How many to show ({TRACED}; of a list {WATCHED} a row)."
        ),
    ] = None,
    watch: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help="A watch list: JSON lines of id, text, since, until."),
    ] = None,
    new_since: Annotated[
        str | None, typer.Option(metavar="DATE", help="Only what was recorded at this date or later.")
    ] = None,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Also as a page to keep.")] = None,
    dot: Annotated[Path | None, typer.Option(metavar="FILE", help="Also as a graph for Graphviz.")] = None,
    archive: ArchiveOption = None,
    json: JsonOption = False,
) -> int:
    """Follow a claim to where it comes from. Says who states it, in which words, citing whom."""
    from archive.trace.asked import scope

    if bool(claim) is bool(watch):
        raise NothingGiven("say what to trace: words, an ID, or a watch list with --from FILE")
    if watch and (html or dot):
        raise NothingGiven("a page or a graph shows one claim; it cannot be made of a watch list")
    within = scope(since, until, tuple(outlet or ()), tuple(kind or ()), new_since)
    with opened(archive) as held:
        if watch:
            return _watched(held, watch, within, limit or WATCHED, json=json)
        _traced(held, _asked(claim or ()), within, limit or TRACED, json=json, html=html, dot=dot)
    return ExitCode.DONE


def _asked(words: Sequence[str]) -> str:
    """The claim as typed, or all of standard input as one line."""
    return " ".join(sys.stdin.read().split() if list(words) == ["-"] else words)


def _traced(
    held: Archive, claim: str, within: Scope, limit: int, *, json: bool, html: Path | None, dot: Path | None
) -> None:
    from archive.render import jsonlines, jsontrails, trails
    from archive.render.page import Page
    from archive.trace import trace as follow

    found = follow(held, claim, limit, within)
    if html:
        from archive.render.html.trail import page

        _keep(html, page(found))
    if dot:
        from archive.render.dot import graph

        _keep(dot, graph(found))
    if json:
        jsonlines.write(jsontrails.traced(found))
    else:
        trails.traced(Page(), found)


def _keep(place: Path, text: str) -> None:
    try:
        place.write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise CannotKeep(f"{place} cannot be written: {error.strerror}") from error


def _watched(held: Archive, watch: Path, within: Scope, limit: int, *, json: bool) -> int:
    from archive.render import jsonlines, jsontrails, watching
    from archive.render.page import Page
    from archive.render.progress import counted
    from archive.trace.watch import Followed, follow

    page, unread = Page(), 0
    with _lines(watch) as lines:
        for each in counted(follow(held, lines, within, limit), "claims followed"):
            if not isinstance(each, Followed):
                unread += 1
                say(f"{watch}, line {each.line}: {each.reason}")
                if json:
                    jsonlines.write([jsontrails.unread(each)])
            elif json:
                jsonlines.write(jsontrails.followed(each))
            else:
                watching.followed(page, each)
    return ExitCode.INCOMPLETE if unread else ExitCode.DONE


@contextmanager
def _lines(watch: Path) -> Iterator[BinaryIO]:
    if str(watch) == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = watch.open("rb")
    except OSError as error:
        raise CannotRead(f"{watch} cannot be read: {error.strerror}") from error
    with stream:
        yield stream


def compare(
    one: Annotated[str, typer.Argument(metavar="A", help="The ID of a version, or of an item: its latest.")],
    other: Annotated[str, typer.Argument(metavar="B", help="The ID that it is compared with.")],
    trivial: TrivialOption = True,
    archive: ArchiveOption = None,
    json: JsonOption = False,
) -> None:
    """Compare two versions. Shows words, numbers and attributions added, dropped and changed."""
    from archive.compare import compare as find
    from archive.render import compared, jsonlines, jsontrails
    from archive.render.page import Page

    with opened(archive) as held:
        found = find(held, one, other, trivial=trivial)
    if json:
        jsonlines.write(jsontrails.comparison(found))
    else:
        compared.comparison(Page(), found)


def versions(
    reference: IdArgument,
    trivial: TrivialOption = True,
    archive: ArchiveOption = None,
    json: JsonOption = False,
) -> None:
    """List the versions of an item and what each changed."""
    from archive.compare import versions as find
    from archive.render import compared, jsonlines, jsontrails
    from archive.render.page import Page

    with opened(archive) as held:
        found = find(held, reference, trivial=trivial)
    if json:
        jsonlines.write(jsontrails.step(each) for each in found)
    else:
        compared.steps(Page(), found)


COMMANDS = (trace, compare, versions)
