"""How closely a passage states a claim is said in words, with a score that shows its parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model import ClosenessKind
from archive.text import similarity
from archive.text.agreement import Agreement
from archive.text.rarity import Rarity
from archive.text.similarity import THRESHOLD, closeness, quotations
from archive.text.words import fold, folded, stem, words

SEED = (
    "Because around 415 million people around the world have renounced their affiliation with the CCP, "
    "including its regiments, teams, and other affiliated organizations."
)


def test_a_reworded_claim_is_found_in_the_seed_sentence() -> None:
    close = closeness("415 million people have renounced their membership", SEED, Rarity())
    assert close.kind is ClosenessKind.REWORDED
    assert [pair.agreement for pair in close.numbers] == [Agreement.AGREE]
    assert "415 million people" in [span.of(SEED) for span in close.spans]


def test_a_changed_number_is_told_and_does_not_hide_the_claim() -> None:
    close = closeness("300 million people have renounced their membership", SEED, Rarity())
    assert close.kind is ClosenessKind.NUMBERS_DIFFER
    assert [pair.agreement for pair in close.numbers] == [Agreement.CONFLICT]


def test_a_rounded_number_is_no_difference() -> None:
    close = closeness("about 400 million people have renounced their membership", SEED, Rarity())
    assert close.kind is ClosenessKind.REWORDED


def test_the_same_words_are_verbatim_whatever_case_and_typography() -> None:
    passage = "The minister\u2019s plan, he said, “Would Not work”."
    close = closeness("the minister's plan, he said", passage, Rarity())
    assert close.kind is ClosenessKind.VERBATIM
    assert close.score == 1
    assert [span.of(passage) for span in close.spans] == ["The minister\u2019s plan, he said"]


def test_words_inside_quotation_marks_are_quoted() -> None:
    passage = "He told them to be “wary of external forces” at the summit."
    whole = closeness("wary of external forces", passage, Rarity())
    part = closeness("Leaders should be wary of external forces everywhere", passage, Rarity())
    assert whole.kind is part.kind is ClosenessKind.QUOTED
    assert [span.of(passage) for span in part.spans] == ["wary of external forces"]


@pytest.mark.parametrize(
    "passage",
    [
        "The CCP fears that it may meet the same fate as the Soviet Union due to mass defections.",
        "Three people were hurt when a bus overturned near the border.",
        "",
    ],
)
def test_another_claim_is_not_close(passage: str) -> None:
    close = closeness("415 million people have renounced their membership", passage, Rarity())
    assert close.kind is None
    assert close.score < THRESHOLD
    assert close.spans == ()


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("He said “we won\u2019t go” twice", ["we won\u2019t go"]),
        ('He said "we go" and "they stay"', ["we go", "they stay"]),
        (
            "opposed to \u2018colorful revolutions\u2019 and \u2018interference\u2019",
            ["colorful revolutions", "interference"],
        ),
        ("the party's members' rights", []),
    ],
)
def test_quotation_marks_are_told_from_apostrophes(text: str, inside: list[str]) -> None:
    assert [span.of(text) for span in quotations(text)] == inside


@given(
    st.lists(
        st.sampled_from(["we go", "don\u2019t", " ", "\n", *"'\"\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb"])
    ).map("".join)
)
def test_quotations_are_all_that_the_pattern_finds(text: str) -> None:
    found = [match.span(match.lastindex or 0) for match in similarity._QUOTED.finditer(text)]
    assert [(span.start, span.end) for span in quotations(text)] == found


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_two_texts_can_be_compared(query: str, passage: str) -> None:
    close = closeness(query, passage, Rarity())
    assert 0 <= close.score <= 1
    assert all(0 <= part <= 1 for part in close.parts.values())
    assert all(span.end <= len(passage) for span in close.spans)


@given(st.text(max_size=200))
def test_words_have_their_places(text: str) -> None:
    assert [fold(word.span.of(text)) for word in words(text)] == [word.folded for word in words(text)]
    assert folded(text) == [word.folded for word in words(text)]


@pytest.mark.parametrize(
    "family", [("renounced", "renounces", "renouncing", "renounce"), ("member", "members", "membership")]
)
def test_inflected_forms_meet(family: tuple[str, ...]) -> None:
    assert len({stem(word) for word in family}) == 1
