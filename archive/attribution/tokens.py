"""The words and marks of a text as parallel lists: where each stands and what it can be."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from archive.attribution.words import Lexicon, Word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archive.model import Passage

Range = tuple[int, int]
"""Tokens from the first up to but not including the last."""

# A word with what joins its parts; the stop of initials and titles, which is no mark; or a mark.
_TOKEN = re.compile(
    r"\w+(?:['.&@-]\w+|,(?<=\d,)\d{3}\b)*"
    r"(?:\.(?:(?<=\b\w\.\w\.)|(?<=\b(?:mr|ms|dr|st|lt|jr|sr|co)\.)"
    r"|(?<=\b(?:mrs|sen|rep|gov|gen|col|sgt|rev|inc)\.)|(?<=\b(?:prof|sens|reps|corp)\.)))?"
    r"|''|``|--|[^\w\s]"
)
_MOST = 1 << 17
"""The most words whose kind is remembered."""
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
_BEGIN = (".", "!", "?", ":", "\u201c", '"', "''")
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
    kinds = list(map(_kinds(lexicon).__getitem__, words))
    for at in _names(text, starts, words, lexicon):
        kinds[at] &= Word.TIME
    return Tokens(text, words, starts, ends, kinds, sentences, lexicon)


def _names(text: str, starts: list[int], words: list[str], lexicon: Lexicon) -> Iterator[int]:
    """Words that a capital inside a sentence makes names of: `in May`, `Will Smith`, `Carly`."""
    for match in lexicon.capitals.finditer(text):
        token = bisect_left(starts, match.start())
        if token + 1 < len(starts) and starts[token] == match.start():
            opens = not token or words[token - 1] in _BEGIN or text[match.start() - 1] == "\n"
            if not opens or text[starts[token + 1]].isupper():
                yield token


class _Kinds(dict[str, int]):
    """What words can be in one language, worked out once for each."""

    def __init__(self, lexicon: Lexicon) -> None:
        super().__init__()
        self._known = lexicon.words
        self._endings = lexicon.adverb_endings

    def __missing__(self, word: str) -> int:
        kind = self._known.get(word)
        if kind is None:
            kind = Word.ADVERB if word.endswith(self._endings) else MARKS.get(word, 0)
        if len(self) < _MOST:
            self[word] = kind
        return kind


@cache
def _kinds(lexicon: Lexicon) -> _Kinds:
    return _Kinds(lexicon)
