"""What was read in a file, as a person reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.model import Property
from archive.render.findings import conflict_words, received
from archive.render.words import plural, stated

if TYPE_CHECKING:
    from archive.reading import Looked
    from archive.render.page import Page

_NAMES = {
    Property.ADDRESS: "address",
    Property.CANONICAL_ADDRESS: "canonical",
    Property.EXTERNAL_ID: "external id",
}


def looked(page: Page, each: Looked) -> None:
    """A file or part of one: its format, what it says about itself, its length, whom it names."""
    part, reading = each.found.part, each.found.part.reading
    place = f", {part.place}" if part.payload is not None else ""
    page.line(f"{each.found.path}{place}")
    reason = f": {reading.reason}" if reading.reason else ""
    page.line(f"  {'format':<12}{reading.format}, {reading.state}{reason}")
    for said in each.statements:
        page.line(f"  {_NAMES.get(said.about, said.about.value):<12}{stated(said)}")
    for conflict in each.conflicts:
        page.line(f"  {'dates':<12}{conflict_words(conflict)}")
    if reading.text:
        size = plural(len(reading.text), "character")
        page.line(
            f"  {'text':<12}{size} in {plural(len(reading.paragraphs), 'paragraph')}, by {reading.reader}"
        )
    names = dict.fromkeys(made.resolved.name for made in each.attributions if made.resolved.name)
    if names:
        page.wrapped(f"attributes to {'; '.join(names)}", 2)
    received(page, part.findings, 2)
    page.line()
