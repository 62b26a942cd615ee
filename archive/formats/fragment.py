"""A piece of text as feeds and rows carry it: plain, plain with a tag here and there, or a piece of a page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archive.formats.format import Refused
from archive.model import ParagraphKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from archive.formats.compose import Block
    from archive.formats.format import Context

_BLOCKS = frozenset({
    "p", "div", "br", "li", "ul", "ol", "tr", "table", "blockquote", "section", "article", "figure",
    "figcaption", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "header", "footer", "hr", "dd", "dt", "aside", "main",
})  # fmt: skip
_INLINE = ("span", "a", "b", "i", "u", "em", "strong", "sup", "sub", "small", "img")
_NO_TEXT = frozenset({"script", "style", "title"})
_HEADS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCK = re.compile(rf"</?(?:{'|'.join(sorted(_BLOCKS))})\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(rf"</?(?:{'|'.join((*sorted(_BLOCKS), *_INLINE))})\b[^>]*>", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
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
    words = "".join(_words(_tree(text), is_page))
    if not is_page:
        return plain.blocks(words)
    lines = ((_kind(line), line.lstrip(_HEAD)) for line in words.split(_BREAK))
    return [(kind, line) for kind, line in lines if line.strip()]


def _tree(text: str) -> HtmlElement:
    from lxml import html

    # As a document: the library puts a fragment together itself, and breaks on control characters that it decoded.
    words = _CONTROLS.sub("", _DECLARATION.sub("", text))
    return html.document_fromstring(f"<html><body>{words}</body></html>")


def _words(root: HtmlElement, is_page: bool) -> Iterator[str]:
    """The text with a mark where a paragraph begins and ends; line ends of a page's source are white space only."""
    from lxml.etree import iterwalk

    for event, element in iterwalk(root, events=("start", "end", "comment", "pi")):
        is_block = is_page and element.tag in _BLOCKS
        if event == "start":
            yield (_BREAK + _HEAD if element.tag in _HEADS else _BREAK) if is_block else ""
            if element.tag not in _NO_TEXT:
                yield _spaced(element.text, is_page, _BREAK if element.tag == "pre" else " ")
            continue
        yield _BREAK if is_block else ""
        if element is not root:
            yield _spaced(element.tail, is_page, " ")


def _spaced(text: str | None, is_page: bool, line_end: str) -> str:
    words = text or ""
    return words.replace("\n", line_end) if is_page else words


def _kind(line: str) -> ParagraphKind:
    return ParagraphKind.CROSSHEAD if line.startswith(_HEAD) else ParagraphKind.TEXT
