"""Where in a text a number or a date could begin.

The patterns for them are long, and trying them at every character takes longer than all else that is done to a
text. Here their first signs are found by searches for plain strings, and the patterns tried at those only.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_DIGITS = re.compile(r"\d+")
_MONEY = re.compile(r"[$£€¥₹]")
_FOLDED = "\u0130\u0131\u017f\u212a"
"""Letters that a pattern takes for an ASCII letter of another case, and `lower` does not."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SCALES = ("hundred", "thousand", "million", "billion", "trillion", "dozen", "lakh", "crore")
_WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    *("twelve", "thirteen", "fifteen", "twenty", "thirty", "forty", "fifty", "score", "half", "rs"),
)
"""How the words of numbers begin: what begins with a word of this list is not in it."""


def matches(pattern: re.Pattern[str], text: str, starts: Iterable[int] | None) -> Iterator[re.Match[str]]:
    """What `finditer` finds, where these are all places at which a match could begin; None is all there are."""
    if starts is None:
        yield from pattern.finditer(text)
        return
    end = 0
    for start in starts:
        if start >= end and (found := pattern.match(text, start)):
            yield found
            end = found.end()


def of_dates(text: str) -> list[int] | None:
    """Where a date, a clock time or a year could begin."""
    if any(map(text.__contains__, _FOLDED)):
        return None
    return sorted([*_digits(text), *_places(text.lower(), _MONTHS)])


def of_numbers(text: str) -> list[int] | None:
    """Where a number could begin, with the currency or the article before it."""
    if any(map(text.__contains__, _FOLDED)):
        return None
    lower = text.lower()
    found = {*_digits(text), *_places(lower, _WORDS)}
    for at in _places(lower, _SCALES):
        found.update((at, max(0, at - 2), max(0, at - 3)))  # "a million", "an hundred"
    for match in _MONEY.finditer(text):
        found.update(range(max(0, match.start() - 2), match.end()))  # "US$"
    return sorted(found)


def _digits(text: str) -> Iterator[int]:
    return (match.start() for match in _DIGITS.finditer(text))


def _places(text: str, words: Iterable[str]) -> Iterator[int]:
    for word in words:
        at = text.find(word)
        while at >= 0:
            yield at
            at = text.find(word, at + 1)
