"""More like this: the words that make a text what it is, as a tree."""

from __future__ import annotations

from collections import Counter
from math import log
from typing import TYPE_CHECKING

from index.engine.lists import forms
from index.tree import TEXT, Most, Node, Nothing, Word, stems
from index.words import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.engine.snapshot import Snapshot


WORDS = 25
"""How many words stand for a text."""

_LOOKED_UP = 300
_SHARED = 3

_FEW = 10
"""Versions in which a word may stand however small the index is."""


def like(text: str, documents: int, frequency: Callable[[str], int]) -> Node:
    """Versions that share some of the words by which this text differs most from the rest of the index.

    `frequency` tells in how many of the `documents` a word stands in any of its forms.
    """
    told = Counter(word for word in words(text) if len(word) > 2 and not word[0].isdigit())
    weighed = []
    for word, count in told.most_common(_LOOKED_UP):
        having = frequency(word)
        if 0 < having <= max(_FEW, documents // 4):
            weighed.append((count * log(documents / having + 1), word))
    best = [Word(TEXT, word) for _, word in sorted(weighed, reverse=True)[:WORDS]]
    return Most(tuple(best), min(_SHARED, len(best))) if best else Nothing()


def frequency_in(snapshot: Snapshot, word: str) -> int:
    """In how many versions a word stands in any of its forms."""
    lists = (
        segment.postings(stems(TEXT), term)
        for segment in snapshot.segments
        for term in forms(word, snapshot.languages)
    )
    return sum(found.df for found in lists if found)
