"""What two texts share is told by their words: hashes that are alike are no proof that the words are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archive.lineage.links import LinkLabel
from archive.lineage.shared import Copy, shared_by
from archive.text.fingerprints import Cut
from archive.text.words import word_places


def story(*, changed: tuple[int, ...] = ()) -> str:
    return " ".join(f"other{at}" if at in changed else f"word{at}" for at in range(100))


def forged(version: int, text: str, like: str) -> Copy:
    """A copy whose words have the hashes of another text's, as someone could have made them."""
    return Copy(version, text, (Cut.of(like), word_places(text)))


def test_a_word_with_the_hash_of_another_is_not_the_same_word() -> None:
    text = story(changed=(50,))
    found = shared_by(Copy(2, story()), forged(1, text, story()))
    assert found
    assert (found.label, found.covered, found.covered_there) == (LinkLabel.SAME_TEXT, 99, 99)
    assert [story()[start:end].split()[0] for start, end, *_ in found.spans] == ["word0", "word51"]
    assert all(story()[a:b] == text[c:d] for a, b, c, d in found.spans)


def test_texts_of_other_words_with_the_same_hashes_share_nothing() -> None:
    text = story(changed=tuple(range(100)))
    assert shared_by(Copy(2, story()), forged(1, text, story())) is None


@given(st.sets(st.integers(0, 99)))
def test_it_is_what_is_shared_without_the_forgery(changed: set[int]) -> None:
    text = story(changed=tuple(changed))
    assert shared_by(Copy(2, story()), forged(1, text, story())) == shared_by(Copy(2, story()), Copy(1, text))


def test_case_accents_and_ends_of_lines_make_no_other_words() -> None:
    one = "\u201cCaf\u00e9 owners\u201d of the old town don't want to pay for it again, they said"
    other = "CAFE OWNERS of the\nold town DON\u2019T want to pay, for it: again. They said"
    found = shared_by(Copy(2, one), Copy(1, other))
    assert found
    assert (found.label, found.covered) == (LinkLabel.SAME_TEXT, 15)
