"""Bare numbers: a claim that is nothing but a number, found however it is written."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archive.model import ClosenessKind
from archive.text.agreement import Agreement, NumberPair, compare
from archive.text.numbers import NumberKind, numbers
from archive.text.similarity import Closeness
from archive.text.words import FUNCTION_WORDS

if TYPE_CHECKING:
    from archive.text.numbers import Number
    from archive.text.similarity import Sentence

SCORES = {Agreement.AGREE: 0.8, Agreement.ROUNDED: 0.6}
"""How close a passage comes that has the number in other digits or words, or one that rounds it."""


def is_bare(asked: Sentence) -> bool:
    """Whether the words of a claim are a number and nothing else that tells."""
    told = [
        counted
        for word, counted in zip(asked.words, asked.counted, strict=True)
        if word.folded not in FUNCTION_WORDS
    ]
    return bool(told) and all(told)


def by_number(asked: Sentence, text: str) -> Closeness | None:
    """How close a text comes to a bare number; None where it has no number that agrees with it."""
    pairs = [
        NumberPair(one, other, agreement)
        for one in asked.numbers
        for other in numbers(text)
        if (agreement := compare(one, _alike(other, one))) in SCORES and agreement
    ]
    if not pairs:
        return None
    score = max(SCORES[pair.agreement] for pair in pairs)
    spans = tuple(dict.fromkeys(pair.later.span for pair in pairs))
    return Closeness(ClosenessKind.REWORDED, score, {"numbers": 1.0}, spans, tuple(pairs))


def _alike(found: Number, asked: Number) -> Number:
    """The number that is found as if it counted what is asked for, where that is left open."""
    return replace(found, kind=asked.kind, unit=asked.unit) if asked.kind is NumberKind.COUNT else found
