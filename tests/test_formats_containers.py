"""Web archives, feeds and rows come apart into captures, each with its own date, address and digests."""

# ruff: noqa: RUF001  (a dash as pages write it)
from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest

from archive.formats import Context, Part, parts, read
from archive.model import Basis, Property, ReadingState

ROOT = Path(__file__).parent.parent
FEEDS = ROOT.parent / "shared" / "data" / "newsfeeds"

PAGE = (
    b"<html><body><article><h1>Bridge closed</h1>"
    b"<p>The old bridge over the river is to be closed for the whole of the winter, the council said.</p>"
    b"<p>Engineers found cracks in two of the pillars in October, and it could not wait, they said.</p>"
    b"</article></body></html>"
)


def sha1(content: bytes) -> str:
    return base64.b32encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode()


def record(number: int, body: bytes = PAGE, kind: str = "response", **more: str) -> bytes:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n" + (
        b"Content-Encoding: gzip\r\n\r\n" if body.startswith(b"\x1f\x8b") else b"\r\n"
    )
    block = http + body if kind != "resource" else body
    headers = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:00000000-0000-4000-8000-{number:012d}>",
        "WARC-Date": f"2023-05-0{number}T12:00:00Z",
        "WARC-Target-URI": f"https://news.example/{number}",
        "Content-Type": "application/http; msgtype=response" if kind != "resource" else "text/html",
        "WARC-Payload-Digest": f"sha1:{sha1(body)}",
        "WARC-Block-Digest": "SHA-256:" + hashlib.sha256(block).hexdigest().upper(),
        **{name.replace("_", "-"): value for name, value in more.items()},
        "Content-Length": str(len(block)),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return b"WARC/1.1\r\n" + lines.encode() + b"\r\n" + block + b"\r\n\r\n"


def warcinfo() -> bytes:
    fields = b"software: crawler/1.0\r\noperator: Ann Example\r\n"
    return (
        b"WARC/1.1\r\nWARC-Type: warcinfo\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        b"WARC-Date: 2023-05-01T00:00:00Z\r\n"
        b"Content-Type: application/warc-fields\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n"
        % (len(fields), fields)
    )


def warc(*records: bytes, compressed: bool = False) -> bytes:
    return b"".join(gzip.compress(one) if compressed else one for one in records)


def said(part: Part, about: Property) -> list[tuple[str, Basis]]:
    return [(statement.value, statement.basis) for statement in part.statements if statement.about is about]


@pytest.mark.parametrize("compressed", [False, True])
def test_each_record_is_a_capture_with_its_own_date_and_address(compressed: bool) -> None:
    content = warc(
        warcinfo(),
        record(1),
        record(2, gzip.compress(PAGE)),
        record(3, kind="resource"),
        compressed=compressed,
    )
    found = list(parts(content))
    assert [part.number for part in found] == [1, 2, 3]
    for number, part in enumerate(found, 1):
        assert part.reading.state is ReadingState.READ
        assert part.reading.format == "html"
        assert part.payload == PAGE
        assert part.address == f"https://news.example/{number}"
        assert said(part, Property.RETRIEVED) == [(f"2023-05-0{number}T12:00:00Z", Basis.OBSERVED)]
        assert (("Ann Example", Basis.CLAIMED)) in said(part, Property.RETRIEVED_BY)
        assert part.findings == ()


def test_a_revisit_names_the_payload_that_it_stands_for() -> None:
    refers = {
        "WARC_Refers_To_Target_URI": "https://news.example/1",
        "WARC_Refers_To_Date": "2023-05-01T12:00:00Z",
    }
    revisit = record(2, b"", "revisit", **(refers | {"WARC_Payload_Digest": f"sha-1:{sha1(PAGE).lower()}"}))
    first, second = parts(warc(record(1), revisit))
    assert second.revisit_of == first.payload_digest
    assert second.payload == b""
    assert second.reading.state is ReadingState.EMPTY
    assert "https://news.example/1" in (second.reading.reason or "")


def test_a_digest_that_differs_is_found() -> None:
    content = warc(record(1, WARC_Payload_Digest="sha1:" + "A" * 32))
    (part,) = parts(content)
    assert [finding.code for finding in part.findings] == ["payload digest differs"]
    (part,) = parts(warc(record(1, WARC_Payload_Digest="tiger:" + "A" * 32)))
    assert [finding.code for finding in part.findings] == ["payload digest unverifiable"]


