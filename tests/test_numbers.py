"""Numbers are found with what they say, and compared by what their wording leaves open."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.agreement import Agreement, bounds, compare, paired
from archive.text.numbers import Hedge, Number, NumberKind, numbers


def only(text: str) -> Number:
    found = numbers(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "value", "kind", "words"),
    [
        ("around 415 million people", "415000000", NumberKind.COUNT, "415 million"),
        ("it fell to 1,234.5 points", "1234.5", NumberKind.COUNT, "1,234.5"),
        ("four men were held", "4", NumberKind.COUNT, "four"),
        ("a hundred and five cases", "105", NumberKind.COUNT, "a hundred and five"),
        ("twenty-one cases", "21", NumberKind.COUNT, "twenty-one"),
        ("half a million homes", "500000", NumberKind.COUNT, "half a million"),
        ("Rs 4,15,000 crore", "4150000000000", NumberKind.MONEY, "Rs 4,15,000 crore"),
        ("a £3.5m scheme", "3500000", NumberKind.MONEY, "£3.5m"),
        ("US$10bn of debt", "10000000000", NumberKind.MONEY, "US$10bn"),
        ("up 30 per cent on the year", "30", NumberKind.PERCENT, "30 per cent"),
        ("a 23-year-old man", "23", NumberKind.AGE, "23-year-old"),
        ("the 21st century", "21", NumberKind.ORDINAL, "21st"),
        ("the 100m final", "100", NumberKind.MEASURE, "100m"),
        ("since 2022, they say", "2022", NumberKind.YEAR, "2022"),
        ("reported since July 1 this year", "701", NumberKind.DAY, "July 1"),
        ("on 3 May 2021 it was", "20210503", NumberKind.DAY, "3 May 2021"),
        ("at 2.30pm", "1430", NumberKind.TIME, "2.30pm"),
    ],
)
def test_a_number_is_read_with_scale_and_unit(text: str, value: str, kind: NumberKind, words: str) -> None:
    number = only(text)
    assert number.value == Decimal(value)
    assert number.kind is kind
    assert number.span.of(text) == words


@pytest.mark.parametrize(
    ("text", "hedge"),
    [
        ("around 415 million", Hedge.ABOUT),
        ("at least 29 dead", Hedge.AT_LEAST),
        ("nearly 30 people", Hedge.NEARLY),
        ("about a million", Hedge.ABOUT),
        ("up to 40 guests", Hedge.AT_MOST),
        ("dozens of people", Hedge.PLURAL),
        ("29 dead", None),
    ],
)
def test_the_words_around_a_number_loosen_it(text: str, hedge: Hedge | None) -> None:
    assert only(text).hedge is hedge


@pytest.mark.parametrize("text", ["no one came", "one of them", "Covid-19", "an F-16", "the G20", "9/11"])
def test_what_counts_nothing_is_no_number(text: str) -> None:
    assert numbers(text) == []


@pytest.mark.parametrize(
    ("one", "other", "in_order", "agreement"),
    [
        ("415 million people", "415,000,000 people", False, Agreement.AGREE),
        ("four men", "4 men", False, Agreement.AGREE),
        ("415 million people", "about 400 million people", False, Agreement.ROUNDED),
        ("415,233 people", "415,000 people", False, Agreement.ROUNDED),
        ("29 dead", "30 dead", False, Agreement.CONFLICT),
        ("29 dead", "nearly 30 dead", False, Agreement.ROUNDED),
        ("29 dead", "dozens dead", False, Agreement.ROUNDED),
        ("29 dead", "32 dead", False, Agreement.CONFLICT),
        ("29 dead", "32 dead", True, Agreement.UPDATED),
        ("a 23-year-old", "a 24-year-old", True, Agreement.CONFLICT),
        ("in 1985", "in 1986", True, Agreement.CONFLICT),
        ("3%", "3 people", False, None),
        ("£5m", "$5m", False, None),
    ],
)
def test_two_numbers_compare_by_the_rule(
    one: str, other: str, in_order: bool, agreement: Agreement | None
) -> None:
    assert compare(only(one), only(other), in_order=in_order) is agreement


def test_numbers_are_set_side_by_side_by_what_they_count() -> None:
    earlier = numbers("29 people died and 3 houses burnt in 2021")
    later = numbers("In 2021 3 houses burnt down and 32 people died")
    pairs = {(int(p.earlier.value), int(p.later.value), p.agreement) for p in paired(earlier, later)}
    assert pairs == {
        (29, 32, Agreement.CONFLICT),
        (3, 3, Agreement.AGREE),
        (2021, 2021, Agreement.AGREE),
    }


@given(st.integers(0, 10**9), st.sampled_from(["{}", "{:,}"]))
def test_digits_are_read_back(value: int, shape: str) -> None:
    number = only(f"There were {shape.format(value)} sheep")
    if number.kind is NumberKind.COUNT:
        assert number.value == value
    else:
        assert number.kind is NumberKind.YEAR


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    ends = [0]
    for number in numbers(text):
        assert number.span.start >= ends[-1]
        assert number.span.end <= len(text)
        ends.append(number.span.end)
        low, high = bounds(number)
        assert low <= high


@given(st.text(alphabet="0123456789,. %mbnkabout£dozenshundred-", max_size=60))
def test_a_number_agrees_with_itself(text: str) -> None:
    for number in numbers(text):
        assert compare(number, number) in (Agreement.AGREE, Agreement.ROUNDED)


@pytest.mark.parametrize(
    ("stated", "other", "agreement"),
    [
        ("more than 400 million people", "415 million people", Agreement.ROUNDED),
        ("more than 400m people", "415 million people", Agreement.ROUNDED),
        ("more than 400,000 people", "415,000 people", Agreement.ROUNDED),
        ("over 410 million people", "425 million people", Agreement.CONFLICT),
        ("as many as 300 million people", "415 million people", Agreement.CONFLICT),
    ],
)
def test_a_bound_with_a_scale_speaks_in_its_last_digit(stated: str, other: str, agreement: Agreement) -> None:
    assert compare(numbers(stated)[0], numbers(other)[0]) is agreement
