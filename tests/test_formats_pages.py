"""A page's article is what stands in its column: no teasers, no offers, no lines about where to write."""

from __future__ import annotations

import json

import pytest

from archive.formats import read
from archive.model import Property, ReadingState

SENTENCES = [
    "The old bridge over the river is to be closed for the whole of the winter, the council said on Monday.",
    "Engineers found cracks in two of the pillars in October, and it could not wait, one of them said.",
    "Traffic will be led over the motorway until the work is done, which is expected to be in March.",
    "The work will cost about four million, of which the county is to pay the half, said the treasurer.",
    "No one spoke against the plan at the meeting of the council, which lasted for less than an hour.",
]


def paragraphs(*lines: str) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def text_of(body: str, head: str = "") -> list[str]:
    page = f"<!doctype html><html><head><title>Bridge closed</title>{head}</head><body>{body}</body></html>"
    reading = read(page.encode())
    assert reading.state is ReadingState.READ
    return reading.text.split("\n")


def test_what_stands_below_the_column_is_left_out() -> None:
    teasers = "<div class='list'><p>Ten things to do this week in the town</p><p>Electric cars</p></div>"
    found = text_of(f"<main><div class='text'>{paragraphs(*SENTENCES)}</div>{teasers}</main>")
    assert found == SENTENCES


def test_a_label_above_the_column_is_left_out_and_a_first_sentence_there_is_not() -> None:
    above = f"<div class='lead'><p>Local news today</p><p>{SENTENCES[0]}</p></div>"
    found = text_of(f"<main>{above}<div class='rest'>{paragraphs(*SENTENCES[1:] * 2)}</div></main>")
    assert found[0] == SENTENCES[0]


def test_an_article_in_several_boxes_of_one_kind_is_whole() -> None:
    boxes = [f"<div class='part'>{paragraphs(line)}</div>" for line in SENTENCES]
    found = text_of(f"<main><div>{''.join(boxes[:4])}</div><section>{boxes[4]}</section></main>")
    assert found == SENTENCES


def test_what_stands_before_the_headline_is_left_out() -> None:
    before = "<section><p>Stand up for the town. We need the help of each of our readers.</p></section>"
    body = f"{before}<h1>Bridge closed</h1>{paragraphs(*SENTENCES)}"
    assert text_of(f"<main>{body}</main>") == SENTENCES


def test_the_words_under_a_picture_are_left_out() -> None:
    caption = "<div class='wp-caption'><p class='caption-text'>The old bridge, seen from the mill in spring.</p></div>"
    body = paragraphs(*SENTENCES[:2]) + caption + paragraphs(*SENTENCES[2:])
    assert text_of(f"<main>{body}</main>") == SENTENCES


def test_who_the_author_is_at_the_foot_is_left_out_and_headings_without_a_text_are() -> None:
    head = "<meta name='author' content='Ann Example'>"
    foot = [
        "Ann Example, a native of the town, is the deputy editor of The Example.",
        "John Roe is the mayor.",
    ]
    body = paragraphs(*SENTENCES, foot[1], foot[0])
    assert text_of(f"<main>{body}<h2>More of our news</h2></main>", head) == [*SENTENCES, foot[1]]


@pytest.mark.parametrize(
    "line",
    [
        "Ann Example can be reached at ann@example.org.",
        "Contact reporter Ann Example at ann@example.org",
        "For more local news, visit example.org/local",
        "Want to keep up with the news? Subscribe to our newsletter.",
        "Read the original article on The Example.",
        "Photo credit: Ann Example",
        "Recommended stories",
        "Related: Ten bridges that were closed",
    ],
)
def test_a_line_that_is_none_of_the_article_is_left_out(line: str) -> None:
    assert text_of(f"<main>{paragraphs(*SENTENCES, line)}</main>") == SENTENCES


@pytest.mark.parametrize(
    "line",
    [
        "Ann Example and The Associated Press contributed to this report.",
        "Recommended fuel: premium unleaded, at a price that has doubled.",
        "For more than a decade the bridge had been inspected once a year.",
    ],
)
def test_a_line_that_is_one_of_the_article_stays(line: str) -> None:
    assert text_of(f"<main>{paragraphs(*SENTENCES, line)}</main>") == [*SENTENCES, line]


def test_a_page_that_shows_a_remnant_is_read_from_what_it_gives_to_search_engines() -> None:
    given = json.dumps({"@type": "NewsArticle", "headline": "x", "articleBody": "\n\n".join(SENTENCES * 2)})
    script = f"<script type='application/ld+json'>{given}</script>"
    page = f"<html><head>{script}</head><body><main>{paragraphs(SENTENCES[0])}</main></body></html>"
    reading = read(page.encode())
    assert reading.text.split("\n") == SENTENCES * 2
    note = reading.first(Property.NOTE)
    assert note is not None
    assert "search engines" in note.value


def test_a_teaser_for_search_engines_does_not_replace_the_article() -> None:
    given = json.dumps({"@type": "NewsArticle", "headline": "x", "articleBody": SENTENCES[0]})
    script = f"<script type='application/ld+json'>{given}</script>"
    assert text_of(f"<main>{paragraphs(*SENTENCES)}</main>", script) == SENTENCES
