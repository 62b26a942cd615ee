"""What a page says about itself: JSON-LD first, then meta tags, then what trafilatura and htmldate find."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from archive.formats.compose import claim, library
from archive.formats.dates import dated
from archive.model import Basis, Method, Property

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from archive.formats.format import Context
    from archive.model import Statement

JSON_LD = Method("json-ld", "1")
META = Method("meta", "1")

_ARTICLE_TYPES = (
    "Article",
    "NewsArticle",
    "Report",
    "BlogPosting",
    "ReportageNewsArticle",
    "LiveBlogPosting",
)
_META = {
    Property.TITLE: ("og:title", "twitter:title", "dc.title", "title"),
    Property.BYLINE: ("author", "article:author", "dc.creator", "byl", "parsely-author"),
    Property.OUTLET: ("og:site_name", "application-name", "dc.publisher", "publisher"),
    Property.PUBLISHED: (
        "article:published_time",
        "datepublished",
        "date",
        "dc.date",
        "pubdate",
        "publishdate",
    ),
    Property.MODIFIED: ("article:modified_time", "og:updated_time", "lastmod", "last-modified"),
    Property.LANGUAGE: ("language", "og:locale"),
    Property.SECTION: ("article:section",),
    Property.CANONICAL_ADDRESS: ("og:url",),
}


def claims(tree: HtmlElement, context: Context) -> list[Statement]:
    """Every claim found, the best of each property first."""
    said = [*_from_json_ld(tree), *_from_meta(tree), *_from_links(tree)]
    have = {statement.about for statement in said}
    said += [late for late in _from_libraries(tree, context) if late.about not in have]
    return [statement for statement in said if statement.value]


def _from_json_ld(tree: HtmlElement) -> Iterator[Statement]:
    for node in _articles(tree):
        where = f"JSON-LD {_type(node)}"
        for about, key in ((Property.TITLE, "headline"), (Property.SECTION, "articleSection")):
            if isinstance(node.get(key), str):
                yield claim(about, node[key].strip(), JSON_LD, f"{where} {key}")
        for name in _names(node.get("author")):
            yield claim(Property.BYLINE, name, JSON_LD, f"{where} author")
        for name in _names(node.get("publisher")):
            yield claim(Property.OUTLET, name, JSON_LD, f"{where} publisher")
        for about, key in ((Property.PUBLISHED, "datePublished"), (Property.MODIFIED, "dateModified")):
            yield from dated(about, node.get(key), JSON_LD, f"{where} {key}")


def _articles(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        try:
            value = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        for node in value if isinstance(value, list) else [value]:
            graph = node.get("@graph", [node]) if isinstance(node, dict) else []
            yield from (part for part in graph if isinstance(part, dict) and _type(part) in _ARTICLE_TYPES)


def _type(node: dict[str, Any]) -> str:
    kind = node.get("@type")
    return str(kind[0] if isinstance(kind, list) and kind else kind)


def _names(value: object) -> list[str]:
    if isinstance(value, str):
        return [value.strip()]
    if isinstance(value, dict):
        return _names(value.get("name"))
    return [name for part in value for name in _names(part)] if isinstance(value, list) else []


def _from_meta(tree: HtmlElement) -> Iterator[Statement]:
    found: dict[str, str] = {}
    for element in tree.iterfind(".//meta[@content]"):
        key = element.get("property") or element.get("name") or element.get("itemprop") or ""
        found.setdefault(key.strip().lower(), (element.get("content") or "").strip())
    for about, keys in _META.items():
        for key in keys:
            if not found.get(key):
                continue
            if about in (Property.PUBLISHED, Property.MODIFIED):
                yield from dated(about, found[key], META, f"meta[{key}]")
            else:
                yield claim(about, found[key], META, f"meta[{key}]")


def _from_links(tree: HtmlElement) -> Iterator[Statement]:
    for link in tree.iterfind(".//link[@rel='canonical']"):
        if link.get("href"):
            yield claim(
                Property.CANONICAL_ADDRESS, str(link.get("href")).strip(), META, "link[rel=canonical]"
            )
    if tree.get("lang"):
        yield claim(Property.LANGUAGE, str(tree.get("lang")).strip(), META, "html[lang]")


def _from_libraries(tree: HtmlElement, context: Context) -> Iterator[Statement]:
    from htmldate import find_date
    from trafilatura.metadata import extract_metadata

    found = extract_metadata(tree, default_url=context.address)
    by = library("trafilatura")
    for about, value in ((Property.TITLE, found.title), (Property.OUTLET, found.sitename)):
        if value:
            yield claim(about, value, by, "page")
    for name in (found.author or "").split(";"):
        if name.strip():
            yield claim(Property.BYLINE, name.strip(), by, "page")
    latest = context.retrieved.strftime("%Y-%m-%d") if context.retrieved else None
    day = find_date(tree, original_date=True, max_date=latest)
    yield from dated(Property.PUBLISHED, day, library("htmldate"), "page", Basis.INFERRED)
