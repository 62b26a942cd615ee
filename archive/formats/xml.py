"""XML looked at before any parser builds it: no entities of its own, no great depth, no great number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.parsers import expat

from archive.formats.format import Refused, Unreadable

if TYPE_CHECKING:
    from collections.abc import Collection

    from lxml.etree import _Element

    from archive.limits import Limits

_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
_DECLARATION = re.compile(rb"<!(?:ENTITY|DOCTYPE[^>\[]*\[)", re.IGNORECASE)


class _Watch:
    """Follows a parser: refuses entities, depth and number, and notes where the wanted elements stand."""

    def __init__(self, limits: Limits, wanted: Collection[str]) -> None:
        self.parser = expat.ParserCreate()
        self.parser.EntityDeclHandler = self._entity
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.buffer_text = True
        self.spans: list[tuple[int, int]] = []
        self._limits, self._wanted = limits, wanted
        self._depth = self._count = 0
        self._open: tuple[int, int] | None = None

    def _entity(self, name: str, *_: object) -> None:
        raise Refused(f"it declares the entity {name!r}: files with entities of their own are not expanded")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._count += 1 + len(attributes)
        if self._depth > self._limits.nesting:
            raise Refused(f"its elements are nested deeper than {self._limits.nesting}")
        if self._count > self._limits.elements:
            raise Refused(f"it has more than {self._limits.elements} elements and attributes")
        if self._open is None and name.rpartition(":")[2] in self._wanted:
            self._open = (self.parser.CurrentByteIndex, self._depth)

    def _end(self, name: str) -> None:
        if self._open and self._open[1] == self._depth:
            # The index is that of the end tag's first byte; its length is its name's and three marks'.
            stop = self.parser.CurrentByteIndex + len(name.encode()) + 3
            self.spans.append((self._open[0], stop))
            self._open = None
        self._depth -= 1


def watched(content: bytes, limits: Limits, wanted: Collection[str] = ()) -> list[tuple[int, int]] | None:
    """The byte spans of the outermost wanted elements; None where the XML is broken but harmless, or in UTF-16.

    Raises `Refused` for entity declarations, depth and number of elements.
    """
    watch = _Watch(limits, wanted)
    try:
        watch.parser.Parse(content, True)
    except expat.ExpatError:
        # What breaks off early was not seen to its end: any declaration at all is then too much.
        if _DECLARATION.search(content.replace(b"\x00", b"")):
            raise Refused("it is broken XML with declarations of its own") from None
        return None
    # Positions count bytes, and the length of an end tag is known in UTF-8 and its like only.
    return None if content.startswith(_WIDE) else watch.spans


def tree(content: bytes, limits: Limits) -> _Element:
    """The root element; raises `Refused` as `watched` does, and `Unreadable` where the XML is broken."""
    from lxml import etree

    watched(content, limits)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"it is not well-formed XML: {error}") from error


def local(element: _Element) -> str:
    """An element's name without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
