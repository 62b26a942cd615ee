"""Many texts cut at once on arrays are cut as each is by itself."""

from __future__ import annotations

from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from archive.text import cuts, laying
from archive.text.canonical import canonical
from archive.text.cuts import cut_all
from archive.text.fingerprints import Cut
from archive.text.words import word_places

PLAIN = ["a", "b", "c", "the", "--", "(end)", "'", "x_y", "w" * 70]
OTHERWISE = [
    "Café",
    "don't",
    "1,000.5",
    "世界",
    "U.S.",
    "3'000",
    "“so”",
    "\u0661\u0662\u066b\u0665",
    "e\u0301",
    "a.b'c,1.2",
]
WORD = st.sampled_from(PLAIN + OTHERWISE)
TEXT = st.lists(WORD, max_size=60).map(" ".join)
TEXTS = st.lists(TEXT | st.text(max_size=40), max_size=12)


@given(TEXTS)
def test_texts_cut_together_are_cut_as_alone(texts: list[str]) -> None:
    together = [cut for cut, _ in cut_all(texts)]
    assert together == [Cut.of(text) for text in texts]
    assert [cut.places for cut in together] == [Cut.of(text).places for text in texts]


@given(TEXTS)
def test_words_stand_where_each_text_alone_has_them(texts: list[str]) -> None:
    plain = [canonical(text.splitlines()).text for text in texts]
    assert [places for _, places in cut_all(plain)] == [word_places(text) for text in plain]


def test_a_chunk_of_many_words_is_counted() -> None:
    text = f"one {'世' * 40} {'a' * 300}"
    ((cut, (starts, ends)),) = cut_all([text])
    assert len(cut.words) == 42
    assert [*starts][-2:] == [43, 45]
    assert [*ends][-2:] == [44, 345]


def test_what_is_too_much_to_keep_is_forgotten_and_learned_again() -> None:
    texts = [" ".join(f"word'{number}x{each}" for each in range(40)) for number in range(8)]
    with patch.object(laying, "_REMEMBERED", 50), patch.object(cuts, "_BLOCK", 40):
        assert [cut for cut, _ in cut_all([*texts, *texts])] == [Cut.of(text) for text in [*texts, *texts]]


def test_more_texts_than_are_worked_on_together_come_in_order() -> None:
    texts = [" ".join(f"{number} {each}" for each in range(3_000)) for number in range(7)]
    assert [cut for cut, _ in cut_all(texts)] == [Cut.of(text) for text in texts]
