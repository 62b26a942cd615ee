"""The words and marks of a text as parallel lists: where each stands and what it can be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.attribution.words import Lexicon, Word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archive.model import Passage

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
    """Parallel lists over the tokens of a text; `sentences` are ranges of tokens, `paragraphs` too."""

    text: str
    words: list[str]
    starts: list[int]
    ends: list[int]
    kinds: list[int]
    sentences: list[tuple[int, int]]

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
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    sentences: list[tuple[int, int]] = []
    find = _TOKEN.finditer
    for passage in passages:
        first = len(words)
        for match in find(lower, passage.span.start, passage.span.end):
            start, end = match.span()
            words.append(lower[start:end])
            starts.append(start)
            ends.append(end)
        sentences.append((first, len(words)))
    known = {word: _kind(word, lexicon) for word in set(words)}
    return Tokens(text, words, starts, ends, [known[word] for word in words], sentences)


def _kind(word: str, lexicon: Lexicon) -> int:
    kind = lexicon.words.get(word)
    if kind is not None:
        return kind
    if word.endswith(lexicon.adverb_endings):
        return Word.ADVERB
    return MARKS.get(word, 0)
