# ruff: noqa: RUF001 - curly quotation marks are what is tested
"""Sentences and headings, with exact spans in the canonical text."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model import Paragraph, ParagraphKind, Span
from archive.text.passages import passages

ROOT = Path(__file__).parent.parent


def sentences(text: str, language: str | None = "en") -> list[str]:
    return [passage.span.of(text) for passage in passages(text, (), language)]


@pytest.mark.parametrize(
    "expected",
    [
        ["The U.S. Senate met on Sept. 11.", "It rose at 5 p.m. Tuesday."],
        ["He lives in the U.S.", "The vote was 3.5 to 2."],
        ["J. K. Rowling met George W. Bush.", "Mr. Smith of St. Louis stayed."],
        ["“Go home.”", "He left.", "“Why?” he asked.", "‘No!’", "(They laughed.)", "It ended."],
        ["\"It ends.''", "Then it began.", 'She said "Stop!" and went.'],
        ["Acme Inc. said so.", "Company No. 5 is alive.", "He said no.", "The end."],
        ["Is this ‘colorful revolutions’ and ‘interfering for any reason.", "The paper said so."],
        ["It fell… and 30 people saw it."],
    ],
    ids=lambda value: value[0][:20],
)
def test_where_sentences_end(expected: list[str]) -> None:
    assert sentences(" ".join(expected)) == expected


def test_german_ordinals_and_abbreviations() -> None:
    expected = [
        "Am 3. Oktober kam Dr. Müller z. B. nach Berlin.",
        "„Das ist gut.“",
        "Der 2. Weltkrieg endete 1945.",
        "So war es.",
    ]
    assert sentences(" ".join(expected), "de-AT") == expected


def test_full_width_stops_need_no_space() -> None:
    assert sentences("他走了。她也走了。", "zh") == ["他走了。", "她也走了。"]


def test_a_heading_is_one_passage() -> None:
    text = "What’s wrong? They left. Why\nIt is so. It was."
    paragraphs = [
        Paragraph(Span(0, 28), ParagraphKind.HEADLINE),
        Paragraph(Span(29, len(text))),
    ]
    found = passages(text, paragraphs, "en")
    assert [(p.number, p.kind, p.span.of(text)) for p in found] == [
        (1, ParagraphKind.HEADLINE, "What’s wrong? They left. Why"),
        (2, ParagraphKind.TEXT, "It is so."),
        (3, ParagraphKind.TEXT, "It was."),
    ]


def test_the_seed() -> None:
    text = (ROOT / "seeds" / "000_4b77468e57cc8906.txt").read_text(encoding="utf-8")
    found = [passage.span.of(text) for passage in passages(text, (), "en")]
    assert found[3] == (
        "According to the Greek City Times, these mass resignations have been reported "
        "since July 1 this year."
    )
    assert found[4].endswith("‘interfering in internal affairs for any reason.")
    assert len(found) == 17


@given(st.text(alphabet='ab A.!?\u2026"”“\u3002\n U9', max_size=60))
def test_passages_are_in_order_and_lose_nothing(text: str) -> None:
    found = passages(text, (), None)
    assert all(p.span.of(text).strip() == p.span.of(text) != "" for p in found)
    assert all(a.span.end <= b.span.start for a, b in pairwise(found))
    assert "".join("".join(p.span.of(text) for p in found).split()) == "".join(text.split())
