"""What a page says of itself: JSON-LD first, then meta tags, then what it shows, then what libraries find.

Each property's best statement comes first; the place of its evidence says where it was found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.formats import jsonld
from archive.formats.authors import authors
from archive.formats.compose import claim, library
from archive.formats.page import JSON_LD, META, OUTLETS, PAGE
from archive.formats.pagedates import dates
from archive.formats.titles import cleaned, without_kicker
from archive.model import Property

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archive.formats.page import PageSays
    from archive.model import Statement


def claims(said: PageSays) -> list[Statement]:
    """Every claim of the page, the best of each property first."""
    made = [*_titles(said), *authors(said), *_outlet(said), *dates(said), *_rest(said)]
    return [statement for statement in made if statement.value]


def _titles(said: PageSays) -> Iterator[Statement]:
    claimed = said.titles
    if said.heading is not None:
        shown = cleaned(str(said.heading.text_content()))
        title = without_kicker(shown, [title for title, *_ in claimed])
        yield claim(Property.TITLE, title, PAGE, "h1", shown)
    for title, method, place, quote in claimed:
        yield claim(Property.TITLE, title, method, place, quote)
    if not claimed and (title := said.found("title")):
        yield claim(Property.TITLE, title, library("trafilatura"), "page")


def _outlet(said: PageSays) -> Iterator[Statement]:
    for node in said.articles:
        for name, _ in jsonld.people(node.get("publisher")):
            place = f"JSON-LD {jsonld.kind(node)} publisher"
            yield claim(Property.OUTLET, cleaned(name), JSON_LD, place, name)
    for key, name in said.metas(OUTLETS):
        yield claim(Property.OUTLET, cleaned(name), META, f"meta[{key}]", name)
    if not said.outlets() and (name := said.found("sitename")):
        yield claim(Property.OUTLET, name, library("trafilatura"), "page")


def _rest(said: PageSays) -> Iterator[Statement]:
    for link in said.tree.iterfind(".//link[@rel='canonical']"):
        if link.get("href"):
            yield claim(
                Property.CANONICAL_ADDRESS, str(link.get("href")).strip(), META, "link[rel=canonical]"
            )
    for _, value in said.metas(("og:url",)):
        yield claim(Property.CANONICAL_ADDRESS, value, META, "meta[og:url]")
    for node in said.articles:
        for name, _ in jsonld.people(node.get("articleSection")):
            yield claim(
                Property.SECTION, cleaned(name), JSON_LD, f"JSON-LD {jsonld.kind(node)} articleSection"
            )
    for _, value in said.metas(("article:section",)):
        yield claim(Property.SECTION, cleaned(value), META, "meta[article:section]")
    if said.tree.get("lang"):
        yield claim(Property.LANGUAGE, str(said.tree.get("lang")).strip(), META, "html[lang]")
    for key, value in said.metas(("language", "content-language", "og:locale")):
        yield claim(Property.LANGUAGE, value.replace("_", "-"), META, f"meta[{key}]")
