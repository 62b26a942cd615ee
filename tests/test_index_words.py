"""Words: one way for texts and queries, and the quick ways give what the thorough one gives."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.words import LONGEST, Folding, every_word, fold, form, places, split, stem, stemmed_as, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Don\u2019t stop", ["don't", "stop"]),
        ("CAFÉ cafe\u0301 Café", ["cafe", "cafe", "cafe"]),
        ("\uff34\uff4f\uff4b\uff59\uff4f \ufb01ne", ["tokyo", "fine"]),
        ("Straße STRASSE", ["strasse", "strasse"]),
        ("Łódź Ørsted Æsop", ["lodz", "orsted", "aesop"]),
        ("Ελλάς ΕΛΛΑΣ", ["ελλασ", "ελλασ"]),
        ("мой ёлка", ["мой", "елка"]),
        ("415,000,000 1,234.5 3.5 1,2 2022", ["415000000", "1234.5", "3.5", "1,2", "2022"]),
        ("COVID-19 snake_case", ["covid", "19", "snake", "case"]),
        ("北京 ความ", ["北", "京", "ค", "ว", "า", "ม"]),
        ("हिन्दी शब्द", ["हिन्दी", "शब्द"]),
        ("x" * 200, ["x" * LONGEST]),
        ("... -- !", []),
    ],
)
def test_a_text_falls_into_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
@settings(max_examples=1_000, deadline=None)
def test_the_quick_ways_are_the_thorough_one(text: str) -> None:
    assert [fold(word) for word in split(text)] == [fold(word) for word in every_word().findall(text)]


@given(st.text(alphabet="abZ09 '\u2019.,_-é\u2014ß", max_size=60))
@settings(max_examples=1_000, deadline=None)
def test_the_quick_ways_are_the_thorough_one_on_likely_text(text: str) -> None:
    assert [fold(word) for word in split(text)] == [fold(word) for word in every_word().findall(text)]


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_places_are_those_of_the_words(text: str) -> None:
    spans, found = places(text, Folding())
    assert found == words(text)
    for (start, end), word in zip(spans, found, strict=True):
        assert fold(text[start:end]) == word


@given(st.text(max_size=20))
@settings(max_examples=500, deadline=None)
def test_folding_is_done_once(text: str) -> None:
    for word in words(text):
        assert fold(word.upper()) == fold(fold(word).upper())


def test_stems_belong_to_a_language() -> None:
    assert stem("parties", "en") == stem("party", "en")
    assert stem("parties", "") == "parties"
    assert form("nationales", "fr") == form("national", "fr") != form("national", "en")
    assert (stemmed_as("en-GB"), stemmed_as("DE"), stemmed_as("zh"), stemmed_as("")) == ("en", "de", "", "")
    for language in (
        "da",
        "de",
        "en",
        "es",
        "fi",
        "fr",
        "hu",
        "it",
        "nb",
        "nl",
        "nn",
        "no",
        "pt",
        "ro",
        "ru",
        "sv",
    ):
        assert stem("x", language)


@given(
    st.text(alphabet="aeiouysxtngdéüßñłяыий'", min_size=1, max_size=12),
    st.sampled_from(["", "da", "de", "en", "es", "fi", "fr", "hu", "it", "nl", "no", "pt", "ro", "ru", "sv"]),
)
@settings(max_examples=1_500, deadline=None)
def test_no_stem_has_another_beginning(text: str, language: str) -> None:
    for word in words(text):
        assert stem(word, language)[:1] == word[:1]
