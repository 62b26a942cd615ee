"""RSS and Atom by feedparser: each entry a part, whose bytes are its stretch of the feed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, BinaryIO

from archive.formats.compose import claim, compose, library
from archive.formats.dates import dated
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
_ENTRY = ((Property.TITLE, "title"), (Property.ADDRESS, "link"), (Property.EXTERNAL_ID, "id"))


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
    outlet = list(_feed_claims(found.feed))
    whole = spans is not None and len(spans) == len(found.entries)
    for number, entry in enumerate(found.entries, 1):
        start, end = spans[number - 1] if whole and spans else (0, 0)
        place = f"entry {number}, {entry.get('id') or entry.get('link') or 'without an id'}"
        reading = _entry(entry, outlet, context)
        yield Part(number, place, reading, content[start:end] if end else None, entry.get("link"))


def _feed_claims(feed: Any) -> Iterator[Statement]:
    if feed.get("title"):
        yield claim(
            Property.OUTLET, " ".join(str(feed["title"]).split()), library("feedparser"), "feed title"
        )
    if feed.get("language"):
        yield claim(Property.LANGUAGE, str(feed["language"]), library("feedparser"), "feed language")


def _entry(entry: Any, outlet: list[Statement], context: Context) -> Reading:
    by = library("feedparser")
    said = [
        claim(about, " ".join(str(entry[key]).split()), by, f"entry {key}")
        for about, key in (
            (Property.TITLE, "title"),
            (Property.ADDRESS, "link"),
            (Property.EXTERNAL_ID, "id"),
        )
        if entry.get(key)
    ]
    names = [str(author["name"]) for author in entry.get("authors") or [] if author.get("name")]
    said += [claim(Property.BYLINE, name, by, "entry author") for name in names]
    # Asked as a plain dictionary: feedparser else gives the one date for the other.
    published, updated = dict.get(entry, "published"), dict.get(entry, "updated")
    said += dated(Property.PUBLISHED, published, by, "entry published", context=context)
    said += dated(Property.MODIFIED, updated, by, "entry updated", context=context)
    source = entry.get("source") or {}
    if source.get("title"):
        said.append(claim(Property.CLAIMED_SOURCE, str(source["title"]), by, "entry source"))
    return compose("feed", by, _blocks(entry, context), [*said, *outlet], "the entry holds no text")


def _blocks(entry: Any, context: Context) -> Iterator[Block]:
    if entry.get("title"):
        yield ParagraphKind.HEADLINE, str(entry["title"])
    bodies = [part.get("value", "") for part in entry.get("content") or []]
    for body in (*sorted(bodies, key=len, reverse=True)[:1], entry.get("summary", "")):
        if body.strip():
            yield from fragment(body, context)
            return


FORMAT = Format("feed", "RSS and Atom, entry by entry", recognises, open=open_entries)
