"""What every rule asks of the words around a cue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.attribution.drafts import STOPS, Draft
from archive.attribution.words import Word

if TYPE_CHECKING:
    from archive.attribution.tokens import Range, Tokens
    from archive.attribution.words import Lexicon


class Stretch:
    """A run of tokens in which cues stand: a sentence, or a quotation in one; `first` up to `last`."""

    def __init__(self, tokens: Tokens, lexicon: Lexicon, first: int, last: int) -> None:
        self.t = tokens
        self.kinds = tokens.kinds
        self.words = tokens.words
        self.verbs = lexicon.verbs
        self.lists = lexicon.lists
        self.lexicon = lexicon
        self.first = first
        self.last = last
        self.end = last
        while self.end > first and self.words[self.end - 1] in STOPS:
            self.end -= 1
        self.drafts: list[Draft] = []

    def _mark(self, at: int) -> bool:
        return self.first <= at < self.last and bool(self.kinds[at] & Word.PUNCTUATION)

    def _stops(self, at: int) -> bool:
        return at >= self.end or (self._mark(at) and not self.kinds[at] & Word.QUOTE)

    def _comma(self, at: int) -> int:
        """The next comma outside quotations, or right before the end of one; else the stretch's end."""
        quoted = False
        for k in range(at, self.end):
            kind = self.kinds[k]
            if kind & Word.QUOTE:
                quoted = not quoted
            elif kind & Word.COMMA and (not quoted or self.kinds[k + 1] & Word.QUOTE):
                return k
        return self.end

    def _opens_with(self, at: int) -> bool:
        """Whether a token stands in a clause or phrase that opens the sentence before its main clause."""
        opener = self.words[self.first]
        if not (
            self.kinds[self.first] & Word.SUBORDINATOR
            or opener.endswith(self.lexicon.gerund_endings)
            or opener in self.lists["asked"]
        ):
            return False
        return self._comma(self.first) > at

    def _titled(self) -> bool:
        """Whether most words are capitalised, as in a headline."""
        long = [k for k in range(self.first, self.last) if self.t.ends[k] - self.t.starts[k] > 3]
        return len(long) > 2 and sum(map(self.t.capital, long)) > 0.7 * len(long)

    def _somebody(self, source: Range) -> bool:
        """Whether a source is a person, a body or a document, as far as its words tell."""
        first, last = source
        if last - first == 1 and self.kinds[first] & (Word.PRONOUN | Word.RELATIVE):
            return not self.kinds[first] & Word.RELATIVE and self.words[first] not in self.lists["nobody"]
        if any(map(self.t.capital, range(max(first, self.first + 1), last))) or self.t.capital(last - 1):
            return True
        return any(self.kinds[k] & (Word.ANONYMOUS | Word.DOCUMENT) for k in range(first, last))
