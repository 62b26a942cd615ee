"""Which paragraphs stand in the column of the article, and which only above or below it.

Pages put teasers, lists of what is read most and offers of newsletters around the text; they stand in other
boxes than the article does. The column is the smallest box that holds most of what was found.
"""

from __future__ import annotations

import re
from itertools import islice, takewhile
from typing import TYPE_CHECKING

from archive.formats.shortlines import is_crowded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lxml.html import HtmlElement

    from archive.formats.boilerplate import Candidate

COLUMN_SHARE = 0.8
"""Share of the characters found that the article's box holds at least."""
EARLY_SHARE = 0.3
"""Share of the characters found from which on what stands before the headline is the article all the same."""
PLACED_SHARE = 0.6
"""Share of the characters found whose place in the page has to be known to tell where the column is."""
CAPTION_SIZE = 1_000
"""Length in characters below which a box can be that of a caption."""
CAPTION_DEPTH = 2
"""How many boxes around a paragraph are asked whether they are a caption's."""
LABEL_SIZE = 60
"""Length in characters below which a paragraph at the top that ends no sentence is a label."""
PARTS = 100
"""Elements within a paragraph at most."""
DEPTH = 256
"""How many boxes around a paragraph are looked at."""
PROSE_SIZE = 80
"""Length in characters from which a paragraph element counts as prose."""
LINKED_SHARE = 0.4
"""Share of a paragraph's characters in links up to which it counts as prose."""

_BLOCKS = ("p", "li", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "td", "dd", "div")
_BOXES = frozenset({"p", "div", "section", "article", "ul", "ol", "table", "blockquote"})
_AROUND = frozenset({"footer", "nav", "aside", "form", "noscript", "header"})
_CAPTION = re.compile(r"caption|(?:photo|image|picture|gallery)[-_]?(?:credit|gallery)", re.IGNORECASE)
_ENDINGS = (".", "!", "?", "\u2026", ":", "\u3002")
_CLOSING = "\"'\u201d\u2019\u00bb) "


def inside(
    tree: HtmlElement, found: Sequence[Candidate], heading: HtmlElement | None = None
) -> list[Candidate]:
    """The paragraphs without those that stand below the column, and without the labels at the very top above it.

    What stands before the page's headline is none of its article, unless much of it does. A paragraph whose
    place in the page is not found again is taken to be in the column.
    """
    places, before = _places(tree, {_key(one.text) for one in found}, heading)
    early = [one for one in found if _key(one.text) in before]
    if _size(early) < EARLY_SHARE * _size(found):
        found = [one for one in found if _key(one.text) not in before]
    found = [one for one in found if not _is_caption(places.get(_key(one.text)))]
    spots = [places.get(_key(one.text)) for one in found]
    column = _column(found, spots)
    if column is None:
        return list(found)
    within = [spot is None or column in spot.iterancestors() for spot in spots]
    held = [at for at, spot in enumerate(spots) if spot is not None and within[at]]
    boxes = {_box(spots[at]) for at in held} - {None}
    labels = len(list(takewhile(_is_label, (one.text for one in found[: held[0]]))))
    return [
        one
        for at, one in enumerate(found)
        if within[at] or labels <= at < held[-1] or _box(spots[at]) in boxes
    ]


def prose(tree: HtmlElement) -> int:
    """How many characters of the page stand in paragraphs that read like prose, comments left out."""
    size = 0
    for element in tree.iter("p"):
        length = len("".join(str(element.text_content()).split()))
        if length < PROSE_SIZE or any(_is_around(box) for box in element.iterancestors()):
            continue
        linked = sum(len(str(link.text_content())) for link in element.iter("a"))
        size += length if linked <= LINKED_SHARE * length else 0
    return size


def _is_caption(spot: HtmlElement | None) -> bool:
    """Whether it stands in a box for the words under a picture; trafilatura knows those by their tag only."""
    boxes = () if spot is None else (spot, *islice(spot.iterancestors(), CAPTION_DEPTH))
    named = [box for box in boxes if _CAPTION.search(f"{box.get('class') or ''} {box.get('id') or ''}")]
    return any(len(str(box.text_content())) < CAPTION_SIZE for box in named)


def _is_around(box: HtmlElement) -> bool:
    return box.tag in _AROUND or "comment" in f"{box.get('class')} {box.get('id')}".lower()


def _key(text: str) -> str:
    return "".join(text.split())


def _size(some: Sequence[Candidate]) -> int:
    return sum(len(one.text) for one in some)


def _places(
    tree: HtmlElement, keys: set[str], heading: HtmlElement | None
) -> tuple[Mapping[str, HtmlElement], frozenset[str]]:
    """The first element of the page that has exactly the words of each key, and the keys before the heading."""
    found: dict[str, HtmlElement] = {}
    before: frozenset[str] = frozenset()
    for element in tree.iter(*_BLOCKS):
        if element is heading:
            before = frozenset(found)
        if any(child.tag in _BOXES for child in element) or is_crowded(element, PARTS):
            continue
        key = _key(str(element.text_content()))
        if key in keys:
            found.setdefault(key, element)
    return found, before


def _column(found: Sequence[Candidate], spots: Sequence[HtmlElement | None]) -> HtmlElement | None:
    held: dict[HtmlElement, int] = {}
    total = 0
    for one, spot in zip(found, spots, strict=True):
        if spot is not None:
            total += len(one.text)
            for box in islice(spot.iterancestors(), DEPTH):
                held[box] = held.get(box, 0) + len(one.text)
    if total < PLACED_SHARE * _size(found):
        return None
    enough = [box for box, size in held.items() if size >= COLUMN_SHARE * total]
    # An inner box holds no more than the one around it and was met first: the least of them is the innermost.
    return min(enough, key=held.__getitem__, default=None)


def _box(spot: HtmlElement | None) -> tuple[str, str] | None:
    """The kind of box that a paragraph stands in; articles in several boxes have them all of one kind."""
    parent = spot.getparent() if spot is not None else None
    name = parent.get("class") if parent is not None else None
    return (str(parent.tag), name) if parent is not None and name else None


def _is_label(text: str) -> bool:
    return len(text) < LABEL_SIZE and not text.rstrip(_CLOSING).endswith(_ENDINGS)
