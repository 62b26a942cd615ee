"""ninjs 1 to 3 (IPTC): news items in JSON, one or a list of them.

Version 1 has `headline` and `body_text`, 2 has lists with roles, 3 writes names in camel case; they are
told apart by what is there, not by what the file says of itself.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, BinaryIO

from archive.formats.charset import decode
from archive.formats.compose import claim, compose
from archive.formats.dates import dated
from archive.formats.format import Context, Format, Part, Refused, Unreadable
from archive.formats.fragment import fragment
from archive.model import Method, ParagraphKind, Property
from archive.text.canonical import canonical_paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archive.formats.compose import Block
    from archive.model import Reading, Statement

READER = Method("ninjs", "1")

_OBJECT = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{\s*(?:\"|\})")
_SPACING = re.compile(r"[\s,]*")
_MARKS = frozenset(
    {"uri", "headline", "headlines", "bodies", "descriptions", "eventdetails", "versioncreated"}
)
_NO_DESCRIPTIONS = frozenset({"creditline", "credit", "byline", "instructions", "usageterms"})
_BODIES = (
    "body_text",
    "body_xhtml",
    "body_html",
    "description_text",
    "description_xhtml",
    "description_caption",
)


def recognises(head: bytes) -> bool:
    """Whether it is JSON: a list of objects, an object over more lines than one, or one with a URI first."""
    if not _OBJECT.match(head):
        return False
    first = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    opening = first.partition(b"\n")[0].strip()
    return (
        first.startswith(b"[") or len(opening) < 3 or bool(re.match(rb"\{\s*\"(?:uri|\$standard)\"", opening))
    )


def open_items(stream: BinaryIO, context: Context) -> Iterator[Part]:
    """Each item; raises `Refused` for JSON of another shape."""
    content = stream.read(context.limits.input_size + 1)
    if len(content) > context.limits.input_size:
        raise Refused(f"it is larger than the {context.limits.input_size} bytes that are read")
    text, charset = decode(content, context.charset, "sender")
    items, is_list = _items(text.lstrip("\ufeff").strip())
    found = [(item, words) for item, words in items if isinstance(item, dict)]
    if not any(len(_MARKS & {key.lower() for key in item}) >= 2 for item, _ in found):
        raise Refused("it is JSON, but neither ninjs nor JSON lines")
    for number, (item, words) in enumerate(found, 1):
        place = f"item {number}, {item.get('uri', 'without an id')}"
        yield Part(number, place, _item(item, charset, context), words.encode() if is_list else None)


def _items(text: str) -> tuple[list[tuple[Any, str]], bool]:
    """The items with the words that each was written in, and whether they stand in a list."""
    try:
        if not text.startswith("["):
            return [(json.loads(text), text)], False
        json.loads(text)
    except ValueError as error:
        raise Unreadable(f"it is not JSON: {error}") from error
    found, decoder, at = [], json.JSONDecoder(), 1
    while (start := _next_value(text, at)) is not None:
        value, at = decoder.raw_decode(text, start)
        found.append((value, text[start:at]))
    return found, True


def _next_value(text: str, at: int) -> int | None:
    """Where the next value of a list begins; the list is known to be well formed."""
    match = _SPACING.match(text, at)
    start = match.end() if match else at
    return start if start < len(text) and text[start] != "]" else None


def _item(item: dict[str, Any], charset: Statement, context: Context) -> Reading:
    plain = {key.lower(): value for key, value in item.items()}
    blocks = list(_blocks(plain, context))
    return compose("ninjs", READER, blocks, [*_claims(plain), charset], "it carries no text of its own")


def _claims(item: dict[str, Any]) -> Iterator[Statement]:
    for about, keys in (
        (Property.TITLE, ("headline", "headlines", "title")),
        (Property.BYLINE, ("byline", "by")),
        (Property.LANGUAGE, ("language",)),
        (Property.OUTLET, ("copyrightholder",)),
        (Property.EXTERNAL_ID, ("uri",)),
    ):
        for key in keys:
            for words in _texts(item.get(key)):
                yield claim(about, " ".join(words.split()), READER, key)
    sources = item.get("infosources") or item.get("infosource")
    for source in sources if isinstance(sources, list) else [sources]:
        if isinstance(source, dict) and isinstance(source.get("name"), str):
            yield claim(Property.CLAIMED_SOURCE, source["name"], READER, "infosource")
    published = [
        each for key in ("firstcreated", "contentcreated") for each in _dated(Property.PUBLISHED, item, key)
    ]
    # An item that says only when this version was made was, as far as it says, published then.
    yield from published or _dated(Property.PUBLISHED, item, "versioncreated")
    yield from _dated(Property.MODIFIED, item, "versioncreated")
    for other in item.get("altids") or () if isinstance(item.get("altids"), list) else ():
        if isinstance(other, dict) and isinstance(other.get("value"), str) and other["value"].strip():
            yield claim(Property.EXTERNAL_ID, other["value"], READER, "altids")
    if isinstance(item.get("uri"), str) and item["uri"].startswith(("http://", "https://")):
        yield claim(Property.ADDRESS, item["uri"], READER, "uri")


def _dated(about: Property, item: dict[str, Any], key: str) -> Iterator[Statement]:
    return dated(about, item.get(key), READER, key)


def _texts(value: object) -> list[str]:
    """The words of a plain value, or of a list of values with roles, the main one first."""
    if isinstance(value, str):
        return [value] if value.strip() else []
    if not isinstance(value, list):
        return []
    found = [entry for entry in value if isinstance(entry, dict) and isinstance(entry.get("value"), str)]
    found.sort(key=lambda entry: entry.get("role") not in ("main", None))
    return [entry["value"] for entry in found if entry["value"].strip()]


def _blocks(item: dict[str, Any], context: Context) -> Iterator[Block]:
    """The headline, then the body, else the description; a body often begins with its headline once more."""
    shown = ""
    for words in [words for key in ("headline", "headlines") for words in _texts(item.get(key))][:1]:
        yield ParagraphKind.HEADLINE, words
        shown = canonical_paragraph(words)
    for text in (*_bodies(item), *_descriptions(item)):
        for number, (kind, line) in enumerate(fragment(text, context)):
            if number or not shown or canonical_paragraph(line) != shown:
                yield kind, line
        return


def _bodies(item: dict[str, Any]) -> Iterator[str]:
    """The body in its one best rendering: the same words are often given twice."""
    yield from [text for _, text in _roles(item.get("bodies"))][:1]
    yield from _named(item, "body_")


def _descriptions(item: dict[str, Any]) -> Iterator[str]:
    """The descriptions, the longest first, as a credit line is one too."""
    found = [text for role, text in _roles(item.get("descriptions")) if role not in _NO_DESCRIPTIONS]
    yield from sorted(found, key=len, reverse=True)
    yield from _named(item, "description_")


def _roles(entries: object) -> list[tuple[str, str]]:
    if not isinstance(entries, list):
        return []
    return [(str(entry.get("role") or "").lower(), entry["value"]) for entry in entries if _is_text(entry)]


def _named(item: dict[str, Any], prefix: str) -> Iterator[str]:
    named = [key for key in _BODIES if key.startswith(prefix)]
    named += [key for key in item if key.startswith(prefix) and key not in named]
    yield from (item[key] for key in named if isinstance(item.get(key), str) and item[key].strip())


def _is_text(entry: object) -> bool:
    if not isinstance(entry, dict):
        return False
    kind = str(entry.get("contenttype") or entry.get("contentType") or "text")
    return (
        isinstance(entry.get("value"), str)
        and bool(entry["value"].strip())
        and ("text" in kind or "xml" in kind)
    )


FORMAT = Format("ninjs", "news items of the IPTC in JSON, ninjs 1 to 3", recognises, open=open_items)
