"""JSON-LD of a page (schema.org): its articles, wherever in the graph they are, the main one first."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

DEPTH = 6
"""How deep in a graph an article is looked for."""

_ARTICLE = re.compile(r"Article|Report|BlogPosting|Review$|NewsStory")
_LOOSE = re.compile(r"WebPage|VideoObject|Product|Recipe|MediaGallery|ItemList|CreativeWork")
_CONTROLS = re.compile(r"[\x00-\x1f]+")


def articles(tree: HtmlElement) -> list[dict[str, Any]]:
    """The articles of the page; where it has none, what else carries a headline or a date of publication."""
    nodes = list(_nodes(tree))
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 2}
    found = [node for node in nodes if _ARTICLE.search(kind(node)) and _says(node)]
    found = found or [node for node in nodes if _LOOSE.search(kind(node)) and _says(node)]
    return [{key: _followed(value, by_id) for key, value in node.items()} for node in found]


def kind(node: dict[str, Any]) -> str:
    """The node's type, the first of several."""
    value = node.get("@type")
    return str(value[0] if isinstance(value, list) and value else value or "")


def _says(node: dict[str, Any]) -> bool:
    return bool(node.get("headline") or node.get("datePublished") or node.get("author"))


def _nodes(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text:
            words = script.text.strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
            try:
                value = json.loads(_CONTROLS.sub(" ", words))
            except (ValueError, RecursionError):
                continue
            yield from _walk(value, DEPTH)


def _walk(value: object, depth: int) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for entry in value:
            yield from _walk(entry, depth - 1) if depth else ()
    elif isinstance(value, dict) and depth:
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "hasPart", "itemReviewed", "article"):
            yield from _walk(value.get(key), depth - 1)


def _followed(value: object, by_id: dict[str, dict[str, Any]]) -> object:
    """The node that a reference `{"@id": ...}` names."""
    if isinstance(value, list):
        return [_followed(entry, by_id) for entry in value]
    if isinstance(value, dict) and isinstance(value.get("@id"), str) and "name" not in value:
        return by_id.get(value["@id"], value)
    return value


def people(value: object) -> list[tuple[str, bool]]:
    """The names in an author or publisher, and for each whether it is said to be a person's."""
    if isinstance(value, str):
        return [(value, False)]
    if isinstance(value, list):
        return [found for entry in value for found in people(entry)]
    if isinstance(value, dict):
        inner = value.get("name") or value.get("author")
        return [(name, kind(value) == "Person") for name, _ in people(inner)]
    return []
