"""What searching found, as a person reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.render.holding import head
from archive.render.words import plural
from index import State

if TYPE_CHECKING:
    from archive.indexing import Lag
    from archive.render.page import Page
    from archive.search import Answer


def answer(page: Page, found: Answer) -> None:
    """The hits of a search."""
    for each in found.found:
        holding = each.holding
        head(page, holding, str(holding.version.label))
        for snippet in each.snippets:
            page.quoted(holding.text, snippet.span, snippet.matches, 4)
        if each.others:
            page.line(f"also {', '.join(each.others)}", 4)
        page.line()
    for facet, counts in found.facets.items():
        page.line(f"{facet}: " + ", ".join(f"{count.value} ({count.count})" for count in counts))
    shown = "" if len(found.found) == found.total else f"; shown: {len(found.found)}"
    page.line(f"{plural(found.total, 'version')} found{shown}")
    for suggestion in found.suggestions:
        page.line(f"did you mean {suggestion.instead!r} instead of {suggestion.word!r}?")
    for note in found.notes:
        page.line(note)
    if found.incomplete:
        page.line("the time for a search was up: there may be more (setting search_seconds)")
    behind(page, found.lag)


def behind(page: Page, lag: Lag) -> None:
    """What the index does not cover yet, where there is something."""
    words = lag_words(lag)
    if words:
        page.line(words)


def lag_words(lag: Lag) -> str:
    """What the index does not cover and what to do; nothing where it is up to date."""
    if lag.state is not State.READY:
        return f"the index is {lag.state}: run `claimtrail reindex`"
    if lag.behind:
        verb = "is" if lag.behind == 1 else "are"
        return (
            f"{plural(lag.behind, 'version')} {verb} recorded but not yet indexed: "
            "the next ingest catches up, or `claimtrail reindex`"
        )
    return ""
