"""Nothing is missed by looking for numbers only where they could begin."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from archive.text import beginnings, numerals
from archive.text.beginnings import matches
from archive.text.numbers import _calendar, _counting

PIECES = [
    *(*numerals.UNITS, *numerals.TENS, *numerals.SCALES, *numerals.PLURALS, *numerals.CURRENCIES),
    *(
        *numerals.MONTHS,
        "March",
        "half",
        "a",
        "an",
        "no",
        "of",
        "and",
        "per cent",
        "%",
        "st",
        "pm",
        "years old",
    ),
    *("1", "12", "2007", "3.5", "1,000", "10:30", "2007-03-01", "Rs.", "rs", "US$", "A$", "$", "€"),
    *("market", "often", "years", "\u017fix", "\u0130", "\u212am", "x", "_", "-", ",", ".", "/", "\n"),
]
WRITTEN = st.lists(
    st.tuples(
        st.sampled_from(PIECES), st.sampled_from([str.lower, str.upper, str.title]), st.sampled_from(" -")
    ),
    max_size=12,
).map(lambda parts: "".join(change(piece) + space for piece, change, space in parts).replace("- ", ""))


@given(st.one_of(WRITTEN, WRITTEN.map(lambda text: text.replace(" ", ""))))
@settings(max_examples=1_500, deadline=None)
def test_what_begins_where_it_can_is_all_there_is(text: str) -> None:
    for pattern, starts in (
        (_counting(), beginnings.of_numbers(text)),
        (_calendar(), beginnings.of_dates(text)),
    ):
        expected = [match.span() for match in pattern.finditer(text)]
        assert [match.span() for match in matches(pattern, text, starts)] == expected
