"""Where the words of a query stand in a text, to the character."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from index.highlight import marks, snippets
from index.query import parse
from index.tree import Fuzzy, Prefix, Word, positive
from index.words import fold, places, stem, words

TEXT = (
    "Some 415 million people have renounced their membership in the Communist Party, "
    "the Greek City Times says.\nThe party\u2019s members renounce; \u201cthe party\u201d said. "
    "Café CAFE cafe\u0301. \uff34okyo 北京政府. Straße."
)


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("415 million", ["415", "million"]),
        ('"415 million people"', ["415 million people"]),
        ("number:415m", ["415 million"]),
        ("number:400m..500m", ["415 million"]),
        ("renouncing", ["renounced", "renounce"]),
        ('"renounced"', ["renounced"]),
        ("party", ["Party", "party\u2019s", "party"]),
        ('"the party"', ["the party"]),
        ("cafe", ["Café", "CAFE", "cafe\u0301"]),
        ("tokyo", ["\uff34okyo"]),
        ("strasse", ["Straße"]),
        ("北京", ["北京"]),
        ("renou*", ["renounced", "renounce"]),
        ("memberhsip~", ["membership"]),
        ('"membership renounced"~2', ["renounced", "membership"]),
        ('"membership renounced"~0', []),
        ("people NOT party", ["people"]),
        ("headline:people outlet:times", []),
        ("published:2022", []),
        ("", []),
    ],
)
def test_marks_are_exact(query: str, marked: list[str]) -> None:
    assert [TEXT[mark.start : mark.end] for mark in marks(TEXT, parse(query), "en")] == marked


def test_forms_depend_on_the_language() -> None:
    text = "nationale nationales"
    assert len(marks(text, parse("nationale"), "fr")) == 2
    assert len(marks(text, parse("nationale"), "")) == 1


_texts = st.text(alphabet="ab é\u0301\u2019'-.,1北\n", max_size=120)


@given(
    _texts,
    st.lists(
        st.sampled_from(["a", "b", "ab", "é", "1", "北", "bab*", '"a b"', '"b a"~2']), min_size=1, max_size=4
    ),
)
@settings(max_examples=300, deadline=None)
def test_marks_are_whole_words_in_order(text: str, parts: list[str]) -> None:
    found = marks(text, parse(" ".join(parts)), "en")
    for one, other in pairwise(found):
        assert one.end <= other.start
    for mark in found:
        assert words(text[mark.start : mark.end])
        assert mark.end == len(text) or fold(text[mark.start : mark.end])


@given(_texts, st.integers(10, 60), st.integers(1, 4))
@settings(max_examples=300, deadline=None)
def test_snippets_lie_in_the_text_and_cut_no_mark(text: str, width: int, most: int) -> None:
    found = marks(text, parse("a OR b OR ab"), "")
    shown = snippets(text, found, width, most)
    assert len(shown) <= most
    assert bool(shown) == bool(text)
    end = -1
    for snippet in shown:
        assert end < snippet.start <= snippet.end <= len(text)
        end = snippet.end
        for mark in found:
            inside = snippet.start <= mark.start and mark.end <= snippet.end
            outside = mark.end <= snippet.start or snippet.end <= mark.start
            assert inside or outside
            assert (mark in snippet.marks) == inside


def test_a_snippet_shows_the_rarest_words_together() -> None:
    text = "party " * 200 + "the membership of the party was renounced " + "party " * 200
    (snippet,) = snippets(text, marks(text, parse("party membership renounced"), "en"), 60, 1)
    shown = text[snippet.start : snippet.end]
    assert "membership" in shown
    assert "renounced" in shown
    assert len(shown) <= 80


def test_a_text_without_marks_shows_its_beginning() -> None:
    (snippet,) = snippets(TEXT, (), 30)
    assert TEXT[snippet.start : snippet.end] == "Some 415 million people have"
    assert snippets("", ()) == ()


WRITTEN = st.text(alphabet="abrRN'0129.,-_ \u2019\u00e9", max_size=60)


@given(WRITTEN, st.sampled_from(["ab", "ra OR 12", "run", "rab*", "'a", "abra~", "ab rr9"]))
def test_a_word_is_marked_wherever_it_is_a_word_of_the_text(text: str, query: str) -> None:
    tree = parse(query)
    leaves = list(positive(tree))
    spans, found = places(text)
    wanted = set()
    for span, word in zip(spans, found, strict=True):
        for leaf in leaves:
            match leaf:
                case Word(_, sought):
                    here = stem(word, "en") == stem(sought, "en")
                case Prefix(_, sought):
                    here = word.startswith(sought)
                case Fuzzy(_, sought, edits):
                    here = OSA.distance(word, sought) <= edits
                case _:
                    raise AssertionError(leaf)
            if here:
                wanted.add(span)
    assert {(mark.start, mark.end) for mark in marks(text, tree, "en")} == wanted
