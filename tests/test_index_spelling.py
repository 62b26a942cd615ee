"""Words that are nearly alike, checked against comparing every word with every other."""

from __future__ import annotations

import pytest
from exhaustive import distance
from hypothesis import given
from hypothesis import strategies as st

from index.highlight import marks
from index.spelling import Vocabulary, alike, nearest
from index.tree import TEXT, Fuzzy
from index.words import places

# So few letters that a change of the first makes another known word.
LIKELY = st.text("abé1", min_size=1, max_size=5)


@given(LIKELY, st.sets(LIKELY, max_size=40), st.integers(1, 2))
def test_the_nearest_words_are_found(word: str, known: set[str], edits: int) -> None:
    expected = sorted((distance(word, each), each) for each in known if distance(word, each) <= edits)
    assert nearest(word, Vocabulary(known), edits, 1_000) == [each for _, each in expected]


@given(LIKELY, LIKELY, st.integers(1, 2))
def test_two_words_are_compared(one: str, other: str, edits: int) -> None:
    assert alike(one, other, edits) == (distance(one, other) <= edits)


@given(st.text("ab1 '.,é", max_size=60), st.text("ab", min_size=2, max_size=5), st.integers(1, 2))
def test_what_is_nearly_alike_is_marked_wherever_it_stands(text: str, word: str, edits: int) -> None:
    spans, found = places(text)
    expected = [span for span, each in zip(spans, found, strict=True) if distance(word, each) <= edits]
    assert [(mark.start, mark.end) for mark in marks(text, Fuzzy(TEXT, word, edits))] == expected


@pytest.mark.parametrize("changed", ["ctober", "aoctober", "xctober", "cotober", "octobe", "octoberr"])
def test_a_change_of_the_first_letter_is_a_change_like_any(changed: str) -> None:
    assert nearest("october", Vocabulary([changed, "tober"]), 1, 10) == [changed]
    assert [mark.start for mark in marks(f"in {changed} of", Fuzzy(TEXT, "october", 1))] == [3]
