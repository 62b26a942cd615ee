"""Many texts cut at once on arrays are cut as each is by itself."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archive.text.cuts import cut_all
from archive.text.fingerprints import LANE, Cut, laid_out

WORD = st.sampled_from(["a", "b", "c", "the", "Café", "don't", "1,000.5", "--", "世界", "(end)", "'"])
TEXT = st.lists(WORD, max_size=60).map(" ".join)
TEXTS = st.lists(TEXT | st.text(max_size=40), max_size=12)


@given(TEXTS)
def test_texts_cut_together_are_cut_as_alone(texts: list[str]) -> None:
    together = [cut for cut, _ in cut_all(texts)]
    assert together == [Cut.of(text) for text in texts]
    assert [cut.places for cut in together] == [Cut.of(text).places for text in texts]


@given(TEXTS)
def test_chunks_are_those_of_each_text(texts: list[str]) -> None:
    assert [chunks for _, chunks in cut_all(texts)] == [laid_out(text)[1] for text in texts]


def test_a_chunk_of_many_words_is_counted() -> None:
    text = f"one {'世' * 40} {'a' * 300}"
    ((_, (letters, lanes)),) = cut_all([text])
    assert list(letters) == [3, 40, 300]
    assert [size // LANE for size in lanes] == [1, 40, 1]


def test_more_texts_than_are_worked_on_together_come_in_order() -> None:
    texts = [" ".join(f"{number} {each}" for each in range(3_000)) for number in range(7)]
    assert [cut for cut, _ in cut_all(texts)] == [Cut.of(text) for text in texts]
