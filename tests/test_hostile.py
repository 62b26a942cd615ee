"""Files made to kill a parser end as failed, refused or empty, and the next file is read."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
import zlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.formats import Context, Limits, parts
from archive.formats.pool import Pool
from archive.model import ReadingState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from archive.formats import Part

MIB = 1 << 20
NINJS_KEYS = ("headline", "headlines", "bodies", "body_text", "value", "role", "by", "infosources", "uri")
ITEMS = (
    (
        "uri",
        "headline",
        "headlines",
        "bodies",
        "descriptions",
        "by",
        "infosources",
        "versioncreated",
        "language",
    ),
    ("text", "html", "title", "byline", "outlet", "url", "published", "retrieved", "id"),
)
LD_KEYS = (
    "@type",
    "@id",
    "@graph",
    "name",
    "author",
    "publisher",
    "headline",
    "datePublished",
    "articleBody",
)
SENTENCE = (
    b"<p>" + b"The old bridge over the river is to be closed for the whole of the winter. " * 20 + b"</p>"
)
MAIL = b"From: a@example.org\nDate: Tue, 4 Jul 2023 23:30:00 -0500\nMIME-Version: 1.0\n"


def page(inner: bytes) -> bytes:
    return b"<!doctype html><html><body><article>" + inner + b"</article></body></html>"


def squeezed(content: bytes, size: int) -> bytes:
    """So many repetitions, deflated without ever being in memory."""
    stream = zlib.compressobj(9)
    return (
        b"".join(stream.compress(content * 4096) for _ in range(size // (4096 * len(content))))
        + stream.flush()
    )


def pdf_of_gigabytes() -> bytes:
    stream = zlib.compress(squeezed(b"(A) Tj ", 2048 * MIB), 9)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << >> >>",
        b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n%s\nendstream"
        % (len(stream), stream),
    ]
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % entry for entry in enumerate(objects, 1))
    return b"%PDF-1.4\n" + body + b"trailer\n<< /Size 5 /Root 1 0 R >>\n%%EOF\n"


def attributes(one: bytes) -> bytes:
    return b"<div " + b" ".join(one % number for number in range(200_000)) + b">x</div>"


def subject(words: int) -> bytes:
    return b"Subject: " + b"\n ".join([b"=?utf-8?q?w?="] * words)


def package(lying: bool) -> bytes:
    made, size = io.BytesIO(), 64 * MIB
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("archive/pages.warc", b"WARC/1.0\r\n" + bytes(size - 10))
        package.writestr("datapackage.json", '{"resources": []}')
    content = made.getvalue()
    return content.replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little")) if lying else content


def warc(http: bytes, body: bytes) -> bytes:
    block = http + body
    return (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2023-01-01T00:00:00Z\r\n"
        b"WARC-Target-URI: http://news.example/\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        b"Content-Type: application/http\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n" % (len(block), block)
    )


def nested_mail(depth: int) -> bytes:
    inner = (
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (number, number)
        for number in range(depth)
    )
    return MAIL + b"".join(inner) + b"Content-Type: text/plain\n\nhello\n"


def entities(levels: int) -> bytes:
    """The billion laughs."""
    rows = (b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10 if n else b"lol") for n in range(levels))
    title = b"&a%d;" % (levels - 1)
    declared = b"<!DOCTYPE rss [" + b"".join(rows) + b"]>"
    return (
        b'<?xml version="1.0"?>'
        + declared
        + b"<rss><channel><item><title>"
        + title
        + b"</title></item></channel></rss>"
    )


def external() -> bytes:
    return (
        b'<?xml version="1.0"?><!DOCTYPE newsItem [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
        b'<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/"><contentSet><inlineData>&x;</inlineData>'
        b"</contentSet></newsItem>"
    )


KILLERS: dict[str, Callable[[], bytes]] = {
    "200,000 attributes": lambda: page(attributes(b"a%d=1")),
    "attributes in disguise": lambda: page(attributes(b"a%d='<'")),
    "11 MB of paragraphs": lambda: page(b"<p>" * (11 * MIB // 3)),
    "100,000 nested divs": lambda: page(b"<div>" * 100_000 + SENTENCE),
    "a PDF that inflates to gigabytes": pdf_of_gigabytes,
    "a gzip bomb": lambda: gzip.compress(bytes(256 * MIB)),
    "a gzip bomb of a page": lambda: gzip.compress(b"<html>" + b"<p>word</p>" * (8 * MIB)),
    "a zip bomb": lambda: package(lying=False),
    "a zip that lies about a size": lambda: package(lying=True),
    "20,000 encoded words": lambda: MAIL + subject(20_000) + b"\n\nHello.\n",
    "2,000 nested mail parts": lambda: nested_mail(2_000),
    "a billion laughs": lambda: entities(12),
    "laughs in UTF-16": lambda: entities(3).decode().replace('?>', ' encoding="utf-16"?>').encode("utf-16"),
    "an external entity": external,
    "nested JSON": lambda: b'[{"uri": "x", "headline": ' + b"[" * 200_000,
    "nested XML": lambda: b"<rss>" + b"<a>" * 200_000,
    "an answer that is a bomb": lambda: warc(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", gzip.compress(bytes(128 * MIB))
    ),
    "a record larger than is read": lambda: gzip.compress(warc(b"HTTP/1.1 200 OK\r\n\r\n", bytes(65 * MIB))),
}  # fmt: skip


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool(1) as made:
        yield made


def ends(found: list[Part]) -> set[ReadingState]:
    return {part.reading.state for part in found}


@pytest.mark.parametrize("name", KILLERS)
def test_a_killer_ends_in_words_and_the_next_file_is_read(name: str, pool: Pool) -> None:
    found = list(pool.parts(KILLERS[name](), Context()))
    assert found
    assert ReadingState.READ not in ends(found)
    assert all(part.reading.reason for part in found)
    if "divs" not in name:
        assert ends(found) <= {ReadingState.FAILED, ReadingState.REFUSED}
    (after,) = pool.parts(page(SENTENCE), Context())
    assert after.reading.state is ReadingState.READ


def test_a_text_longer_than_the_limit_is_refused(pool: Pool) -> None:
    (part,) = pool.parts(b"The bridge is closed.\n" * 100, Context(limits=Limits(output_size=1000)))
    assert part.reading.state is ReadingState.REFUSED
    assert "1000" in (part.reading.reason or "")


def test_an_external_entity_is_not_fetched(pool: Pool) -> None:
    found = list(pool.parts(external(), Context()))
    assert all(part.reading.text == "" for part in found)


BEGINNINGS = (
    b"%PDF-1.4\n", b"WARC/1.0\r\nWARC-Type: response\r\n", b"PK\x03\x04archive/a.warc", b"\x1f\x8b\x08\x00",
    MAIL + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n", b"<rss><channel><item>", b"<newsItem>",
    b'{\n"uri": "x", "headlines": ', b'{"text": "a", "published": ', b"<html><body><p>", b"WARC/1.1\r\n",
    b'<html><script type="application/ld+json">{"@type": "NewsArticle", "author": ', b"\xff\xfe<\x00r\x00",
)  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(BEGINNINGS), st.binary(max_size=200) | st.text(max_size=80).map(str.encode))
def test_whatever_follows_a_known_beginning_no_exception_comes_out(beginning: bytes, rest: bytes) -> None:
    for part in parts(beginning + rest):
        assert (part.reading.state is ReadingState.READ) == (part.reading.reason is None)


@settings(deadline=None, max_examples=100)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(NINJS_KEYS) | st.text(max_size=4), inner, max_size=5)
        ),
        max_leaves=12,
    ),
    st.sampled_from(ITEMS),
    st.booleans(),
)
def test_json_of_any_shape_ends_in_a_reading(value: object, keys: tuple[str, ...], is_list: bool) -> None:
    item = dict.fromkeys(keys, value)
    for part in parts(json.dumps([item] if is_list else item).encode()):
        assert part.reading.state is not ReadingState.FAILED, part.reading.reason


@settings(deadline=None, max_examples=100)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(LD_KEYS), inner, max_size=5)
        ),
        max_leaves=12,
    )
)
def test_json_ld_of_any_shape_leaves_the_page_readable(value: object) -> None:
    node = json.dumps({"@type": "NewsArticle"} | dict.fromkeys(LD_KEYS[1:], value))
    script = b'<script type="application/ld+json">' + node.encode() + b"</script>"
    (part,) = parts(page(script + SENTENCE))
    assert part.reading.state is ReadingState.READ, part.reading.reason
