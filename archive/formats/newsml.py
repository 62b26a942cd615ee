"""NewsML-G2 (IPTC): each news item of a file, its claims from the two metas, its text from NITF or XHTML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO

from archive.formats.compose import claim, compose
from archive.formats.dates import dated
from archive.formats.format import Context, Format, Part, Refused
from archive.formats.xml import local, tree, watched
from archive.model import Method, ParagraphKind, Property

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from archive.formats.compose import Block
    from archive.model import Reading, Statement

READER = Method("newsml-g2", "1")

_ITEMS = ("newsItem", "packageItem", "conceptItem", "knowledgeItem", "planningItem", "catalogItem")
_ROOT = re.compile(
    rb"<(?:newsMessage|newsItem|packageItem|conceptItem|knowledgeItem|planningItem|catalogItem|contentSet|nitf"
    rb"|contentMeta|groupSet)[\s>]"
)
_KINDS = {
    "hl1": ParagraphKind.HEADLINE,
    "headline": ParagraphKind.HEADLINE,
    "hl2": ParagraphKind.CROSSHEAD,
    "h1": ParagraphKind.HEADLINE,
    "h2": ParagraphKind.CROSSHEAD,
    "h3": ParagraphKind.CROSSHEAD,
    "byline": ParagraphKind.BYLINE,
    "caption": ParagraphKind.CAPTION,
    "description": ParagraphKind.TEXT,
    "p": ParagraphKind.TEXT,
    "li": ParagraphKind.TEXT,
    "td": ParagraphKind.TEXT,
    "inlineData": ParagraphKind.TEXT,
    "definition": ParagraphKind.TEXT,
}
_PLACES = (
    (Property.TITLE, ("contentMeta", "headline")),
    (Property.BYLINE, ("contentMeta", "by")),
    (Property.BYLINE, ("contentMeta", "creator", "name")),
    (Property.OUTLET, ("itemMeta", "provider", "name")),
    (Property.OUTLET, ("rightsInfo", "copyrightHolder", "name")),
    (Property.CLAIMED_SOURCE, ("contentMeta", "infoSource", "name")),
    (Property.SECTION, ("contentMeta", "genre", "name")),
)
_TIMES = (
    (Property.PUBLISHED, ("itemMeta", "firstCreated")),
    (Property.PUBLISHED, ("contentMeta", "contentCreated")),
    (Property.PUBLISHED, ("itemMeta", "versionCreated")),
    (Property.MODIFIED, ("contentMeta", "contentModified")),
    (Property.MODIFIED, ("itemMeta", "versionCreated")),
)


def recognises(head: bytes) -> bool:
    """Whether its first element is one of NewsML-G2 or NITF."""
    if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return False
    root = re.search(rb"<[A-Za-z]", head)
    return bool(root and _ROOT.match(head, root.start()))


def open_items(stream: BinaryIO, context: Context) -> Iterator[Part]:
    """The items of a message, or the one item of a file."""
    content = stream.read(context.limits.input_size + 1)
    if len(content) > context.limits.input_size:
        raise Refused(f"it is larger than the {context.limits.input_size} bytes that are read")
    root = tree(content, context.limits)
    items = (
        [element for element in root.iter() if local(element) in _ITEMS]
        if local(root) == "newsMessage"
        else []
    )
    if not items:
        yield Part(1, "the whole file", _item(root))
        return
    spans = watched(content, context.limits, _ITEMS) or []
    for number, item in enumerate(items, 1):
        start, end = spans[number - 1] if len(spans) == len(items) else (0, 0)
        place = f"item {number}, {item.get('guid', 'without an id')}"
        yield Part(number, place, _item(item), content[start:end] if end else None)


def _item(item: _Element) -> Reading:
    return compose("newsml-g2", READER, _blocks(item), _claims(item), "it carries no text of its own")


def _claims(item: _Element) -> Iterator[Statement]:
    for about, path in _PLACES:
        for element in _at(item, path):
            words = _words(element)
            if words:
                yield claim(about, words, READER, "/".join(path))
    yield from _bylines(item)
    for about, path in _TIMES:
        for element in _at(item, path):
            yield from dated(about, (element.text or "").strip(), READER, "/".join(path))
    for element in _at(item, ("contentMeta", "language")):
        if element.get("tag"):
            yield claim(Property.LANGUAGE, str(element.get("tag")), READER, "contentMeta/language")
    if item.get("guid"):
        yield claim(Property.EXTERNAL_ID, str(item.get("guid")), READER, "guid")


def _bylines(item: _Element) -> Iterator[Statement]:
    for byline in (element for element in item.iter() if local(element) == "byline"):
        words = _words(byline)
        if words:
            yield claim(Property.BYLINE, re.sub(r"^[Bb]y\s+", "", words), READER, "nitf byline", words)


def _at(item: _Element, path: tuple[str, ...]) -> list[_Element]:
    found = [item]
    for name in path:
        found = [child for parent in found for child in parent if local(child) == name]
    return found


def _words(element: _Element) -> str:
    return " ".join("".join(str(piece) for piece in element.itertext()).split())


def _blocks(item: _Element) -> Iterator[Block]:
    """The text of the content set; without one the descriptions and definitions stand for it."""
    content = [element for element in item.iter() if local(element) in ("contentSet", "nitf", "body")]
    found = [block for root in content[:1] for block in _inner(root)]
    yield from found or _inner(item)


def _inner(element: _Element) -> Iterator[Block]:
    kind = _KINDS.get(local(element))
    if kind is None or any(local(child) in _KINDS for child in element):
        for child in element:
            yield from _inner(child)
    else:
        yield kind, _words(element)


FORMAT = Format("newsml-g2", "news items of the IPTC's NewsML-G2, and NITF", recognises, open=open_items)
