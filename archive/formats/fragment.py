"""A piece of text as feeds and rows carry it: plain, plain with a tag here and there, or a piece of a page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archive.formats.format import Refused
from archive.model import ParagraphKind

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from archive.formats.compose import Block
    from archive.formats.format import Context

_BLOCKS = frozenset({
    "p", "div", "br", "li", "ul", "ol", "tr", "table", "blockquote", "section", "article", "figure",
    "figcaption", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "header", "footer", "hr", "dd", "dt", "aside", "main",
})  # fmt: skip
_INLINE = ("span", "a", "b", "i", "u", "em", "strong", "sup", "sub", "small", "img")
_HEADS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCK = re.compile(rf"</?(?:{'|'.join(sorted(_BLOCKS))})\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(rf"</?(?:{'|'.join((*sorted(_BLOCKS), *_INLINE))})\b[^>]*>", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>")
# Two code points that are no characters and never will be (Unicode, section 23.7): no text holds them.
_BREAK, _HEAD = "\ufdd0", "\ufdd1"


def fragment(text: str, context: Context, markup: bool = True) -> list[Block]:
    """The paragraphs of a piece of text; all of it is article: nothing is left out but scripts.

    Raises `Refused` for more elements than the limit.
    """
    from archive.formats import plain

    if not markup or not (_TAG.search(text) or _REFERENCE.search(text)):
        return plain.blocks(text)
    if text.count("<") > context.limits.elements:
        raise Refused(f"it has more than {context.limits.elements} elements")
    is_page = bool(_BLOCK.search(text))
    root = _tree(text)
    for element in root.iter():
        _mark(element, collapse=is_page)
    words = "".join(map(str, root.itertext(with_tail=True)))
    if not is_page:
        return plain.blocks(words)
    lines = ((_kind(line), line.lstrip(_HEAD)) for line in words.split(_BREAK))
    return [(kind, line) for kind, line in lines if line.strip()]


def _tree(text: str) -> HtmlElement:
    from lxml import html

    return html.fragment_fromstring(_DECLARATION.sub("", text), create_parent="div")


def _mark(element: HtmlElement, *, collapse: bool) -> None:
    """Put a mark where a paragraph begins and ends; the line ends of a page's source are white space only."""
    if not isinstance(element.tag, str) or element.tag in ("script", "style", "title"):
        element.text = ""
    if not collapse:
        return
    element.text = (element.text or "").replace("\n", _BREAK if element.tag == "pre" else " ")
    element.tail = (element.tail or "").replace("\n", " ")
    if element.tag in _BLOCKS:
        head = _HEAD if element.tag in _HEADS else ""
        element.text = f"{_BREAK}{head}{element.text}"
        element.tail = f"{_BREAK}{element.tail}"


def _kind(line: str) -> ParagraphKind:
    return ParagraphKind.CROSSHEAD if line.startswith(_HEAD) else ParagraphKind.TEXT
