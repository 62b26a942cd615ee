"""Files are recognised by content, and whatever a file is, the answer is a reading."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.formats import formats, parts, read, recognise
from archive.model import Basis, ParagraphKind, Property, Reading, ReadingState

ROOT = Path(__file__).parent.parent
SEED = ROOT / "seeds" / "000_4b77468e57cc8906.txt"


def kinds_of(source: bytes | Path) -> list[tuple[ParagraphKind, str]]:
    reading = read(source)
    return [(paragraph.kind, paragraph.span.of(reading.text)) for paragraph in reading.paragraphs]


@settings(deadline=None)  # the first text loads the language model
@given(st.binary(max_size=300))
def test_any_bytes_end_in_a_reading(content: bytes) -> None:
    reading = read(content)
    assert (reading.state is ReadingState.READ) == bool(reading.text)
    assert (reading.state is ReadingState.READ) == (reading.reason is None)


@pytest.mark.parametrize("content", [b"", b" \r\n\t", b"\xef\xbb\xbf"])
def test_nothing_is_empty(content: bytes) -> None:
    assert read(content).state is ReadingState.EMPTY


def test_a_binary_file_is_refused_with_a_reason() -> None:
    reading = read(b"\x7fELF\x02\x01\x01" + bytes(100))
    assert reading.state is ReadingState.REFUSED
    assert "no format" in (reading.reason or "")


def test_a_file_that_is_not_there_has_failed(tmp_path: Path) -> None:
    assert read(tmp_path / "absent.txt").state is ReadingState.FAILED


def test_a_stream_and_a_path_read_alike() -> None:
    assert read(SEED) == read(io.BytesIO(SEED.read_bytes())) == read(SEED.read_bytes())


def test_a_whole_file_is_its_one_part() -> None:
    (part,) = parts(SEED)
    assert (part.number, part.payload, part.reading) == (1, None, read(SEED))


def test_names_are_unique_and_each_format_says_what_it_is() -> None:
    names = [format_.name for format_ in formats()]
    assert len(set(names)) == len(names)
    assert all(format_.summary for format_ in formats())


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"<!DOCTYPE html><html><body>", "html"),
        (b"\xef\xbb\xbf\n<!-- saved --><HTML lang=en>", "html"),
        ("<html><p>x".encode("utf-16"), "html"),
        (b"From: a@b.c\r\nDate: Mon, 1 Jan 2024 00:00:00 +0000\r\nSubject: x\r\n\r\nHello", "mail"),
        (b"Minister resigns\n\nBERLIN - The minister ...", "plain"),
        (b"Date: a word with a colon begins this plain text", "plain"),
        (b"a < b and b > c", "plain"),
    ],
)
def test_recognised_by_content(head: bytes, name: str) -> None:
    found = recognise(head)
    assert found is not None
    assert found.name == name


def test_a_copied_page_keeps_its_headline_crossheads_and_caption_apart() -> None:
    blocks = kinds_of(SEED)
    assert blocks[0][0] is ParagraphKind.HEADLINE
    assert [line for kind, line in blocks if kind is ParagraphKind.CROSSHEAD] == [
        "Xi Jinping expressed concern",
        "Fear of the Soviet Union's fate",
    ]
    assert [line for kind, line in blocks if kind is ParagraphKind.CAPTION] == ["Xi jinping"]
    assert sum(kind is ParagraphKind.TEXT for kind, _ in blocks) == 4


def test_a_plain_text_claims_its_headline_and_no_outlet() -> None:
    reading = read(SEED)
    title = reading.first(Property.TITLE)
    assert title is not None
    assert title.basis is Basis.CLAIMED
    assert title.evidence is not None
    assert title.evidence.span is not None
    assert title.evidence.span.of(reading.text) == title.evidence.quote
    assert reading.first(Property.OUTLET) is None


def test_a_wrapped_text_is_read_by_its_blocks() -> None:
    wrapped = (
        b"Council votes on the bridge\n\n"
        b"The council of the town voted on Tuesday night to close the old\n"
        b"bridge over the river for the whole of the coming winter, after\n"
        b"engineers had found cracks in two of the pillars that carry it,\n"
        b"and traffic will be led over the motorway.\n\n"
        b"No one spoke against it.\n"
    )
    assert len(kinds_of(wrapped)) == 3


MAIL = b"""From: Ann Example <ann@example.org>
To: desk@example.net
Subject: =?utf-8?q?R=C3=A9sum=C3=A9_of_the_talks?=
Date: Tue, 4 Jul 2023 23:30:00 -0500
MIME-Version: 1.0
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: 8bit

