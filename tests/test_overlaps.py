"""What texts have in common is the same found on arrays for many at once and found plainly for two."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from archive.text.fingerprints import Cut
from archive.text.overlaps import overlaps
from archive.text.tiling import Overlap, Sheet

# Few different words, and stretches that come again: much in common, repeated, and in another order.
STRETCH = st.sampled_from([" ".join(f"{part}{at}" for at in range(9)) for part in "abcd"])
TEXT = st.lists(STRETCH | st.sampled_from(["a", "b", "c3", "c4"]), max_size=12).map(" ".join)


def plainly(one: Cut, other: Cut, left_out: frozenset[int]) -> tuple[int, list[range], list[range]]:
    return told(Sheet(one).overlap(other, left_out))


def told(found: Overlap) -> tuple[int, list[range], list[range]]:
    return found.marks, list(found.tiles), list(found.tiles_there)


@given(TEXT, st.lists(TEXT, max_size=5), st.data())
def test_many_at_once_are_told_as_two_are(text: str, texts: list[str], data: st.DataObject) -> None:
    one, others = Cut.of(text), [Cut.of(other) for other in texts]
    grams = st.frozensets(st.sampled_from([*one.grams, 0]), max_size=5)
    left_out = [data.draw(grams) for _ in others]
    found = list(map(told, overlaps(one, others, left_out)))
    assert found == [plainly(one, *each) for each in zip(others, left_out, strict=True)]


def test_long_texts_are_told_as_short_ones_are() -> None:
    chance = random.Random(5)
    words = [f"w{number}" for number in range(9_000)]
    texts = [" ".join(words[chance.randrange(4_000) :] + words[:2_000]) for _ in range(90)]
    one, *others = map(Cut.of, texts)
    found = list(map(told, overlaps(one, others, [frozenset(one.grams[50:60])] * len(others))))
    assert found == [plainly(one, other, frozenset(one.grams[50:60])) for other in others]
    assert all(marks for marks, _, _ in found)
