"""Looking at what is held: show, search, trace, versions, log."""

from __future__ import annotations

from typing import Annotated

import typer

from archive.cli.opening import ArchiveOption, JsonOption, opened

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
    """Show what is recorded about an item, a version or an object, each statement with its basis."""
    from archive.render import holding, jsonlines
    from archive.render.page import Page

    with opened(archive) as held, held.catalog.read() as reader:
        found = reader.holdings(reader.find(reference))
    if json:
        jsonlines.write(jsonlines.holding(each) for each in found)
        return
    page = Page()
    for number, each in enumerate(found):
        if number:
            page.line()
        holding.show(page, each, text=text)


def search(
    query: Annotated[
        list[str], typer.Argument(metavar="QUERY", help='Words, "phrases", AND OR NOT, field:word.')
    ],
    limit: Annotated[int, typer.Option(min=1, help="How many to show.")] = 20,
    archive: ArchiveOption = None,
    json: JsonOption = False,
) -> None:
    """Search every version held; matches are marked."""
    from archive.render import answers, jsonlines
    from archive.render.page import Page
    from archive.search import search as find
    from index import Request

    with opened(archive) as held:
        found = find(held, Request(query=" ".join(query), limit=limit, suggest=True))
    if json:
        jsonlines.write(jsonlines.answer(found))
    else:
        answers.answer(Page(), found)


def trace(
    claim: Annotated[
        list[str], typer.Argument(metavar="TEXT|ID", help="A sentence, or the ID of a passage.")
    ],
    limit: Annotated[int, typer.Option(min=1, help="How many occurrences to show.")] = 50,
    archive: ArchiveOption = None,
    json: JsonOption = False,
) -> None:
    """Follow a claim: who states it, in which words, citing whom, and from how many origins."""
    from archive.render import answers, jsonlines
    from archive.render.page import Page
    from archive.trace import trace as follow

    with opened(archive) as held:
        found = follow(held, " ".join(claim), limit)
    if json:
        jsonlines.write(jsonlines.traced(found))
    else:
        answers.traced(Page(), found)


def versions(reference: IdArgument, archive: ArchiveOption = None, json: JsonOption = False) -> None:
    """List the versions of an item and what each changed."""
    from archive.compare import versions as compare
    from archive.render import answers, jsonlines
    from archive.render.page import Page

    with opened(archive) as held:
        found = compare(held, reference)
    if json:
        jsonlines.write(jsonlines.step(each) for each in found)
    else:
        answers.steps(Page(), found)


def log(
    reference: Annotated[
        str | None, typer.Argument(metavar="ID", show_default=False, help="Only what was done to this.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many of the newest.")] = 50,
    archive: ArchiveOption = None,
    json: JsonOption = False,
) -> None:
    """Show the ledger: what was done, when and by whom, oldest first."""
    from archive.render import jsonlines, keeping
    from archive.render.page import Page

    with opened(archive) as held, held.catalog.read() as reader:
        subjects: set[str] = set()
        if reference:
            for holding in reader.holdings(reader.find(reference)):
                subjects |= {str(holding.version.object), *(str(each.id) for each in holding.captures)}
                subjects |= {str(each.object) for each in holding.captures}
        events = reader.events(subjects=subjects, limit=limit)
    if json:
        jsonlines.write(jsonlines.event(each) for each in events)
    else:
        keeping.log(Page(), events)


COMMANDS = (show, search, trace, versions, log)
