"""Numbers: one normal form, so that `415m`, `415 million` and `415,000,000` are the same."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SCALES = {
    "k": 3,
    "thousand": 3,
    "m": 6,
    "mn": 6,
    "mln": 6,
    "million": 6,
    "millions": 6,
    "b": 9,
    "bn": 9,
    "billion": 9,
    "billions": 9,
    "t": 12,
    "tn": 12,
    "trn": 12,
    "trillion": 12,
    "trillions": 12,
}
"""Powers of ten by the words that stand for them; billions and trillions in the short scale."""

_WORDS = "|".join(sorted(SCALES, key=len, reverse=True))
_NUMBER = re.compile(
    rf"(?<![\w.,])[$€£¥+-]?(\d{{1,3}}(?:[,\u00a0\u202f]\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)(?:[\s\u00a0-]?({_WORDS}))?%?(?!\w)(?![.,]\d)",
    re.IGNORECASE,
)
_LARGEST = 30


def normal(number: Decimal) -> str:
    """A number in plain digits without needless zeros."""
    plain = format(number, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _value(digits: str, scale: str | None) -> str:
    plain = re.sub("[,\u00a0\u202f]", "", digits)
    return normal(Decimal(plain).scaleb(SCALES[scale.lower()] if scale else 0))


def read_number(text: str) -> str | None:
    """The normal form of a number as a person writes one (`415m`, `415 million`, `3.5%`, `$2bn`), else
    None.
    """
    match = _NUMBER.fullmatch(text.strip())
    if not match or len(match.group(1)) > _LARGEST:
        return None
    return _value(match.group(1), match.group(2))


def spans_of_numbers(text: str) -> Iterator[tuple[int, int, str]]:
    """Where numbers stand in a text in digits, and their normal forms."""
    for match in _NUMBER.finditer(text):
        if len(match.group(1)) <= _LARGEST:
            yield match.start(), match.end(), _value(match.group(1), match.group(2))


def numbers_in(text: str) -> tuple[str, ...]:
    """The numbers that stand in a text in digits, each once, in normal form."""
    return tuple(dict.fromkeys(number for _, _, number in spans_of_numbers(text)))


def as_decimal(text: str) -> Decimal | None:
    """The value of a normal form, else None."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
