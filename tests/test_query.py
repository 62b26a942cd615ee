"""The language of queries: what is understood, what is passed over, and what is told where it is wrong."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import Bounds
from index.dates import between
from index.numbers import numbers_in, read_number
from index.query import FIELDS, BadQuery, parse
from index.tree import (
    All,
    Between,
    Either,
    Every,
    Exactly,
    Fuzzy,
    Most,
    Near,
    Number,
    Phrase,
    Prefix,
    Without,
    Word,
)


def word(text: str) -> Word:
    return Word("text", text)


JULY, FEBRUARY = datetime(2022, 7, 1, tzinfo=UTC), datetime(2023, 2, 1, tzinfo=UTC)


def problem(query: str) -> BadQuery | None:
    try:
        parse(query)
    except BadQuery as error:
        return error
    return None


UNDERSTOOD = {
    "": All(),
    "  ": All(),
    "Renounced": word("renounced"),
    "renounced membership": Every((word("renounced"), word("membership"))),
    "renounced AND membership": Every((word("renounced"), word("membership"))),
    '"renounced their"': Phrase("text", ("renounced", "their")),
    "“renounced their”": Phrase("text", ("renounced", "their")),
    "«renounced their»": Phrase("text", ("renounced", "their")),
    '"renounced party"~5': Near("text", ("renounced", "party"), 5),
    "renounc*": Prefix("text", "renounc", 7),
    "jinping~": Fuzzy("text", "jinping", 1),
    "jinping~2": Fuzzy("text", "jinping", 2),
    "a OR b c": Either((word("a"), Every((word("b"), word("c"))))),
    "(a OR b) c": Every((Either((word("a"), word("b"))), word("c"))),
    "a NOT b": Every((word("a"), Without(word("b")))),
    "a AND NOT b": Every((word("a"), Without(word("b")))),
    "a -b": Every((word("a"), Without(word("b")))),
    "NOT NOT a": word("a"),
    'a -"b c"': Every((word("a"), Without(Phrase("text", ("b", "c"))))),
    "headline:party": Word("headline", "party"),
    "TITLE:party": Word("headline", "party"),
    'outlet:"Greek City Times"': Phrase("outlet", ("greek", "city", "times")),
    "outlet:times*": Prefix("outlet", "times", 12),
    "published:2022-07..2023-01": Between("published", JULY, FEBRUARY),
    "published:2022-07..": Between("published", JULY, None),
    "published:..2023-01": Between("published", None, FEBRUARY),
    "number:415m": Number("415000000", "415000000", 7),
    'number:"415 million"': Number("415000000", "415000000", 7),
    "number:400m..500m": Number("400000000", "500000000", 7),
    "language:en": Exactly("language", "en"),
    "lang:DE": Exactly("language", "de"),
    "id:2026-0007.12@2": Exactly("id", "2026-0007.12@2"),
    "digest:sha256:4b77468e*": Prefix("digest", "4b77468e", 7),
    "415,000,000": word("415000000"),
    "don\u2019t": word("don't"),
    "covid-19": Phrase("text", ("covid", "19")),
    "北京政府": Phrase("text", ("北", "京", "政", "府")),
    # what people type by habit, and what a page leaves in a pasted sentence
    "said: yes": Every((word("said"), word("yes"))),
    "a (b": Every((word("a"), word("b"))),
    "a) b": Every((word("a"), word("b"))),
    "a () b": Every((word("a"), word("b"))),
    '5" of rain': Every((word("5"), word("of"), word("rain"))),
    "[sic] {x}": Every((word("sic"), word("x"))),
    "* a": word("a"),
    "[a TO z]": Every((word("a"), word("to"), word("z"))),
    "wait -- what": Every((word("wait"), word("what"))),
    "and or not": Every((word("and"), word("or"), word("not"))),
    "http://a.example/b": Every((word("http"), Phrase("text", ("a", "example", "b")))),
    "headline: party": Every((word("headline"), word("party"))),
}

WRONG = {
    "a AND": (2, "nothing after"),
    "OR b": (0, "nothing before"),
    "a OR OR b": (2, "nothing after"),
    "NOT": (0, "no words"),
    "a NOT": (2, "nothing after"),
    "...": (0, "no word"),
    "re*": (2, "at least 3 letters"),
    "*e* *a* *o*": (2, "at least 3 letters"),
    "a *bcd": (2, "cannot begin"),
    "cat~": (3, "at least 4 letters"),
    "kitten~3": (6, "1 or 2"),
    '"a b"~500': (5, "at most 100"),
    "published:yesterday": (10, "not a date"),
    "published:2022-13": (10, "not a date"),
    "published:2023..2022": (10, "before its beginning"),
    "number:lots": (7, "not a number"),
    "number:5..2": (7, "before its beginning"),
    "headline:...": (9, "no word"),
}


@pytest.mark.parametrize("query", UNDERSTOOD, ids=list(UNDERSTOOD))
def test_it_is_understood(query: str) -> None:
    assert parse(query) == UNDERSTOOD[query]


@pytest.mark.parametrize("query", WRONG, ids=list(WRONG))
def test_it_is_told_where_it_is_wrong(query: str) -> None:
    position, reason = WRONG[query]
    with pytest.raises(BadQuery, match=reason) as caught:
        parse(query)
    assert caught.value.position == position
    first, shown, caret = str(caught.value).split("\n")
    assert reason in first
    assert shown[caret.index("^")] == query[position]


def test_the_caret_stays_on_the_screen() -> None:
    with pytest.raises(BadQuery) as caught:
        parse("word " * 100 + "published:never")
    _, shown, caret = str(caught.value).split("\n")
    assert len(shown) < 80
    assert shown[caret.index("^") :].startswith("never")


SENTENCE = (
    "The Greek City Times said: \"some 415 million people (or more) have 'renounced' their membership "
    '[sic]" - a record; see published reports: 50% did & more/less...'
)


def test_a_pasted_sentence_searches() -> None:
    assert parse(SENTENCE) != All()
    plain = (
        "Some 415 million Chinese people have renounced their membership in the party and its youth groups"
    )
    tree = parse(plain)
    assert isinstance(tree, Most)
    assert (len(tree.parts), tree.least) == (16, 12)


def test_eight_words_are_all_wanted() -> None:
    assert parse("a b c d e f g h") == Every(tuple(map(word, "abcdefgh")))


@given(st.text(max_size=200))
@settings(max_examples=500, deadline=None)
def test_whatever_is_typed_is_understood_or_told(query: str) -> None:
    error = problem(query)
    assert error is None or (0 <= error.position <= len(query) and "^" in str(error))


_pieces = st.one_of(
    st.sampled_from(
        [
            "word",
            "Two",
            "AND",
            "OR",
            "NOT",
            "(",
            ")",
            ":",
            "headline:",
            "published:",
            "2022",
            "number:",
            "-",
            "*",
            "~",
            "~2",
            "renounc*",
            "415m",
            "..",
            "[",
        ]
    ),
    st.sampled_from(['"', "\u201c", "'", "北京", "\ud800", "é", " ", "\n", "@", "/"]),
)


@given(st.lists(_pieces, max_size=40), st.booleans())
@settings(max_examples=500, deadline=None)
def test_pieces_of_the_language_in_any_order(pieces: list[str], spaced: bool) -> None:
    query = (" " if spaced else "").join(pieces)
    error = problem(query)
    assert error is None or 0 <= error.position <= len(query)


_prose = st.lists(
    st.sampled_from(
        [
            *["The", "minister", "said", "and", "not", ":", "(", ")", "[", "]", "-", ",", "."],
            '"',
            "\u201c",
            "\u201d",
            "\u2019",
            "\u2014",
        ]
    ),
    min_size=1,
    max_size=40,
).map(" ".join)


@given(_prose)
@settings(max_examples=300, deadline=None)
def test_prose_never_fails_but_for_having_no_words(prose: str) -> None:
    assert problem(prose) is None or not any(char.isalpha() for char in prose)


def test_the_query_is_bounded() -> None:
    with pytest.raises(BadQuery, match="longer than"):
        parse("a" * 5_000)
    with pytest.raises(BadQuery, match="more than 200 conditions"):
        parse("a " * 500)
    with pytest.raises(BadQuery, match="20 deep"):
        parse("(" * 1_000 + "a" + ")" * 1_000)
    with pytest.raises(BadQuery, match="20 deep"):
        parse("(a OR " * 30 + "b" + ")" * 30)
    with pytest.raises(BadQuery, match="at most 3 words"):
        parse('"a b c d"', Bounds(clauses=3))
    assert parse("NOT " * 900 + "a") == word("a")


def test_every_field_is_in_the_documentation() -> None:
    import index.query as language

    for field in FIELDS - set(language.ALIASES):
        assert language.__doc__ is not None
        assert field in language.__doc__ or field == "item"


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("2022", "2022-01-01", "2023-01-01"),
        ("2022-12", "2022-12-01", "2023-01-01"),
        ("2022-02-28", "2022-02-28", "2022-03-01"),
        ("2020-02..2020-02-29", "2020-02-01", "2020-03-01"),
        ("2022-07-01T14:30", "2022-07-01T14:30", "2022-07-01T14:31"),
        ("2022-07-01T14:30:05Z", "2022-07-01T14:30:05", "2022-07-01T14:30:06"),
    ],
)
def test_dates_are_stretches(text: str, since: str, until: str) -> None:
    expected = tuple(datetime.fromisoformat(end).replace(tzinfo=UTC) for end in (since, until))
    assert between(text) == expected


def test_the_last_year_of_all_is_a_year() -> None:
    since, until = between("9999")
    assert since is not None
    assert until is not None
    assert since < until


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("415m", "415000000"),
        ("415 million", "415000000"),
        ("415-million", "415000000"),
        ("415,000,000", "415000000"),
        ("$2.5bn", "2500000000"),
        ("3.50%", "3.5"),
        ("007", "7"),
        ("1 k", "1000"),
        ("0", "0"),
        ("many", None),
        ("1.2.3", None),
        ("5 metres", None),
    ],
)
def test_numbers_have_one_form(text: str, number: str | None) -> None:
    assert read_number(text) == number


def test_numbers_are_read_out_of_a_text() -> None:
    text = "In 2021, 415 million (415,000,000) of 1.4bn; call 555-1234 or 10.0.0.1. £3m-worth, 7 mice."
    assert numbers_in(text) == ("2021", "415000000", "1400000000", "555", "1234", "3000000", "7")
