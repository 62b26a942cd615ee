"""The words and marks of a text as parallel lists: where each stands and what it can be."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from archive.attribution.words import Lexicon, Word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archive.model import Passage

Range = tuple[int, int]
"""Tokens from the first up to but not including the last."""

_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}"  # U.S., p.m.
    r"|(?:mr|mrs|ms|dr|sen|rep|gov|gen|lt|col|sgt|rev|jr|sr|prof|st|inc|corp|co|no|sens|reps|messrs)\."
    r"|\d+(?:,\d{3})+"
    r"|[^\W_]+(?:['.&@-][^\W_]+)*"
    r"|''|``|--|[^\w\s]|_"
)
_MARKS = {
    ",": Word.COMMA,
    '"': Word.QUOTE,
    "''": Word.QUOTE,
    "``": Word.QUOTE,
    "\u201c": Word.QUOTE,
    "\u201d": Word.QUOTE,
    "\u201e": Word.QUOTE,
    "\u00ab": Word.QUOTE,
    "\u00bb": Word.QUOTE,
}
_PUNCTUATION = Word.PUNCTUATION
MARKS = {mark: kind | _PUNCTUATION for mark, kind in _MARKS.items()}
for _mark in ".!?;:()[]{}\u2013\u2014\u2026'\u2018/|*-\u2022":
    MARKS[_mark] = _PUNCTUATION
MARKS["--"] = _PUNCTUATION


@dataclass(frozen=True, slots=True)
class Tokens:
    """Parallel lists over the tokens of a text; `sentences` are ranges of tokens, one for each passage."""

    text: str
    words: list[str]
    starts: list[int]
    ends: list[int]
    kinds: list[int]
    sentences: list[tuple[int, int]]
    lexicon: Lexicon

    def capital(self, at: int) -> bool:
        """Whether the token begins with a capital letter or a digit."""
        first = self.text[self.starts[at]]
        return first.isupper() or first.isdigit()


def tokens(text: str, passages: Sequence[Passage], lexicon: Lexicon) -> Tokens:
    """The tokens of the passages; curly apostrophes count as straight ones."""
    lower = text.lower()
    if len(lower) != len(text):  # a few capitals grow when lowered
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    lower = lower.replace("\u2019", "'")
    spans = [match.span() for match in _TOKEN.finditer(lower)]
    words = [lower[start:end] for start, end in spans]
    starts = [start for start, _ in spans]
    ends = [end for _, end in spans]
    sentences: list[tuple[int, int]] = []
    last = 0
    for passage in passages:
        first = bisect_left(starts, passage.span.start, last)
        last = bisect_left(starts, passage.span.end, first)
        sentences.append((first, last))
    return Tokens(text, words, starts, ends, [_kind(word, lexicon) for word in words], sentences, lexicon)


@lru_cache(maxsize=1 << 16)
def _kind(word: str, lexicon: Lexicon) -> int:
    kind = lexicon.words.get(word)
    if kind is not None:
        return kind
    if word.endswith(lexicon.adverb_endings):
        return Word.ADVERB
    return MARKS.get(word, 0)
