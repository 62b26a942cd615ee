"""What a page says of itself: JSON-LD first, then meta tags, then what it shows, then what libraries find.

Each property's best statement comes first; the place of its evidence says where it was found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.formats import bylines, jsonld
from archive.formats.compose import claim, library
from archive.formats.page import JSON_LD, META, OUTLETS, PAGE
from archive.formats.pagedates import dates
from archive.formats.titles import cleaned
from archive.model import Property

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from archive.formats.page import PageSays
    from archive.model import Method, Statement

_AUTHORS = ("author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "byl",
            "article:author", "cxenseparse:author", "article:author_name", "twitter:data1")  # fmt: skip
_NAMED = " or ".join(
    f"contains(@class, '{name}')"
    for name in ("author-name", "byline-name", "byline__name", "author__name", "authorName")
)
_BYLINES = (
    ".//*[@itemprop='author']",
    ".//a[@rel='author']",
    ".//*[contains(concat(' ', normalize-space(@class), ' '), ' byline ')]",
    f".//*[{_NAMED}]",
    ".//*[@data-testid='AuthorNameLink' or contains(@data-testid, 'author-name')]",
    ".//*[contains(@class, 'byline')][not(*/*/*/*)]",
    ".//a[contains(@href, '/author/') or contains(@href, '/authors/')]",
)
_BYLINE_SIZE = 120


def claims(said: PageSays) -> list[Statement]:
    """Every claim of the page, the best of each property first."""
    made = [*_titles(said), *_authors(said), *_outlet(said), *dates(said), *_rest(said)]
    return [statement for statement in made if statement.value]


def _titles(said: PageSays) -> Iterator[Statement]:
    claimed = said.titles
    if said.heading is not None:
        yield claim(Property.TITLE, cleaned(str(said.heading.text_content())), PAGE, "h1")
    for title, method, place, quote in claimed:
        yield claim(Property.TITLE, title, method, place, quote)
    if not claimed and (title := said.found("title")):
        yield claim(Property.TITLE, title, library("trafilatura"), "page")


def _authors(said: PageSays) -> Iterator[Statement]:
    """The names of the first place that names persons; the first that names anyone where none does."""
    outlets = {cleaned(outlet).lower() for outlet in said.outlets()}
    spare: list[Statement] = []
    for written, method, place in _byline_places(said):
        names = [(name, quote) for quote, whole in written for name in bylines.names_in(quote, whole)]
        names = _distinct(names)
        people = [(name, quote) for name, quote in names if name.lower() not in outlets]
        made = [claim(Property.BYLINE, name, method, place, quote) for name, quote in people or names]
        if any(bylines.looks_personal(name) for name, _ in people):
            yield from made
            return
        spare = spare or made
    yield from spare


def _byline_places(said: PageSays) -> Iterator[tuple[list[tuple[str, bool]], Method, str]]:
    for node in said.articles:
        yield jsonld.people(node.get("author")), JSON_LD, f"JSON-LD {jsonld.kind(node)} author"
    for key in _AUTHORS:
        yield [(value, False) for value in said.meta.get(key, ())], META, f"meta[{key}]"
    for path in _BYLINES:
        yield [(words, False) for words in _shown(said.tree, path)], PAGE, path
    yield [(said.found("author"), False)], library("trafilatura"), "page"


def _shown(tree: HtmlElement, path: str) -> list[str]:
    """The words of the first few elements of a path, none of them long."""
    found = [" ".join(str(element.text_content()).split()) for element in tree.xpath(path)[:4]]
    return [words for words in found if 0 < len(words) <= _BYLINE_SIZE][:1]


def _distinct(names: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Each name once, however it is spelled: `Ann Example`, `ann-example`."""
    found: dict[str, tuple[str, str]] = {}
    for name, quote in names:
        found.setdefault("".join(filter(str.isalnum, name.lower())), (name, quote))
    return list(found.values())


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
