"""Claims that recur, for a person and as JSON lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.claims import kinds
from archive.model import Property
from archive.render.occurring import KIND_WORDS
from archive.render.words import basis, plural

if TYPE_CHECKING:
    from archive.claims import RecurringClaim
    from archive.gathering import Stated
    from archive.render.jsonlines import Object
    from archive.render.page import Page

SHOWN = 8
"""How many passages are shown of each claim."""


def claims(page: Page, found: list[RecurringClaim]) -> None:
    """Each claim with how far it has spread, and the passages that state it."""
    for each in found:
        _claim(page, each)
        page.line()
    page.line(
        f"{plural(len(found), 'claim')} that recur{'s' if len(found) == 1 else ''}, as far as words show"
    )
    if found:
        page.line("next: `claimtrail trace ID` follows a claim to where it comes from")


def _claim(page: Page, claim: RecurringClaim) -> None:
    page.wrapped(claim.wording.words)
    outlets = plural(len(claim.outlets), "outlet") if claim.outlets else "no known outlet"
    names = f": {', '.join(claim.outlets)}" if claim.outlets else ""
    page.wrapped(f"{plural(claim.items, 'item')} from {outlets}{names}", 2)
    page.line(", ".join(f"{count} {KIND_WORDS[kind]}" for kind, count in kinds(claim).items()), 2)
    if claim.numbers:
        differ = ", ".join(f"{words} ({plural(count, 'version')})" for words, count in claim.numbers)
        page.wrapped(f"numbers that differ: {differ}", 2)
    for stated in claim.stated[:SHOWN]:
        page.line(f"{_label(stated):<20}{_dated(stated)}", 4)
    hidden = len(claim.stated) - SHOWN
    if hidden > 0:
        page.line(f"and {plural(hidden, 'more version')} (--json lists all)", 4)


def _label(stated: Stated) -> str:
    return str(stated.holding.version.label.at_passage(stated.passage.number))


def _dated(stated: Stated) -> str:
    """Outlet and date, each with its basis."""
    outlet = stated.holding.first(Property.OUTLET)
    date = stated.holding.first(Property.PUBLISHED) or stated.holding.first(Property.RETRIEVED)
    name = f"{outlet.value} [{basis(outlet)}]" if outlet else "outlet unknown"
    return f"{name}, {date.about.value} {date.value} [{basis(date)}]" if date else name


def claim_json(claim: RecurringClaim) -> Object:
    """A claim with every passage that states it."""
    return {
        "type": "claim",
        "id": _label(claim.wording),
        "text": claim.wording.words,
        "outlets": list(claim.outlets),
        "items": claim.items,
        "versions": len(claim.stated),
        "kinds": {kind.value: count for kind, count in kinds(claim).items()},
        "numbers_differ": dict(claim.numbers),
        "stated": [
            {
                "id": _label(each),
                "text": each.words,
                "kind": each.closeness.kind,
                "outlet": _said(each, Property.OUTLET),
                "published": _said(each, Property.PUBLISHED),
                "external_id": _said(each, Property.EXTERNAL_ID),
            }
            for each in claim.stated
        ],
    }


def _said(stated: Stated, about: Property) -> str | None:
    said = stated.holding.first(about)
    return said.value if said else None
