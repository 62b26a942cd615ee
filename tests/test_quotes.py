"""Quotes are found whole, in part and damaged, with the place where they stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.quotes import candidates, find, found_in, quote_grams

TEXT = "He said on Monday: “We will never, under any circumstances, give up the island.” Then he left."


@pytest.mark.parametrize(
    "quote",
    [
        "We will never, under any circumstances, give up the island",
        "we will never under any circumstance give up the island",
        "we will never under any pressure give up the island",
        "under any circumstances",
    ],
)
def test_a_quote_is_found_whole_and_damaged(quote: str) -> None:
    found = found_in(quote, "p", TEXT)
    assert found is not None
    assert found.share > 0.8
    assert "under any circumstances" in found.span.of(TEXT)


@pytest.mark.parametrize("quote", ["We must all leave the house at dawn tomorrow", "", "…"])
def test_other_words_are_not_found(quote: str) -> None:
    assert found_in(quote, "p", TEXT) is None


def test_half_of_the_grams_make_a_candidate() -> None:
    quote = "one two three four five six"
    holders = {gram: ["all"] for gram in quote_grams(quote)}
    for gram in quote_grams(quote)[:2]:
        holders[gram] = ["all", "half"]
    holders[quote_grams(quote)[0]].append("little")
    assert candidates(quote, holders) == ["all", "half"]


def test_passages_come_best_first() -> None:
    texts = {"whole": TEXT, "changed": TEXT.replace("island", "county"), "other": "Nothing of the kind."}
    quote = "We will never, under any circumstances, give up the island"
    holders: dict[int, list[str]] = {}
    for passage, text in texts.items():
        for gram in quote_grams(text):
            holders.setdefault(gram, []).append(passage)
    assert [one.passage for one in find(quote, holders, texts)] == ["whole", "changed"]


@given(st.text(max_size=80), st.text(max_size=200))
def test_a_place_lies_in_the_text(quote: str, text: str) -> None:
    found = found_in(quote, "p", text)
    if found:
        assert 0 <= found.share <= 1
        assert found.span.of(text)


@given(st.text(min_size=1, max_size=80))
def test_a_text_finds_itself(text: str) -> None:
    if quote_grams(text):
        found = found_in(text, "p", text)
        assert found is not None
        assert found.share == 1
