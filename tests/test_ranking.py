"""Candidates come in the order of their closeness, and each shows what put it there."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archive.text.ranking import Candidate, cleaned, ranked, rarest
from archive.text.rarity import Rarity

PASSAGES = {
    "seed": "Around 415 million people have renounced their affiliation with the party.",
    "near": "Millions of members are leaving the party, a report says.",
    "far": "Three people were hurt when a bus overturned near the border.",
}


def order(query: str, days: dict[str, float] | None = None) -> list[str]:
    candidates = [Candidate(name, text, (days or {}).get(name)) for name, text in PASSAGES.items()]
    return [one.id for one in ranked(query, candidates, Rarity())]


def test_the_closest_passage_comes_first() -> None:
    assert order("400 million renounce party affiliation")[0] == "seed"
    assert order("bus overturns near border") [0] == "far"  # fmt: skip


def test_letters_find_what_no_word_shares() -> None:
    assert order("renunciation affiliates")[0] == "seed"


def test_a_near_date_breaks_a_tie() -> None:
    twins = [Candidate("old", "The same words", 300), Candidate("new", "The same words", 1)]
    assert [one.id for one in ranked("same words", twins, Rarity())] == ["new", "old"]


def test_a_pasted_post_is_cleaned() -> None:
    post = "See #LikeThis https://t.co/x pic.twitter.com/y — A. Name (@name) January 14, 2020"
    assert cleaned(post).split() == ["See", "#Like", "This", "—", "A.", "Name", "(@name)"]


def test_a_headline_that_the_query_states_counts() -> None:
    twins = [
        Candidate("other", "Same words", title="Another story"),
        Candidate("one", "Same words", title="Bus overturns"),
    ]
    assert [one.id for one in ranked("same words: bus overturns", twins, Rarity())] == ["one", "other"]


def test_the_rarest_words_are_asked_for() -> None:
    frequencies = {"party": 50, "renounced": 1}
    rarity = Rarity(100, lambda word: frequencies.get(word, 0))
    assert rarest("the party renounced", rarity, 2) == ["renounced", "party"]


@given(st.text(max_size=100), st.lists(st.text(max_size=100), max_size=5))
def test_any_candidates_are_ranked(query: str, texts: list[str]) -> None:
    found = ranked(query, [Candidate(str(at), text) for at, text in enumerate(texts)], Rarity())
    assert sorted(one.id for one in found) == sorted(map(str, range(len(texts))))
    assert all(0 <= one.words <= 1 and 0 <= one.letters <= 1 for one in found)
