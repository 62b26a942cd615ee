"""The places where a page says something of itself: JSON-LD, meta tags, its headings, its address."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cached_property
from html import unescape
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from archive.formats import jsonld, titles
from archive.formats.language import language_of
from archive.model import Method

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.html import HtmlElement

    from archive.formats.format import Context

HEADLINE_WORDS = 4
"""Fewest words of a heading that is a headline by its length alone."""
PARAGRAPHS = 12
"""How many paragraphs of a page its language is told from."""

Titled = tuple[str, Method, str, str]
"""A title, by which method it was found and where, and its words as they stand there."""

JSON_LD = Method("json-ld", "1")
META = Method("meta", "1")
PAGE = Method("page", "1")

_TITLES = (
    "og:title",
    "twitter:title",
    "dc.title",
    "dcterms.title",
    "parsely-title",
    "sailthru.title",
    "title",
)
_LOCALE = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{2})\b)?(?![A-Za-z])")
OUTLETS = ("og:site_name", "application-name", "dc.publisher", "publisher", "twitter:site")


class PageSays:
    """The places where a page says something of itself, each looked up once; libraries only if needed."""

    def __init__(self, tree: HtmlElement, context: Context) -> None:
        self.tree = tree
        self.articles = jsonld.articles(tree)
        self.meta = _metas(tree)
        self.context = replace(context, language=context.language or self._language())

    def _language(self) -> str | None:
        """The page's language and region as it declares them: its dates are read in them."""
        written = self.tree.get("lang") or next(
            (value for _, value in self.metas(("content-language",))), None
        )
        return locale(written) if written else None

    @cached_property
    def language(self) -> str | None:
        """The language that its first paragraphs are in, with the declared region where that is the same."""
        first = " ".join(str(element.text_content()) for element in islice(self.tree.iter("p"), PARAGRAPHS))
        told, declared = language_of(" ".join(first.split())), self.context.language
        return declared if declared and told == declared.partition("-")[0] else told

    def found(self, what: str) -> str:
        """The `title`, `author` or `sitename` by trafilatura; slow, so for what is said nowhere else."""
        from trafilatura import metadata

        return getattr(metadata, f"extract_{what}")(self.tree) or ""

    def found_date(self) -> str | None:
        """The day that htmldate finds on the page, as ISO 8601."""
        from htmldate import find_date

        latest = self.context.retrieved.strftime("%Y-%m-%d") if self.context.retrieved else None
        return find_date(self.tree, original_date=True, url=self.context.address, max_date=latest)

    def addresses(self) -> Iterator[str]:
        """Where the page is: where it came from, then what it says."""
        if self.context.address:
            yield self.context.address
        yield from (value for _, value in self.metas(("og:url",)))
        yield from (str(link.get("href")) for link in self.tree.iterfind(".//link[@rel='canonical']"))

    @cached_property
    def titles(self) -> list[Titled]:
        """The titles that the page claims, without the outlet's name, by the order of how far they are trusted."""
        outlets = [*self.outlets(), *_hosts(next(self.addresses(), ""))]
        return [
            (titles.without_outlet(titles.cleaned(quote), outlets), method, place, quote)
            for method, place, quote in self._claimed_titles()
        ]

    def _claimed_titles(self) -> Iterator[tuple[Method, str, str]]:
        for node in self.articles[:1]:
            if isinstance(node.get("headline"), str):
                yield JSON_LD, f"JSON-LD {jsonld.kind(node)} headline", node["headline"]
        for key, value in self.metas(_TITLES):
            yield META, f"meta[{key}]", value
        for element in self.tree.iterfind(".//head/title"):
            yield META, "title", element.text or ""

    @cached_property
    def heading(self) -> HtmlElement | None:
        """The heading that is the page's title: the one most like a title that it claims.

        What only its `<title>` claims is often made for search engines: there the one heading of a headline's
        length is it. None where there is no such heading.
        """
        shown = {titles.cleaned(str(element.text_content())): element for element in self.tree.iter("h1")}
        words = titles.heading_of(shown, [title for title, *_ in self.titles])
        long = [heading for heading in shown if heading.count(" ") >= HEADLINE_WORDS - 1]
        if words is None and len(long) == 1 and all(place == "title" for _, _, place, _ in self.titles):
            words = long[0]
        return shown[words] if words else None

    @cached_property
    def given_text(self) -> str | None:
        """The article's text as the page gives it to search engines, None where it gives none."""
        texts = [node["articleBody"] for node in self.articles if isinstance(node.get("articleBody"), str)]
        return unescape(max(texts, key=len)) if texts else None

    def metas(self, keys: Iterable[str]) -> Iterator[tuple[str, str]]:
        """The keys that are there, in the order asked for, with their contents."""
        for key in keys:
            for value in self.meta.get(key, ()):
                yield key, value

    def outlets(self) -> list[str]:
        """The outlet's names as JSON-LD and meta tags have them."""
        names = [name for node in self.articles for name, _ in jsonld.people(node.get("publisher"))]
        return [titles.cleaned(name) for name in [*names, *(value for _, value in self.metas(OUTLETS))]]


def _metas(tree: HtmlElement) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        key = next(filter(None, map(element.get, ("property", "name", "itemprop", "http-equiv"))), "")
        content = (element.get("content") or "").strip()
        if key and content:
            found.setdefault(key.strip().lower(), []).append(content)
    return found


def _hosts(address: str) -> list[str]:
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return []
    name = host.removeprefix("www.").partition(".")[0]
    return [host, host.removeprefix("www."), name, name.removeprefix("the")]


def locale(written: str) -> str | None:
    """A language with its region as BCP 47 writes them (`en_us` is `en-US`), None where it is none."""
    match = _LOCALE.match(written.strip())
    return "-".join(filter(None, (match[1].lower(), (match[2] or "").upper()))) if match else None
