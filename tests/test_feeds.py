"""Each entry of a feed is an item with its own link, dates, names and words, however the feed is written or broken."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from archive.formats import Context, parts
from archive.model import Property, ReadingState
from tests.commandline import new_archive, run

if TYPE_CHECKING:
    from pathlib import Path

    from archive.formats import Part

PODCAST = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">
<channel><title>Port News</title><link>https://port.example/</link><language>en-GB</language>
<item><title>Bridge &amp;amp; tunnel &lt;i&gt;closed&lt;/i&gt;</title><link>/1</link>
<guid isPermaLink="false">p-1</guid><pubDate>Tue, 04 Jul 2023 10:00:00 +0200</pubDate>
<dc:creator>Ann Example</dc:creator><description>Short.</description>
<content:encoded><![CDATA[<p>The bridge was closed, the
mayor said.</p><h2>Next</h2><p>Nobody was hurt.</p><script>no()</script>]]></content:encoded>
<category>Local</category></item>
<item><title>Episode 7</title><guid>https://port.example/ep7</guid>
<enclosure url="https://port.example/ep7.mp3" length="1" type="audio/mpeg"/><itunes:author>Bo Host</itunes:author>
<itunes:summary>We talk about the dam.</itunes:summary><pubDate>yesterday</pubDate></item>
<item><title></title></item>
<item><description>Only words here.</description><pubDate>2023-13-45</pubDate></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Blatt</title>
<link href="https://blatt.example/"/><id>urn:x</id><updated>2023-07-04T10:00:00Z</updated>
<entry><title type="html">Br&amp;uuml;cke</title><id>urn:1</id><link rel="alternate" href="/a/1"/>
<author><name>Uli</name></author><published>2023-07-03T09:00:00+02:00</published>
<updated>2023-07-04T10:00:00Z</updated><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">
<p>Die Brücke ist gesperrt.</p><p>Zweiter Absatz.</p></div></content></entry></feed>"""
BROKEN = """<rss version="2.0"><channel><title>Broken</title>
<item><title>One & two</title><link>http://b.example/1?a=1&b=2</link><description>Text of one.</description></item>
<item><title>Two</title><link>http://b.example/2</link><description>Text of two."""
RDF = """<?xml version="1.0" encoding="ISO-8859-1"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/"><channel rdf:about="http://x"><title>Old</title></channel>
<item rdf:about="http://x/1"><title>Café ouvert</title><link>http://x/1</link></item></rdf:RDF>"""


def values(part: Part, about: Property) -> list[str]:
    return [each.value for each in part.reading.statements if each.about is about]


def test_an_entry_has_its_link_dates_names_and_words() -> None:
    first, *_ = parts(PODCAST.encode())
    assert first.address == "https://port.example/1"
    expected = {
        Property.TITLE: ["Bridge & tunnel closed"],
        Property.ADDRESS: ["https://port.example/1"],
        Property.EXTERNAL_ID: ["p-1"],
        Property.BYLINE: ["Ann Example"],
        Property.PUBLISHED: ["2023-07-04T10:00:00+02:00"],
        Property.OUTLET: ["Port News"],
        Property.SECTION: ["Local"],
    }
    assert {about: values(first, about) for about in expected} == expected
    assert first.reading.text.split("\n") == [
        "Bridge & tunnel closed",
        "The bridge was closed, the mayor said.",
        "Next",
        "Nobody was hurt.",
    ]


def test_a_podcasts_entry_is_read_by_its_summary() -> None:
    context = Context(retrieved=datetime(2023, 7, 5, tzinfo=UTC))
    _, episode, empty, last = parts(PODCAST.encode(), context)
    assert episode.reading.text == "Episode 7\nWe talk about the dam."
    assert values(episode, Property.BYLINE) == ["Bo Host"]
    assert values(episode, Property.PUBLISHED) == ["2023-07-04"]
    assert empty.reading.state is ReadingState.EMPTY
    assert values(last, Property.PUBLISHED) == []
    assert values(last, Property.NOTE) == ["published cannot be read as a date: '2023-13-45'"]


def test_atom_has_two_dates_and_a_relative_link() -> None:
    (entry,) = parts(ATOM.encode())
    assert entry.address == "https://blatt.example/a/1"
    assert values(entry, Property.PUBLISHED) == ["2023-07-03T09:00:00+02:00"]
    assert values(entry, Property.MODIFIED) == ["2023-07-04T10:00:00Z"]
    assert entry.reading.text == "Brücke\nDie Brücke ist gesperrt.\nZweiter Absatz."
    assert entry.payload is not None
    assert entry.payload.startswith(b"<entry>")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_entries_have_bytes_of_their_own_in_any_encoding(encoding: str) -> None:
    content = PODCAST.replace("Bo Host", "Bo Høst").replace("UTF-8", encoding).encode(encoding)
    found = list(parts(content))
    assert len(found) == 4
    assert values(found[1], Property.BYLINE) == ["Bo Høst"]
    payloads = [part.payload for part in found]
    assert None not in payloads
    assert len(set(payloads)) == 4


def test_an_old_feed_in_another_charset() -> None:
    (entry,) = parts(RDF.encode("iso-8859-1"))
    assert entry.reading.text == "Café ouvert"
    assert values(entry, Property.OUTLET) == ["Old"]


def test_a_broken_feed_is_two_items_and_says_that_it_breaks_off(tmp_path: Path) -> None:
    first, second = parts(BROKEN.encode())
    assert first.reading.text == "One & two\nText of one."
    assert first.payload is not None
    assert first.payload.startswith(b"<item><title>One")
    assert second.payload is not None
    assert second.payload.startswith(b"<item><title>Two")
    assert (first.findings, [each.code for each in second.findings]) == ((), ["truncated"])
    place, feed = new_archive(tmp_path), tmp_path / "feed.xml"
    feed.write_text(BROKEN)
    ran = run("ingest", feed, "--json", at=place)
    assert [one.get("novelty") for one in ran.objects] == ["new item", "new item", None]
    assert ran.status == 3


def test_where_entries_cannot_be_told_apart_their_words_stand_for_them() -> None:
    content = BROKEN.replace("<item><title>Two", "<!-- <item> --><item><title>Two").encode()
    found = list(parts(content))
    assert len(found) == 2
    assert [json.loads(part.payload or b"")["link"] for part in found] == [
        "http://b.example/1?a=1&b=2",
        "http://b.example/2",
    ]
