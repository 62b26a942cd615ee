"""In a long text the place where the query's words stand thickest is found, and what is read around it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archive.model import Span
from archive.text.rarity import Rarity
from archive.text.windows import LONG, PIECE, SHORT, WIDE, nearest, pieces, telling, window
from archive.text.words import words


def test_the_passage_with_most_of_the_words_comes_first() -> None:
    weights = telling("the dam at Orrin Fell held forty million litres", Rarity())
    passages = [
        "It rained for days.",
        "The dam at Orrin Fell held.",
        "Forty million litres were held by the dam at Orrin Fell.",
    ]
    assert nearest(weights, passages, 2) == [2, 1]


def test_what_holds_much_less_is_left_out() -> None:
    weights = telling("dam Orrin Fell litres", Rarity())
    assert nearest(weights, ["A dam.", "Dam, Orrin, Fell, litres."], 5) == [1]
    assert nearest(weights, ["Nothing of it."], 5) == []


def test_a_list_without_stops_is_compared_in_pieces_that_cover_it() -> None:
    text = " ".join(f"word{at}" for at in range(1000))
    found = pieces(text, [Span(0, len(text))])
    assert all(place == 0 and len(words(span.of(text))) <= PIECE for place, span in found)
    assert {word for _, span in found for word in span.of(text).split()} == set(text.split())
    assert len(found) > 1000 / PIECE


@given(st.lists(st.integers(0, 90), min_size=1, max_size=30), st.data())
def test_a_window_holds_its_place_and_is_no_wider_than_it_must(sizes: list[int], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(sizes) - 1))
    first, after = window(sizes, at)
    assert 0 <= first <= at < after <= len(sizes)
    if sum(sizes) <= SHORT:
        assert (first, after) == (0, len(sizes))
    else:
        assert sum(sizes[first:after]) <= max(WIDE, sizes[at])


@given(st.text(max_size=3 * LONG))
def test_any_passage_is_cut_into_pieces_within_it(text: str) -> None:
    for _, span in pieces(text, [Span(0, len(text))]):
        assert 0 <= span.start <= span.end <= len(text)
