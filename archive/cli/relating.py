"""What shares text with what, and what is stated again and again: related, claims, relink."""

from __future__ import annotations

from typing import Annotated

import typer

from archive.cli.opening import ArchiveOption, JsonOption, opened, say, tell
from archive.errors import UsageError


class OneOrAll(UsageError):
    """Links were asked for of nothing, or of one thing and of everything at once."""


def related(
    reference: Annotated[
        str | None,
        typer.Argument(
            metavar="[ID]",
            show_default=False,
            help="A label (2026-0007.12, @2) or six digits or more of a digest.",
        ),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Every link of the archive, with --json, one after another.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many to show of each version.")] = 50,
    archive: ArchiveOption = None,
    json: JsonOption = False,
) -> None:
    """Show what copies or is copied from this. Says how many words are shared, and which is dated earlier."""
    from archive.linking import lag as lag_of
    from archive.related import every_link
    from archive.related import related as find
    from archive.render import jsonlines, relating
    from archive.render.page import Page

    if (reference is None) is not every:
        raise OneOrAll("name a version, or ask for --all")
    if every and not json:
        raise OneOrAll("--all is a stream for programs: add --json")
    with opened(archive) as held:
        if every or reference is None:
            jsonlines.write(map(relating.named_link_json, every_link(held)))
            words = relating.lag_words(lag_of(held))
            if words:
                say(words)
            return
        found, lag = find(held, reference)
    if json:
        jsonlines.write(one for each in found for one in relating.relatives_json(each))
        if lag.behind:
            say(relating.lag_words(lag))
        return
    page = Page()
    for each in found:
        relating.relatives(page, each, limit)
    relating.behind(page, lag)


def relink(archive: ArchiveOption = None) -> None:
    """Make all links anew from the record. An interrupted run is gone on with."""
    from archive.linking import lag, rebuild
    from archive.render.progress import bar
    from archive.render.words import plural

    with opened(archive) as held, bar("versions", lag(held).versions) as advance:
        found = rebuild(held, advance)
    tell(f"linked {plural(found.versions - found.behind, 'version')}: {plural(found.links, 'link')}")


def claims(
    outlets: Annotated[
        int | None,
        typer.Option(
            min=1, show_default=False, help="Stated by at least so many outlets (2, if neither is given)."
        ),
    ] = None,
    versions: Annotated[
        int | None,
        typer.Option(
            min=1, show_default=False, help="Stated in at least so many items, versions of one counted once."
        ),
    ] = None,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="Published on this day or later.")] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="Published on this day or earlier.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many claims to show.")] = 20,
    archive: ArchiveOption = None,
    json: JsonOption = False,
) -> None:
    """List claims that recur, most spread first. Says where numbers differ; `trace` follows one of them."""
    from archive.claims import claims as find
    from archive.render import claiming, jsonlines
    from archive.render.page import Page
    from archive.render.progress import bar

    least = (outlets or 0, versions or 0) if outlets or versions else (2, 0)
    with opened(archive) as held, bar("versions read", None) as advance:
        found = find(
            held,
            outlets=least[0],
            versions=least[1],
            since=since,
            until=until,
            limit=limit,
            progress=advance,
        )
    if json:
        jsonlines.write(map(claiming.claim_json, found))
    else:
        claiming.claims(Page(), found)


COMMANDS = (related, claims, relink)