@pytest.mark.parametrize("compressed", [False, True])
def test_wherever_a_warc_breaks_off_it_is_said(compressed: bool) -> None:
    records = [record(number) for number in (1, 2, 3)]
    whole = warc(*records, compressed=compressed)
    ends = [len(warc(*records[:count], compressed=compressed)) for count in range(4)]
    for cut in sorted(
        {*range(1, len(whole), 41), *(end + delta for end in ends for delta in (-3, -1, 1, 2))}
    ):
        if cut in ends or not 0 < cut < len(whole):
            continue
        *read_before, last = parts(whole[:cut])
        if last.reading.format != "warc":
            assert cut < 80  # so little is left that it is not recognised
            assert last.reading.state is not ReadingState.READ or not compressed
            continue
        assert last.reading.state is ReadingState.FAILED, cut
        assert [finding.code for finding in last.findings] == ["truncated"]
        assert last.findings[0].expected == f"{cut} bytes"
        # A record may be complete where what closes it (two line ends, gzip's trailer) is not.
        complete = sum(end <= cut for end in ends) - 1
        assert len(read_before) in {complete, complete + 1}, cut


@pytest.mark.parametrize("compressed", [False, True])
def test_what_is_no_record_between_records_is_said(compressed: bool) -> None:
    one = warc(record(1), compressed=compressed)
    *_, last = parts(one + b"this is no record\r\n\r\n" * 20 + one)
    assert last.reading.state is ReadingState.FAILED


def test_a_warc_compressed_as_one_stream_is_read_to_its_end() -> None:
    whole = gzip.compress(warc(record(1), record(2)))
    assert [part.reading.state for part in parts(whole)] == [ReadingState.READ] * 2
    assert list(parts(whole[:-5]))[-1].reading.state is ReadingState.FAILED


