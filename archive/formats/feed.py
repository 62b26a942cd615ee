"""RSS and Atom by feedparser: each entry a part, whose bytes are its stretch of the feed."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import urljoin

from archive.finding import Finding
from archive.formats.charset import codec
from archive.formats.compose import claim, compose, infer, library
from archive.formats.dates import dated_or_noted
from archive.formats.format import Context, Format, Part, Refused
from archive.formats.fragment import fragment
from archive.formats.xml import watched
from archive.model import ParagraphKind, Property

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archive.formats.compose import Block
    from archive.model import Reading, Statement

_ROOT = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>\s*)*"
    rb"<(?:[a-z]+:)?(?:rss|feed|RDF)[\s>]",
    re.DOTALL,
)
_ENTRIES = ("item", "entry")
_ENCODING = re.compile(rb"(?:\xef\xbb\xbf)?<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{2,40})")
_END = re.compile(rb"</(?:[A-Za-z]+:)?(?:rss|feed|RDF)\s*>")
_BEGINNING = re.compile(rb"<(?:[A-Za-z]+:)?(?:item|entry)[\s>]")


def recognises(head: bytes) -> bool:
    """Whether its first element is that of an RSS or Atom feed."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "ignore").encode("ascii", "ignore")
    return bool(_ROOT.match(head))


def open_entries(stream: BinaryIO, context: Context) -> Iterator[Part]:
    """The entries in the order of the feed; raises `Refused` for one that declares entities."""
    content = stream.read(context.limits.input_size + 1)
    if len(content) > context.limits.input_size:
        raise Refused(f"it is larger than the {context.limits.input_size} bytes that are read")
    spans = watched(content, context.limits, _ENTRIES)
    import feedparser  # type: ignore[import-untyped]  # it has no stubs

    found = feedparser.parse(content, resolve_relative_uris=False, sanitize_html=False)
    outlet = [*_feed_claims(found.feed), *_charset(content, str(found.get("encoding") or ""))]
    base = context.address or str(found.feed.get("link") or "")
    pieces = _pieces(content, spans, len(found.entries))
    for number, entry in enumerate(found.entries, 1):
        place = f"entry {number}, {entry.get('id') or entry.get('link') or 'without an id'}"
        address = urljoin(base, str(entry["link"])) if entry.get("link") else None
        reading = _entry(entry, address, outlet, context)
        payload = pieces[number - 1] if pieces else json.dumps(_plain(entry), sort_keys=True).encode()
        findings = _breaking_off(content, context) if number == len(found.entries) else ()
        yield Part(number, place, reading, payload, address, findings=tuple(findings))


def _breaking_off(content: bytes, context: Context) -> Iterator[Finding]:
    """Whether the feed lacks its end: the parser reads on in silence, and the last entry may be cut short."""
    if not _END.search(content[-4096:].replace(b"\x00", b"")):
        name = context.name or "feed"
        yield Finding("truncated", name, "the end tag of the feed", "the file ends before it")


def _pieces(content: bytes, spans: list[tuple[int, int]] | None, count: int) -> list[bytes]:
    """The stretch of each entry; of a broken feed from one beginning to the next; nothing where they do not fit."""
    if spans is not None and len(spans) == count:
        return [content[start:end] for start, end in spans]
    starts = [match.start() for match in _BEGINNING.finditer(content)]
    if len(starts) != count:
        return []
    return [content[start:end] for start, end in zip(starts, (*starts[1:], len(content)), strict=True)]


def _plain(entry: Any) -> dict[str, str]:
    """An entry as a simple object, to stand for its bytes where they cannot be told from those beside them."""
    return {str(key): str(value) for key, value in dict(entry).items() if not str(key).endswith("_parsed")}


def _charset(content: bytes, name: str) -> Iterator[Statement]:
    """The charset that the feed was read in: declared where its own declaration names it, else detected."""
    declared = _ENCODING.match(content)
    label = declared[1].decode("ascii") if declared else ""
    if name and codec(label) == codec(name):
        yield claim(Property.CHARSET, codec(name) or name, library("feedparser"), "XML declaration", label)
    elif name:
        yield infer(Property.CHARSET, codec(name) or name, library("feedparser"))


def _feed_claims(feed: Any) -> Iterator[Statement]:
    if feed.get("title"):
        yield claim(
            Property.OUTLET, " ".join(str(feed["title"]).split()), library("feedparser"), "feed title"
        )
    if feed.get("language"):
        yield claim(Property.LANGUAGE, str(feed["language"]), library("feedparser"), "feed language")


def _entry(entry: Any, address: str | None, outlet: list[Statement], context: Context) -> Reading:
    by = library("feedparser")
    section = next((str(tag["term"]) for tag in entry.get("tags") or [] if tag.get("term")), "")
    values = (
        (Property.TITLE, _title(entry, context), "title"),
        (Property.ADDRESS, address, "link"),
        (Property.EXTERNAL_ID, entry.get("id"), "id"),
        (Property.SECTION, section, "category"),
    )
    said = [
        claim(about, " ".join(str(value).split()), by, f"entry {key}")
        for about, value, key in values
        if value
    ]
    names = [str(author["name"]) for author in entry.get("authors") or [] if author.get("name")]
    said += [claim(Property.BYLINE, name, by, "entry author") for name in names]
    # Asked as a plain dictionary: feedparser else gives the one date for the other.
    published, updated = dict.get(entry, "published"), dict.get(entry, "updated")
    said += dated_or_noted(Property.PUBLISHED, published, by, "entry published", context)
    said += dated_or_noted(Property.MODIFIED, updated, by, "entry updated", context)
    source = entry.get("source") or {}
    if source.get("title"):
        said.append(claim(Property.CLAIMED_SOURCE, str(source["title"]), by, "entry source"))
    return compose("feed", by, _blocks(entry, context), [*said, *outlet], "the entry holds no text")


def _title(entry: Any, context: Context) -> str:
    """The title as it is read: feeds write titles as markup, with references in them."""
    words = str(entry.get("title") or "")
    if "html" in str((entry.get("title_detail") or {}).get("type")):
        return " ".join(line for _, line in fragment(words, context))
    return words


def _blocks(entry: Any, context: Context) -> Iterator[Block]:
    title = _title(entry, context)
    if title:
        yield ParagraphKind.HEADLINE, title
    bodies = [part.get("value", "") for part in entry.get("content") or []]
    for body in (*sorted(bodies, key=len, reverse=True)[:1], entry.get("summary", "")):
        if body.strip():
            yield from fragment(body, context)
            return


FORMAT = Format("feed", "RSS and Atom, entry by entry", recognises, open=open_entries)
