"""More like this: the words that make a text what it is, as a tree."""

from __future__ import annotations

from collections import Counter
from math import log
from typing import TYPE_CHECKING

from index.engine.codec import stems
from index.engine.evaluate import forms
from index.tree import TEXT, Most, Node, Nothing, Word
from index.words import words

if TYPE_CHECKING:
    from index.engine.snapshot import Snapshot

WORDS = 25
"""How many words stand for a text."""

_LOOKED_UP = 300
_SHARED = 3


def like(text: str, snapshot: Snapshot) -> Node:
    """Versions that share some of the words by which this text differs most from the rest of the index."""
    told = Counter(word for word in words(text) if len(word) > 2 and not word[0].isdigit())
    weighed = []
    for word, count in told.most_common(_LOOKED_UP):
        frequency = _frequency(word, snapshot)
        if 0 < frequency <= max(2, snapshot.documents // 4):
            weighed.append((count * log(snapshot.documents / frequency + 1), word))
    best = [Word(TEXT, word) for _, word in sorted(weighed, reverse=True)[:WORDS]]
    return Most(tuple(best), min(_SHARED, len(best))) if best else Nothing()


def _frequency(word: str, snapshot: Snapshot) -> int:
    lists = (
        segment.postings(stems(TEXT), term)
        for segment in snapshot.segments
        for term in forms(word, snapshot.languages)
    )
    return sum(found.df for found in lists if found)
