"""Canonical JSON: the examples of RFC 8785, and what any value must keep."""

from __future__ import annotations

import json
import struct
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.ledger.canonical import (
    MAX_DEPTH,
    MAX_INTEGER,
    MAX_LEAF,
    LeafTooLong,
    NotCanonical,
    Unwritable,
    canonical,
    leaf_bytes,
    parse,
)

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-MAX_INTEGER, MAX_INTEGER)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
)

# RFC 8785, appendix B: the bits of a double and how it is written.
NUMBERS = {
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "8000000000000001": "-5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "ffefffffffffffff": "-1.7976931348623157e+308",
    "4340000000000000": "9007199254740992",
    "c340000000000000": "-9007199254740992",
    "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "44b52d02c7e14af7": "1.0000000000000001e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000",
    "444b1ae4d6e2ef4f": "999999999999999900000",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332",
    "41b3de4355555554": "333333333.33333325",
    "41b3de4355555555": "333333333.3333333",
    "41b3de4355555556": "333333333.3333334",
    "41b3de4355555557": "333333333.33333343",
    "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}


def test_example_of_rfc_8785_section_3_2_2() -> None:
    value = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
        "literals": [None, True, False],
    }
    assert canonical(value).decode() == (
        '{"literals":[null,true,false],'
        '"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


def test_keys_are_ordered_by_utf16_units_as_in_rfc_8785_section_3_2_3() -> None:
    value = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    written = canonical(value).decode()
    order = [
        "Carriage Return",
        "One",
        "Control",
        "Latin Small Letter O With Diaeresis",
        "Euro Sign",
        "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
    ]
    places = [written.index(name) for name in order]
    assert all(left < right for left, right in pairwise(places))


@pytest.mark.parametrize(("bits", "written"), NUMBERS.items())
def test_numbers_of_rfc_8785_appendix_b(bits: str, written: str) -> None:
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    assert canonical(number).decode() == written


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_read_back_as_it_was(number: float) -> None:
    assert float(json.loads(canonical(number))) == number
    assert canonical(parse(canonical(number))) == canonical(number)


@given(VALUES)
def test_what_is_written_is_read_back(value: object) -> None:
    written = canonical(value)
    assert parse(written) == value == json.loads(written)
    assert canonical(json.loads(json.dumps(value, indent=1))) == written


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        MAX_INTEGER + 1,
        -MAX_INTEGER - 1,
        "\ud800",
        {"\udc00": 1},
        {1: "one"},
        b"bytes",
        {"a": {1, 2}},
        1j,
    ],
    ids=repr,
)
def test_what_cannot_be_written_is_refused(value: object) -> None:
    with pytest.raises(Unwritable):
        canonical(value)


def test_depth_is_bounded() -> None:
    value: list[object] = []
    for _ in range(MAX_DEPTH - 1):
        value = [value]
    assert canonical(value) == b"[" * MAX_DEPTH + b"]" * MAX_DEPTH
    with pytest.raises(Unwritable, match="deep"):
        canonical([value])
    value.append(value)
    with pytest.raises(Unwritable, match="deep"):
        canonical(value)


def test_a_leaf_has_at_most_64_kib() -> None:
    assert len(leaf_bytes("x" * (MAX_LEAF - 2))) == MAX_LEAF
    with pytest.raises(LeafTooLong, match="65,537"):
        leaf_bytes("x" * (MAX_LEAF - 1))


@pytest.mark.parametrize(
    "text",
    [
        b'{"a": 1}',
        b'{"b":1,"a":1}',
        b'{"a":1,"a":1}',
        b'"\\u0041"',
        b'"\\u000A"',
        b"1.0",
        b"-0",
        b"1E3",
        b"01",
        b"9007199254740993",
        b"1" * 5000,
        b'"\xff"',
        b"[" * 100_000,
        b"NaN",
        b"\xef\xbb\xbf1",
        b"1\n",
        b"",
    ],
    ids=lambda text: repr(text[:20]),
)
def test_other_forms_are_not_canonical(text: bytes) -> None:
    with pytest.raises(NotCanonical):
        parse(text)