def wacz(content: bytes, forged: str | None = None, path: str = "archive/pages.warc.gz") -> bytes:
    digest = forged or "sha256:" + hashlib.sha256(content).hexdigest()
    listed = {
        "profile": "data-package",
        "resources": [{"name": "w", "path": path, "hash": digest, "bytes": 1}],
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr(path, content)
        package.writestr("datapackage.json", json.dumps(listed))
    return made.getvalue()


def test_a_package_is_read_through_and_its_hashes_are_checked() -> None:
    content = warc(record(1), record(2), compressed=True)
    found = list(parts(wacz(content)))
    assert [part.reading.state for part in found] == [ReadingState.READ] * 2
    assert found[1].number == 2
    *_, last = parts(wacz(content, forged="sha256:" + "0" * 64))
    assert [finding.code for finding in last.findings] == ["resource digest differs"]


def test_a_path_that_climbs_out_of_a_package_is_not_followed() -> None:
    (part,) = parts(wacz(warc(record(1)), path="archive/../../escaped.warc"))
    assert part.reading.state is ReadingState.FAILED
    assert "path climbs out" in [finding.code for finding in part.findings]


RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>The Example</title>
<item><title>Bridge closed</title><link>https://news.example/1</link><guid>tag:1</guid>
<pubDate>Tue, 04 Jul 2023 23:30:00 -0500</pubDate><author>ann@example.org (Ann Example)</author>
<description>
&lt;p&gt;The bridge is closed.&lt;/p&gt;&lt;p&gt;Nobody knows for how long.&lt;/p&gt;</description></item>
<item><title>Second story – é</title><link>https://news.example/2</link><description>Short.</description></item>
</channel></rss>"""


def test_each_entry_of_a_feed_is_a_part_with_its_own_bytes() -> None:
    content = RSS.encode()
    first, second = parts(content)
    assert first.payload is not None
    assert first.payload.startswith(b"<item><title>Bridge closed")
    assert first.payload.endswith(b"</item>")
    assert second.payload is not None
    assert "Second story – é".encode() in second.payload
    assert first.reading.text == "Bridge closed\nThe bridge is closed.\nNobody knows for how long."
    published = first.reading.first(Property.PUBLISHED)
    assert published is not None
    assert published.value == "2023-07-04T23:30:00-05:00"
    outlet = first.reading.first(Property.OUTLET)
    assert outlet is not None
    assert (outlet.value, outlet.basis) == ("The Example", Basis.CLAIMED)


def test_rows_are_items_with_their_columns_and_their_ids() -> None:
    rows = [
        {"id": "x-1", "title": "Bridge closed", "text": "The bridge is closed.\n\nNobody knows.",
         "outlet": "E", "byline": ["Ann A", "Bob B"],
         "published": "2023-07-04", "retrieved": "2023-07-05T10:00:00Z"},
        {"id": 7, "html": PAGE.decode(), "url": "https://news.example/7"},
    ]  # fmt: skip
    content = "\n".join(map(json.dumps, rows)).encode() + b"\n{broken\n[1]\n"
    first, second, broken, strange = parts(content)
    assert first.payload == json.dumps(rows[0]).encode()
    assert first.reading.text == "The bridge is closed.\nNobody knows."
    values = {(s.about, s.value) for s in first.reading.statements}
    assert {
        (Property.EXTERNAL_ID, "x-1"),
        (Property.BYLINE, "Bob B"),
        (Property.PUBLISHED, "2023-07-04"),
    } <= values
    assert (second.address, second.reading.state) == ("https://news.example/7", ReadingState.READ)
    assert broken.reading.state is ReadingState.FAILED
    assert strange.reading.state is ReadingState.REFUSED


def test_a_map_of_columns_is_followed() -> None:
    row = json.dumps({"body": "The bridge is closed.", "headline": "Bridge", "key": "k1"}).encode()
    (part,) = parts(row, Context(columns={"text": "body", "title": "headline", "id": "key"}))
    assert part.reading.text == "The bridge is closed."
    title = part.reading.first(Property.TITLE)
    assert title is not None
    assert title.value == "Bridge"


@pytest.mark.skipif(not FEEDS.exists(), reason="the IPTC's examples are not here")
def test_all_examples_of_the_iptc_are_read() -> None:
    for path in sorted(FEEDS.rglob("*.*")):
        found = list(parts(path))
        assert found, path.name
        assert all(part.reading.format in ("ninjs", "newsml-g2") for part in found), path.name
        assert not any(part.reading.state is ReadingState.FAILED for part in found), path.name


def pdf(*lines: str) -> bytes:
    """A PDF of one page, as small as the format allows (ISO 32000-1, annex H)."""
    shown = "\n".join(f"({line}) Tj 0 -16 Td" for line in lines)
    stream = f"BT /F1 12 Tf 72 720 Td {shown} ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources 7 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Title (Bridge report) /Author (Ann Example) /CreationDate (D:20230704233000-05'00') >>",
        b"<< /Font << /F1 5 0 R >> >>",
    ]
    made, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    made += b"trailer\n<< /Size %d /Root 1 0 R /Info 6 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return bytes(made)


def test_a_pdf_says_its_text_and_what_it_claims() -> None:
    reading = read(pdf("Bridge closed", "The old bridge over the river is to be", "closed for the winter."))
    assert reading.state is ReadingState.READ
    assert reading.format == "pdf"
    assert "The old bridge over the river is to be closed for the winter." in reading.text
    published = reading.first(Property.PUBLISHED)
    assert published is not None
    assert published.value == "2023-07-04T23:30:00-05:00"


def test_a_pdf_without_text_is_empty() -> None:
    assert read(pdf()).state is ReadingState.EMPTY


def test_a_compressed_page_is_read_as_a_page() -> None:
    assert read(gzip.compress(PAGE)).format == "html"


def test_a_mail_and_its_attached_page_are_parts() -> None:
    from email.message import EmailMessage

    message = EmailMessage()
    message["From"], message["Subject"] = "Ann <ann@example.org>", "The page"
    message["Date"] = "Tue, 4 Jul 2023 23:30:00 -0500"
    message["Received"] = "from a by b; Wed, 5 Jul 2023 04:31:00 +0000"
    message.set_content("Here is the page.\n")
    message.add_attachment(PAGE, maintype="text", subtype="html", filename="page.html")
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="picture.png")
    mail, attached = parts(message.as_bytes())
    assert mail.payload is None
    assert mail.reading.text == "Here is the page."
    assert said(mail, Property.RETRIEVED) == [("2023-07-05T04:31:00Z", Basis.CLAIMED)]
    assert attached.payload == PAGE
    assert (attached.reading.format, attached.place) == ("html", "part 2, attachment page.html")


def test_items_of_a_list_or_message_keep_the_bytes_they_came_in() -> None:
    items = ['{"uri":  "a", "headline": "Bridge – closed", "type": "text"}', '{"uri": "b", "headline": "x"}']
    found = list(parts(f"[ {items[0]},\n{items[1]} ]".encode()))
    assert [part.payload for part in found] == [item.encode() for item in items]
    news = '<newsItem guid="{0}"><contentMeta><headline>Story {0}</headline></contentMeta></newsItem>'
    stories = [news.format(name) for name in "ab"]
    inner = "".join(stories)
    message = f"<newsMessage><itemSet>{inner}</itemSet></newsMessage>"
    found = list(parts(message.encode()))
    assert [part.payload for part in found] == [story.encode() for story in stories]
    assert found[1].reading.text == "Story b"
