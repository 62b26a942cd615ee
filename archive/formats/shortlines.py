"""The short texts of a page near its headline: date lines and bylines are among them, sentences are not."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

CHILDREN = 4
"""How many elements a line may have in it and still be read as one."""
PARTS = 12
"""How many elements a line may have in it at any depth."""
SHORTEST = 6
"""Fewest characters of a line."""

_AROUND = frozenset({"footer", "nav", "aside", "select", "form", "script", "style", "title", "noscript"})
_ELSEWHERE = re.compile(
    r"(?<![\w-])(?:comment|disqus|sidebar|widget|(?:site-|page-)?footer)"
    r"|related|recommend|trending|most-?read|latest|teaser",
    re.IGNORECASE,
)


def short_texts(
    tree: HtmlElement, heading: HtmlElement | None, wanted: re.Pattern[str], size: int
) -> Iterator[tuple[str, bool]]:
    """Each text of up to `size` characters that has something wanted in it, once, and whether it is below the heading.

    Footers, side columns, comments and lists of other stories are left out.
    """
    is_below, seen = heading is None, set()
    for element in tree.iter():
        is_below = is_below or element is heading
        for piece in _pieces(element):
            if piece and len(piece) >= SHORTEST and wanted.search(piece):
                words = " ".join(piece.split())
                if len(words) <= size and words not in seen and not _is_elsewhere(element):
                    seen.add(words)
                    yield words, is_below


def _pieces(element: HtmlElement) -> tuple[str | None, ...]:
    """An element's own text or, where it is small, the whole of it, and the text that follows it."""
    if not isinstance(element.tag, str) or element.tag in _AROUND:
        return (element.tail,)
    if is_crowded(element, PARTS):
        return element.text, element.tail
    if element.tag in ("time", "abbr") or (
        0 < len(element) <= CHILDREN and element.tag in ("span", "p", "div", "small")
    ):
        return str(element.text_content()), element.tail
    return element.text, element.tail


def is_crowded(element: HtmlElement, most: int) -> bool:
    """Whether more than so many elements are in it: asking for its text would be a walk through all of them."""
    return sum(1 for _ in islice(element.iter(), most + 2)) > most + 1


def _is_elsewhere(element: HtmlElement) -> bool:
    return any(
        box.tag in _AROUND or _ELSEWHERE.search(f"{box.get('class') or ''} {box.get('id') or ''}")
        for box in (element, *element.iterancestors())
        if box.tag not in ("html", "body")
    )
