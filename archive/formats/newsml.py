"""NewsML-G2 (IPTC): each news item of a file, its claims from the two metas, its text from NITF or XHTML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO

from archive.formats.charset import codec
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
    "registration": ParagraphKind.TEXT,
    "definition": ParagraphKind.TEXT,
}
_ABOUT_OTHERS = frozenset({
    "catalogRef", "contributor", "creator", "hopHistory", "icon", "infoSource", "participant", "profile",
    "provider", "rightsInfo", "service", "signal", "subject", "organiser", "edNote",
})  # fmt: skip
"""Elements whose names and descriptions are of people, rights and codes, not of the news."""
_TITLES = (
    ("contentMeta", "headline"),
    ("concept", "name"),
    ("conceptSet", "concept", "name"),
    ("itemMeta", "title"),
)
_PLACES = (
    (Property.BYLINE, ("contentMeta", "by")),
    (Property.BYLINE, ("contentMeta", "creator", "name")),
    (Property.OUTLET, ("itemMeta", "provider", "name")),
    (Property.OUTLET, ("rightsInfo", "copyrightHolder", "name")),
    (Property.CLAIMED_SOURCE, ("contentMeta", "infoSource", "name")),
    (Property.SECTION, ("contentMeta", "genre", "name")),
)
_CREATED = (("itemMeta", "firstCreated"), ("contentMeta", "contentCreated"))
_CHANGED = (("contentMeta", "contentModified"), ("itemMeta", "versionCreated"))
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


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
    charset = claim(Property.CHARSET, _encoding(root), READER, "XML declaration")
    items = (
        [element for element in root.iter() if local(element) in _ITEMS]
        if local(root) == "newsMessage"
        else []
    )
    if not items:
        yield Part(1, "the whole file", _item(root, charset))
        return
    spans = watched(content, context.limits, _ITEMS) or []
    for number, item in enumerate(items, 1):
        start, end = spans[number - 1] if len(spans) == len(items) else (0, 0)
        place = f"item {number}, {item.get('guid', 'without an id')}"
        yield Part(number, place, _item(item, charset), content[start:end] if end else _written(item))


def _written(item: _Element) -> bytes:
    from lxml import etree

    return etree.tostring(item, encoding="utf-8")


def _item(item: _Element, charset: Statement) -> Reading:
    said = [*_claims(item), charset]
    return compose("newsml-g2", READER, _blocks(item), said, "it carries no text of its own")


def _encoding(root: _Element) -> str:
    """The encoding that the file declares, or that XML has without one (XML 1.0, section 4.3.3)."""
    label = root.getroottree().docinfo.encoding or "utf-8"
    return codec(label) or label


def _claims(item: _Element) -> Iterator[Statement]:
    yield from _titles(item)
    for about, path in _PLACES:
        for element in _at(item, path):
            words = _words(element)
            if words:
                yield claim(about, words, READER, "/".join(path))
    yield from _provider(item)
    yield from _bylines(item)
    published = list(_times(item, Property.PUBLISHED, _CREATED))
    # An item that says only when this version was made was, as far as it says, published then.
    yield from published or _times(item, Property.PUBLISHED, _CHANGED[1:])
    yield from _times(item, Property.MODIFIED, _CHANGED)
    yield from _languages(item)
    if item.get("guid"):
        yield claim(Property.EXTERNAL_ID, str(item.get("guid")), READER, "guid")


def _titles(item: _Element) -> Iterator[Statement]:
    """The headlines; without one what the concept, or else the item, is called."""
    for path in _TITLES:
        found = [words for element in _at(item, path) if (words := _words(element))]
        if found:
            yield from (claim(Property.TITLE, words, READER, "/".join(path)) for words in found)
            return


def _provider(item: _Element) -> Iterator[Statement]:
    """The provider by its literal or the code of its qcode, where it has no name: `nprov:AFP` is AFP."""
    for element in _at(item, ("itemMeta", "provider")):
        code = element.get("literal") or str(element.get("qcode") or "").rpartition(":")[2]
        if code and not any(local(child) == "name" for child in element):
            yield claim(Property.OUTLET, str(code), READER, "itemMeta/provider@qcode")


def _times(item: _Element, about: Property, paths: tuple[tuple[str, ...], ...]) -> Iterator[Statement]:
    for path in paths:
        for element in _at(item, path):
            yield from dated(about, (element.text or "").strip(), READER, "/".join(path))


def _languages(item: _Element) -> Iterator[Statement]:
    tags = [
        (str(e.get("tag")), "contentMeta/language")
        for e in _at(item, ("contentMeta", "language"))
        if e.get("tag")
    ]
    lang = item.get(_LANG)
    for tag, place in tags or ([(str(lang), "xml:lang")] if lang else []):
        yield claim(Property.LANGUAGE, tag, READER, place)


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
    if local(element) in _ABOUT_OTHERS:
        return
    kind = _KINDS.get(local(element))
    if kind is None or any(local(child) in _KINDS for child in element):
        for child in element:
            yield from _inner(child)
    else:
        yield kind, _words(element)


FORMAT = Format("newsml-g2", "news items of the IPTC's NewsML-G2, and NITF", recognises, open=open_items)