The caf\xe9 talks ended late.

Nobody signed.
"""


def test_a_mail_claims_what_its_headers_say() -> None:
    reading = read(MAIL)
    assert (reading.format, reading.text) == ("mail", "The café talks ended late.\nNobody signed.")
    said = {statement.about: statement for statement in reading.statements}
    assert said[Property.TITLE].value == "Résumé of the talks"
    assert said[Property.PUBLISHED].value == "2023-07-04T23:30:00-05:00"
    assert said[Property.PUBLISHED].basis is Basis.CLAIMED
    assert str(said[Property.PUBLISHED].moment) == "2023-07-05T04:30:00Z"
    assert said[Property.BYLINE].value == "Ann Example <ann@example.org>"


PAGE = b"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Bridge closed</title>
<meta property="og:title" content="Bridge to close">
<meta property="og:site_name" content="The Example">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Bridge closed for the winter",
"author": [{"name": "Ann Example"}], "datePublished": "2023-11-02T22:15:00-04:00"}</script></head>
<body><nav><a href="/">Home</a></nav><article><h1>Bridge closed for the winter</h1>
<p>The old bridge over the river is to be closed for the whole of the winter, the council said.</p>
<h2>Cracks in two pillars</h2>
<p>Engineers found cracks in two of the pillars in October. "It could not wait," the engineer said.</p>
<p>Traffic will be led over the motorway until the work is done, which is expected to be in March.</p>
</article><footer>Copyright</footer></body></html>"""


def said(reading: Reading) -> dict[Property, tuple[str, str | None]]:
    """The best value of each property, and where it was seen."""
    found: dict[Property, tuple[str, str | None]] = {}
    for statement in reading.statements:
        found.setdefault(statement.about, (statement.value, statement.evidence and statement.evidence.place))
    return found


def test_a_page_says_what_it_claims_and_where() -> None:
    reading = read(PAGE)
    assert reading.state is ReadingState.READ
    assert "Home" not in reading.text
    claims = said(reading)
    assert claims[Property.TITLE] == ("Bridge closed for the winter", "h1")
    assert claims[Property.BYLINE][0] == "Ann Example"
    assert claims[Property.PUBLISHED][0] == "2023-11-02T22:15:00-04:00"
    assert claims[Property.OUTLET] == ("The Example", "meta[og:site_name]")


def test_a_page_that_scripts_put_together_is_read_from_what_it_gives_search_engines() -> None:
    sentence = "The old bridge over the river is to be closed for the whole of the winter, the council said. "
    given = json.dumps({"@type": "NewsArticle", "headline": "Bridge closed", "articleBody": sentence * 8})
    page = f'<html><head><script type="application/ld+json">{given}</script></head><body></body>'
    reading = read(page.encode())
    assert reading.state is ReadingState.READ
    assert reading.text.startswith("The old bridge")


@pytest.mark.parametrize(
    ("sentence", "tag"),
    [
        ("Die alte Brücke über den Fluss wird den ganzen Winter über gesperrt.", "de"),
        ("Le vieux pont sur la rivière sera fermé tout l'hiver, selon le conseil.", "fr"),
        ("Ted Cruz refuses to disavow Lindsey Graham endorsement", "en"),
        ("Старый мост через реку будет закрыт на всю зиму.", "ru"),
        ("冬の間ずっと、川に架かる古い橋は閉鎖される。", "ja"),
    ],
)
def test_the_language_of_a_sentence_is_inferred(sentence: str, tag: str) -> None:
    language = read(sentence.encode()).first(Property.LANGUAGE)
    assert language is not None
    assert (language.value, language.basis) == (tag, Basis.INFERRED)
