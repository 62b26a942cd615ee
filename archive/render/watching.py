"""What was found for the rows of a watch list, as a person reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.model import Property
from archive.render.occurring import KIND_WORDS
from archive.render.words import basis, plural

if TYPE_CHECKING:
    from archive.render.page import Page
    from archive.trace.finding import Match
    from archive.trace.watch import Followed


def followed(page: Page, each: Followed) -> None:
    """A row and the passages that state it; what is merely near is left to the JSON lines."""
    found = [match for match in each.found if match.closeness.kind]
    page.wrapped(f"{each.row.id}: {each.row.text}")
    page.line(plural(len(found), "occurrence"), 2)
    for match in found:
        _match(page, match)
    page.line()


def _match(page: Page, match: Match) -> None:
    sketch = match.sketch
    title, outlet, published = map(sketch.first, (Property.TITLE, Property.OUTLET, Property.PUBLISHED))
    page.line(f"{match.label}  {title.value if title else '(no title)'}", 4)
    said = outlet.value if outlet else "outlet unknown"
    when = f"published {published.value} [{basis(published)}]" if published else "no date of publication"
    kind = KIND_WORDS[match.closeness.kind] if match.closeness.kind else ""
    page.line(f"{said}, {when}; {kind}, closeness {match.closeness.score:.2f}", 6)
    page.wrapped(match.text, 6)
