"""Looking at what is held: show, search, log."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from archive.cli.opening import ArchiveOption, JsonOption, opened
from archive.model import Basis


class Which(StrEnum):
    """Which versions of an item may be found."""

    ALL = "all"
    LATEST = "latest"
    FIRST = "first"


class Grouped(StrEnum):
    """What hits are put together by."""

    ITEM = "item"
    TEXT = "text"
    NONE = "none"


class Sorted(StrEnum):
    """What comes first."""

    RELEVANCE = "relevance"
    DATE = "date"
    OLDEST = "oldest"


IdArgument = Annotated[
    str,
    typer.Argument(metavar="ID", help="A label (2026-0007.12, @2, #3) or six digits or more of a digest."),
]


def show(
    reference: IdArgument,
    text: Annotated[bool, typer.Option("--text", help="The canonical text as well.")] = False,
    archive: ArchiveOption = None,
    json: JsonOption = False,
) -> None:
    """Show what is recorded about an item, version or object. Of an accession it lists what came in with it."""
    from archive.digest import digest_prefix
    from archive.label import Label
    from archive.render import holding, jsonholdings, jsonlines
    from archive.render.page import Page
    from archive.trace.asked import passage_of

    with opened(archive) as held, held.catalog.read() as reader:
        found = reader.holdings(reader.find(reference))
    label = None if digest_prefix(reference) else Label.parse(reference)
    passage = passage_of(found[0], label.passage) if label and label.passage else None
    if json:
        jsonlines.write(jsonholdings.holding(each) for each in found)
        return
    page = Page()
    if label and label.item is None and not text:
        holding.listed(page, found, label)
        return
    for place, each in enumerate(found):
        if place:
            page.line()
        holding.show(page, each, text=text, passage=passage)


def search(
    query: Annotated[
        list[str] | None,
        typer.Argument(metavar="QUERY", show_default=False, help='Words, "phrases", AND OR NOT, field:word.'),
    ] = None,
    outlet: Annotated[list[str] | None, typer.Option(help="Only from this outlet.")] = None,
    source: Annotated[list[str] | None, typer.Option(help="Only what names this source.")] = None,
    lang: Annotated[list[str] | None, typer.Option(help="Only in this language (BCP 47).")] = None,
    basis: Annotated[
        list[Basis] | None, typer.Option(help="Only where something is said on this basis.")
    ] = None,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="Published on this day or later.")] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="Published on this day or earlier.")
    ] = None,
    versions: Annotated[Which, typer.Option(help="Which versions of an item may be found.")] = Which.ALL,
    group: Annotated[Grouped, typer.Option(help="Put hits together by item or by same text.")] = Grouped.ITEM,
    sort: Annotated[Sorted, typer.Option(help="What comes first.")] = Sorted.RELEVANCE,
    facets: Annotated[
        bool, typer.Option("--facets", help="Count hits by outlet, source, language, year.")
    ] = False,
    like: Annotated[str | None, typer.Option(metavar="ID", help="More like this version.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many on a page.")] = 20,
    page: Annotated[int, typer.Option(min=1, help="Which page.")] = 1,
    snippets: Annotated[int, typer.Option(min=0, help="How many stretches of each text to show.")] = 2,
    archive: ArchiveOption = None,
    json: JsonOption = False,
) -> None:
    """Search every version held. Matches are marked, and versions of one item stand together."""
    from archive.render import answers, jsonholdings, jsonlines
    from archive.render.page import Page
    from archive.search import Question
    from archive.search import search as find

    asked = Question(
        " ".join(query or []),
        outlets=tuple(outlet or ()),
        sources=tuple(source or ()),
        languages=tuple(lang or ()),
        bases=tuple(basis or ()),
        since=since,
        until=until,
        versions=versions.value,
        group=group.value,
        sort=sort.value,
        facets=facets,
        like=like,
        limit=limit,
        page=page,
    )
    with opened(archive) as held:
        found = find(held, asked, snippets)
    if json:
        jsonlines.write(jsonholdings.answer(found))
    else:
        answers.answer(Page(), found)


def log(
    reference: Annotated[
        str | None, typer.Argument(metavar="ID", show_default=False, help="Only what was done to this.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many of the newest.")] = 50,
    archive: ArchiveOption = None,
    json: JsonOption = False,
) -> None:
    """Show the ledger. It says what was done, when and by whom, oldest first."""
    from archive.render import jsonkeeping, jsonlines, keeping
    from archive.render.page import Page

    with opened(archive) as held, held.catalog.read() as reader:
        subjects: set[str] = set()
        if reference:
            for holding in reader.holdings(reader.find(reference)):
                subjects |= {str(holding.version.object), *(str(each.id) for each in holding.captures)}
                subjects |= {str(each.object) for each in holding.captures}
        events = reader.events(subjects=subjects, limit=limit)
    if json:
        jsonlines.write(jsonkeeping.event(each) for each in events)
    else:
        keeping.log(Page(), events)


COMMANDS = (show, search, log)
