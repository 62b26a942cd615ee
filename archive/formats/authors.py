"""Who wrote a page, by its own words: JSON-LD, meta tags, what is marked up as a byline, a line that begins "By".

The first place that names persons is believed: an outlet or its staff is an author only where no one else is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archive.formats import bylines, jsonld
from archive.formats.compose import claim, library
from archive.formats.page import JSON_LD, META, PAGE
from archive.formats.shortlines import short_texts
from archive.formats.titles import cleaned
from archive.model import Property

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from archive.formats.page import PageSays
    from archive.model import Method, Statement

Written = list[tuple[str, bool]]
"""Bylines as they stand, and for each whether it is meant to be one name."""

_AUTHORS = (
    "author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "byl", "article:author",
    "cxenseparse:author", "article:author_name", "twitter:data1",
)  # fmt: skip
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
_BY = re.compile(r"(?:^|[\s|\u2022\u00b7,])(?:By|BY|by|Von|Par|Por|Di|Door|Af|Av)\s")
_PERSON = re.compile(r"(?:(?:[^\W\d_a-z][^\W\d_]*\.?|[dv][aeo]n?|de[rnl]?|la|bin|al)[\s'\u2019.-]*){2,5}")
_LINE = "byline"
_LINES = 3


def authors(said: PageSays) -> Iterator[Statement]:
    """The names of the first place that names persons; the first that names anyone where none does."""
    outlets = frozenset(cleaned(outlet).lower() for outlet in said.outlets())
    spare: list[Statement] = []
    for written, method, place in _places(said):
        if spare and place == _LINE:
            continue
        names = [
            (name, quote) for quote, whole in written for name in bylines.names_in(quote, whole, outlets)
        ]
        names = _distinct(names)
        people = [(name, quote) for name, quote in names if name.lower() not in outlets]
        made = [claim(Property.BYLINE, name, method, place, quote) for name, quote in people or names]
        if any(bylines.looks_personal(name) for name, _ in people):
            yield from made
            return
        spare = spare or made
    yield from spare


def _places(said: PageSays) -> Iterator[tuple[Written, Method, str]]:
    for node in said.articles:
        yield jsonld.people(node.get("author")), JSON_LD, f"JSON-LD {jsonld.kind(node)} author"
    for key in _AUTHORS:
        yield [(value, False) for value in said.meta.get(key, ())], META, f"meta[{key}]"
    for path in _BYLINES:
        yield [(words, False) for words in _shown(said.tree, path)], PAGE, path
    yield [(words, False) for words in _lines(said)], PAGE, _LINE
    yield [(said.found("author"), False)], library("trafilatura"), "page"


def _shown(tree: HtmlElement, path: str) -> list[str]:
    """The words of the first short element of a path, and of those that stand beside it."""
    short = [element for element in tree.xpath(path)[:8] if 0 < len(_words(element)) <= _BYLINE_SIZE]
    box = short[0].getparent() if short else None
    return [_words(element) for element in short if element.getparent() is box]


def _words(element: HtmlElement) -> str:
    return " ".join(str(element.text_content()).split())


def _lines(said: PageSays) -> list[str]:
    """The first line below the headline that says by whom it is: `December 20, 2023 by Ann Example`."""
    below = (words for words, is_below in short_texts(said.tree, said.heading, _BY, _BYLINE_SIZE) if is_below)
    for words, _ in zip(below, range(_LINES), strict=False):
        behind = _BY.split(words)[-1]
        if any(_PERSON.fullmatch(name) and bylines.looks_personal(name) for name in bylines.names_in(behind)):
            return [behind]
    return []


def _distinct(names: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Each name once, however it is spelled: `Ann Example`, `ann-example`."""
    found: dict[str, tuple[str, str]] = {}
    for name, quote in names:
        found.setdefault("".join(filter(str.isalnum, name.lower())), (name, quote))
    return list(found.values())
