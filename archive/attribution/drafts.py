"""Attributions in the making, and the word classes that several rules go by."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archive.attribution.words import Word

if TYPE_CHECKING:
    from archive.attribution.tokens import Range

CUES = Word.CUE_VERB | Word.CUE_PREFIX | Word.CUE_SUFFIX
GROUP = Word.BE | Word.HAVE | Word.DO | Word.MODAL | Word.NEGATION | Word.ADVERB
"""What stands before a verb and belongs to it."""
HELD = Word.DETERMINER | Word.POSSESSIVE | Word.PREPOSITION
"""What makes a noun of the word after it."""
CLAUSE = (
    Word.THAT | Word.DETERMINER | Word.PRONOUN | Word.POSSESSIVE | Word.QUOTE | Word.OBJECT | Word.QUESTION
)
"""What a clause may begin with."""
STOPS = (".", "!", "?", ";", ":", "\u2026")


@dataclass(slots=True)
class Draft:
    """An attribution in the making: ranges of tokens."""

    source: Range | None
    cue: Range
    content: list[Range] = field(default_factory=list)
    hearer: Range | None = None
    borrowed: bool = False
    """The source stands at another cue of the sentence (`he said, adding that`)."""
    left: bool = False
    """The content stands before the cue."""
    direct: bool = False
    """There is a quotation in the content."""
    whole: bool = False
    """The content is nothing but quotation."""
    nested: bool = False
    """The cue stands inside a quotation."""
    second: bool = False
    """A source names the source it has it from (`citing officials`)."""
    pending: bool = False
    """The sentence ends in a colon: the content is the next paragraph."""
    view: bool = False
    """The cue is no verb of saying: its content is what somebody praises, wants or doubts."""
    within: Draft | None = None

    @property
    def first(self) -> int:
        """The first token of the cue and of a source before it."""
        if self.source and not self.borrowed and self.source[0] < self.cue[0]:
            return self.source[0]
        return self.cue[0]

    @property
    def last(self) -> int:
        """One past the last token of the cue and of a source after it."""
        if self.source and not self.borrowed:
            return max(self.cue[1], self.source[1])
        return self.cue[1]
