"""HTML pages: the article's text by trafilatura, and what the page claims about itself.

Claims are looked for in JSON-LD first, then in meta tags, then by trafilatura and htmldate; the place of each
one's evidence says which it was.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archive.formats.boilerplate import GIVEN_SIZE, Candidate, kept
from archive.formats.charset import decode
from archive.formats.column import inside, prose
from archive.formats.compose import compose, infer, library
from archive.formats.format import Format, Refused, Unreadable
from archive.formats.fragment import fragment
from archive.formats.markup import claims
from archive.formats.page import JSON_LD, PageSays
from archive.model import ParagraphKind, Property

if TYPE_CHECKING:
    from lxml.etree import _Element
    from lxml.html import HtmlElement

    from archive.formats.format import Context
    from archive.model import Reading

LINK_WORDS = 4
"""Fewest words of a link that a paragraph can be nothing but."""
FEW = 300
"""Characters of a text below which it is asked in any case."""
ENOUGH = 2_000
"""Characters of a text from which on it is not asked whether most of the page was left out."""
FOUND_SHARE = 0.3
"""Share of the page's prose that a shorter text has at least, if it is the article and not a remnant."""
SHOWN_SHARE = 0.5
"""Share of the text given to search engines that a page shows, if it shows its article at all."""
FIGURE_SIZE = 30
"""Mean length, in characters, below which the cells of a table hold figures and not sentences."""

_OPENING = re.compile(
    rb"\s*(?:<!--.*?-->\s*|<\?xml[^>]*\?>\s*)*"
    rb"<(?:!doctype\s+html|html|head|body|meta|title|article|main|section|header|div|p|h[1-6]|script|link|table|span)\b",
    re.IGNORECASE | re.DOTALL,
)
_ENTITIES = re.compile(rb"<!DOCTYPE[^>\[]{0,1000}\[[^\]]{0,60000}?<!ENTITY", re.IGNORECASE)
_ROOT = re.compile(rb"<(?:html|body)[\s>]", re.IGNORECASE)
_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{2,40})", re.IGNORECASE)
_LONG_TAG = re.compile(rb"<[A-Za-z][^<>]{8192,}")
_ATTRIBUTE = re.compile(rb"[\s\"'/][A-Za-z_:][^\s=\"'/]{0,200}=")
_HEADS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "head"})


def recognises(head: bytes) -> bool:
    """Whether it begins as a page or an element of one, or has its root within the first bytes."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "ignore").encode("ascii", "ignore")
    return bool(_OPENING.match(head.removeprefix(b"\xef\xbb\xbf")) or _ROOT.search(head))


def read(content: bytes, context: Context) -> Reading:
    """The article of a page; `empty` where no article's text is found in it."""
    from trafilatura.utils import load_html

    _bounded(content, context)
    declared = _DECLARED.search(content[:4096])
    label = declared[1].decode("ascii") if declared else context.charset
    text, charset = decode(content, label, "meta[charset]" if declared else "header Content-Type")
    tree = load_html(text)
    if tree is None:
        raise Unreadable("no page could be made of it")
    page = PageSays(tree, context)
    said, linked = claims(page), _linked(tree)
    nothing = "no article text was found in it"
    shown, authors = (
        [one.value for one in said if one.about is about] for about in (Property.TITLE, Property.BYLINE)
    )
    found = kept(inside(tree, _candidates(tree, linked), page.heading), shown, page.given_text, authors)
    given = page.given_text or ""
    if len(given) >= GIVEN_SIZE and _is_remnant(found, given):
        note = infer(Property.NOTE, "its text is the one it gives to search engines", JSON_LD, "articleBody")
        return compose("html", JSON_LD, fragment(given, context), [*said, charset, note], nothing)
    blocks = [(one.kind, one.text) for one in found]
    return compose("html", library("trafilatura"), blocks, [*said, charset], nothing)


def _bounded(content: bytes, context: Context) -> None:
    """Refuses what costs a parser more than it can tell: too many elements, or attributes in one of them."""
    limits = context.limits
    if _ENTITIES.search(content[:65_536]):
        raise Refused("it declares entities: files with entities of their own are not expanded")
    if content.count(b"<") - content.count(b"</") > limits.elements:
        raise Refused(f"it has more than {limits.elements} elements")
    for tag in _LONG_TAG.finditer(content):
        if (
            tag[0].count(b"=") > limits.tag_attributes
            and len(_ATTRIBUTE.findall(tag[0])) > limits.tag_attributes
        ):
            raise Refused(f"an element has more than {limits.tag_attributes} attributes")


def _linked(tree: HtmlElement) -> frozenset[str]:
    """The words of every link of some length, to know a paragraph that is nothing but a link."""
    words = (" ".join(str(link.text_content()).split()) for link in tree.iter("a"))
    return frozenset(text for text in words if text.count(" ") >= LINK_WORDS - 1)


def _candidates(tree: HtmlElement, linked: frozenset[str]) -> list[Candidate]:
    """What trafilatura finds; its second opinions are asked for only where the first leaves most out.

    They are slow, and on pages that are lists of articles they take the longest for the one.
    """
    found = _extracted(tree, linked, is_fast=True)
    size = _size(found)
    if size < FEW or (size < ENOUGH and size < FOUND_SHARE * prose(tree)):
        found = max(found, _extracted(tree, linked, is_fast=False), key=_size)
    return found


def _extracted(tree: HtmlElement, linked: frozenset[str], *, is_fast: bool) -> list[Candidate]:
    from trafilatura import bare_extraction

    body = getattr(bare_extraction(tree, include_comments=False, fast=is_fast), "body", None)
    return [one for element in body for one in _paragraphs(element, linked)] if body is not None else []


def _is_remnant(found: list[Candidate], given: str) -> bool:
    """Whether the page shows a part of the given text, or trafilatura took the given text in one piece."""
    size = _size(found)
    return size < SHOWN_SHARE * len(given) or (len(found) == 1 and size <= len(given))


def _size(found: list[Candidate]) -> int:
    return sum(len(one.text) for one in found)


def _paragraphs(element: _Element, linked: frozenset[str]) -> list[Candidate]:
    if element.tag == "table" and _is_of_figures(element):
        return []
    if element.tag in ("list", "quote", "table", "row") and len(element):
        return [found for child in element for found in _paragraphs(child, linked)]
    kind = ParagraphKind.CROSSHEAD if element.tag in _HEADS else ParagraphKind.TEXT
    lines = [" ".join(line.split()) for line in "".join(map(str, element.itertext())).split("\n")]
    return [Candidate(kind, line, is_link=line in linked) for line in lines if line]


def _is_of_figures(table: _Element) -> bool:
    """Whether a table holds figures and names, not sentences: it is no prose to quote from."""
    cells = ["".join(map(str, cell.itertext())).strip() for cell in table.iter("cell")]
    return bool(cells) and sum(map(len, cells)) < FIGURE_SIZE * len(cells)


FORMAT = Format("html", "a page of the web", recognises, read)
