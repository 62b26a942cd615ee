"""What a page says of itself: JSON-LD first, then meta tags, then what it shows, then what libraries find.

Each property's best statement comes first; the place of its evidence says where it was found.
"""

from __future__ import annotations

from functools import cached_property
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from archive.formats import bylines, jsonld, titles
from archive.formats.compose import claim, library
from archive.formats.dates import dated
from archive.model import Basis, Method, Property

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.html import HtmlElement

    from archive.formats.format import Context
    from archive.model import Statement

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
_AUTHORS = ("author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "byl",
            "article:author", "cxenseparse:author", "article:author_name", "twitter:data1")  # fmt: skip
_OUTLETS = ("og:site_name", "application-name", "dc.publisher", "publisher", "twitter:site")
_PUBLISHED = ("article:published_time", "datepublished", "parsely-pub-date", "sailthru.date", "pubdate",
              "publishdate", "publish-date", "date", "dc.date.issued", "dc.date", "dcterms.date",
              "article.published",
              "og:published_time", "published_time", "cxenseparse:recs:publishtime")  # fmt: skip
_MODIFIED = ("article:modified_time", "datemodified", "og:updated_time", "lastmod", "last-modified",
             "dc.date.modified", "dcterms.modified")  # fmt: skip
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


class PageSays:
    """The places where a page says something of itself, each looked up once; libraries only if needed."""

    def __init__(self, tree: HtmlElement, context: Context) -> None:
        self.tree, self.context = tree, context
        self.articles = jsonld.articles(tree)
        self.meta = _metas(tree)

    def found(self, what: str) -> str:
        """The `title`, `author` or `sitename` by trafilatura; slow, so for what is said nowhere else."""
        from trafilatura import metadata

        return getattr(metadata, f"extract_{what}")(self.tree) or ""

    def found_date(self) -> str | None:
        """The day that htmldate finds on the page, as ISO 8601."""
        from htmldate import find_date

        latest = self.context.retrieved.strftime("%Y-%m-%d") if self.context.retrieved else None
        return find_date(self.tree, original_date=True, url=self.context.address, max_date=latest)

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
        return [titles.cleaned(name) for name in [*names, *(value for _, value in self.metas(_OUTLETS))]]

    def claims(self) -> list[Statement]:
        """Every claim of the page, the best of each property first."""
        made = [*_titles(self), *_authors(self), *_outlet(self), *_dates(self), *_rest(self)]
        return [statement for statement in made if statement.value]


def _metas(tree: HtmlElement) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        key = element.get("property") or element.get("name") or element.get("itemprop") or ""
        content = (element.get("content") or "").strip()
        if key and content:
            found.setdefault(key.strip().lower(), []).append(content)
    return found


def _titles(said: PageSays) -> Iterator[Statement]:
    outlets = [*said.outlets(), *_hosts(said)]
    claimed = [
        (titles.without_outlet(titles.cleaned(quote), outlets), method, place, quote)
        for method, place, quote in _claimed_titles(said)
    ]
    if not claimed and (title := said.found("title")):
        claimed = [(title, library("trafilatura"), "page", title)]
    shown = [titles.cleaned(str(element.text_content())) for element in said.tree.iter("h1")]
    heading = titles.heading_of(shown, [title for title, *_ in claimed])
    if heading:
        yield claim(Property.TITLE, heading, PAGE, "h1")
    for title, method, place, quote in claimed:
        yield claim(Property.TITLE, title, method, place, quote)


def _claimed_titles(said: PageSays) -> Iterator[tuple[Method, str, str]]:
    for node in said.articles[:1]:
        if isinstance(node.get("headline"), str):
            yield JSON_LD, f"JSON-LD {jsonld.kind(node)} headline", node["headline"]
    for key, value in said.metas(_TITLES):
        yield META, f"meta[{key}]", value
    for element in said.tree.iterfind(".//head/title"):
        yield META, "title", element.text or ""


def _hosts(said: PageSays) -> list[str]:
    address = said.context.address or next((value for _, value in said.metas(("og:url",))), "")
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return []
    return [host, host.removeprefix("www."), host.removeprefix("www.").partition(".")[0]]


def _authors(said: PageSays) -> Iterator[Statement]:
    """The names of the first place that names persons; the first that names anyone where none does."""
    outlets = {titles.cleaned(outlet).lower() for outlet in said.outlets()}
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
            yield claim(Property.OUTLET, titles.cleaned(name), JSON_LD, place, name)
    for key, name in said.metas(_OUTLETS):
        yield claim(Property.OUTLET, titles.cleaned(name), META, f"meta[{key}]", name)
    if not said.outlets() and (name := said.found("sitename")):
        yield claim(Property.OUTLET, name, library("trafilatura"), "page")


def _dates(said: PageSays) -> Iterator[Statement]:
    published = list(_dated(said, Property.PUBLISHED, "datePublished", _PUBLISHED))
    published = published or list(_shown_dates(said))
    yield from _local_first(published, said)
    yield from _dated(said, Property.MODIFIED, "dateModified", _MODIFIED)
    if not published:
        yield from dated(Property.PUBLISHED, said.found_date(), library("htmldate"), "page", Basis.INFERRED)


def _dated(said: PageSays, about: Property, name: str, keys: Iterable[str]) -> Iterator[Statement]:
    for node in said.articles:
        place = f"JSON-LD {jsonld.kind(node)} {name}"
        yield from dated(about, node.get(name), JSON_LD, place, context=said.context)
    for key, value in said.metas(keys):
        yield from dated(about, value, META, f"meta[{key}]", context=said.context)


def _local_first(published: list[Statement], said: PageSays) -> list[Statement]:
    """The same instant in the page's own zone before the one in UTC: its day is the day the page means."""
    first = published[0].moment if published else None
    if first is None or first.zone != "+00:00":
        return published
    shown = [
        statement
        for element in said.tree.iter("time")
        for statement in dated(Property.PUBLISHED, element.get("datetime"), PAGE, "time[datetime]")
    ]
    for statement in (*published, *shown):
        when = statement.moment
        if when and when.at == first.at and when.zone not in (None, "+00:00"):
            return [statement, *published]
    return published


def _shown_dates(said: PageSays) -> Iterator[Statement]:
    """What the page marks as its date of publication (microdata, or the oldest HTML way)."""
    for element in said.tree.xpath(".//*[@itemprop='datePublished'] | .//time[@pubdate]"):
        value = element.get("datetime") or element.get("content") or str(element.text_content())
        place = "[itemprop=datePublished]" if element.get("itemprop") else "time[pubdate]"
        yield from dated(Property.PUBLISHED, value, PAGE, place, context=said.context)


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
                Property.SECTION, titles.cleaned(name), JSON_LD, f"JSON-LD {jsonld.kind(node)} articleSection"
            )
    for _, value in said.metas(("article:section",)):
        yield claim(Property.SECTION, titles.cleaned(value), META, "meta[article:section]")
    if said.tree.get("lang"):
        yield claim(Property.LANGUAGE, str(said.tree.get("lang")).strip(), META, "html[lang]")
    for key, value in said.metas(("language", "content-language", "og:locale")):
        yield claim(Property.LANGUAGE, value.replace("_", "-"), META, f"meta[{key}]")
