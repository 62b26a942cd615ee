"""A piece of text from a feed or row keeps its paragraphs, whatever markup it is in and whatever stands in it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.formats import Context
from archive.formats.fragment import fragment
from archive.model import ParagraphKind

PIECES = st.sampled_from(
    ["<p>", "</p>", "<br/>", "<b>", "</b>", "<!-- ", " -->", "<?xml version='1.0'?>", "<script>", "</script>", "\n",
     "&amp;", "&#1;", "&#xFFFE;", "&#55296;", "\x01", "\ufdd0", "<pre>", "</h2>", "<h2>", "word ", "<", "&", "\x00",
     "é", "\ud800"]
)  # fmt: skip


def lines(text: str) -> list[str]:
    return [" ".join(line.split()) for _, line in fragment(text, Context())]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Only words.", ["Only words."]),
        ("One.\n\nTwo.", ["One.", "Two."]),
        ("Fish &amp; chips", ["Fish & chips"]),
        ("A <b>bold</b>\nword", ["A bold", "word"]),
        ("<p>One\nline.</p><p>Two.</p>", ["One line.", "Two."]),
        ("One<br>two<br/>three", ["One", "two", "three"]),
        ("<div>One<p>two</p>three</div>four", ["One", "two", "three", "four"]),
        ("<p>One<script>no()</script> two</p><style>p{}</style>", ["One two"]),
        ("<p>One<!-- not this --> two</p>", ["One two"]),
        ("<?xml version='1.0' encoding='utf-8'?><p>One</p>", ["One"]),
        ("<html><head><title>No</title></head><body><p>One</p></body></html>", ["One"]),
        ("<pre>One\ntwo</pre>", ["One", "two"]),
        ("2 < 3 and 4 > 1", ["2 < 3 and 4 > 1"]),
    ],
)
def test_the_paragraphs_of_a_piece(text: str, expected: list[str]) -> None:
    assert lines(text) == expected


def test_a_heading_is_a_cross_head() -> None:
    kinds = [kind for kind, _ in fragment("<p>One.</p><h2>Next</h2><p>Two.</p>", Context())]
    assert kinds == [ParagraphKind.TEXT, ParagraphKind.CROSSHEAD, ParagraphKind.TEXT]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the first draw reads the project
@given(st.lists(PIECES, max_size=12).map("".join))
def test_any_piece_is_read_and_no_word_comes_twice(text: str) -> None:
    read = " ".join(lines(text))
    assert read.count("word") <= text.count("word")
