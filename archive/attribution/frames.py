"""Cues and their frames: from a cue verb or phrase to source, cue and content as ranges of tokens."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archive.attribution.phrases import after, before
from archive.attribution.words import Form, Frame, Word

if TYPE_CHECKING:
    from archive.attribution.quotes import Quotation
    from archive.attribution.tokens import Tokens
    from archive.attribution.words import Lexicon, Verb

_CUES = Word.CUE_VERB | Word.CUE_PREFIX | Word.CUE_ADVERB
_GROUP = Word.BE | Word.HAVE | Word.DO | Word.MODAL | Word.NEGATION | Word.ADVERB

Range = tuple[int, int]


@dataclass(slots=True)
class Draft:
    """An attribution in the making: ranges of tokens."""

    source: Range | None
    cue: Range
    content: list[Range] = field(default_factory=list)
    quoted: bool = False
    borrowed: bool = False
    """The source stands at another cue of the sentence (`he said, adding that`)."""
    prefix: bool = False
    left: bool = False

    @property
    def first(self) -> int:
        """The first token of source and cue."""
        return min(self.cue[0], self.source[0]) if self.source and not self.borrowed else self.cue[0]


class Sentence:
    """Finds the attributions of one sentence: tokens `first` up to `last`, with the quotations in it."""

    def __init__(
        self, tokens: Tokens, lexicon: Lexicon, first: int, last: int, quotes: list[Quotation]
    ) -> None:
        self.t = tokens
        self.kinds = tokens.kinds
        self.words = tokens.words
        self.lexicon = lexicon
        self.first = first
        self.last = last
        self.quotes = quotes
        self.drafts: list[Draft] = []

    def read(self) -> list[Draft]:
        """All drafts in the order of their cues."""
        kinds = self.kinds
        skip = self.first
        for at in range(self.first, self.last):
            kind = kinds[at]
            if not kind & _CUES or at < skip:
                continue
            draft = self._at(at, kind)
            if draft is not None:
                self.drafts.append(draft)
                skip = max(skip, draft.cue[1], draft.source[1] if draft.prefix and draft.source else 0)
        return self.drafts

    def _at(self, at: int, kind: int) -> Draft | None:
        if kind & Word.CUE_PREFIX:
            draft = self._prefix(at)
            if draft is not None:
                return draft
        if kind & Word.CUE_VERB:
            return self._verb(at, self.lexicon.verbs[self.words[at]])
        return None

    def _prefix(self, at: int) -> Draft | None:
        """`according to X, ...` and `..., according to X`."""
        for rest in self.lexicon.prefixes.get(self.words[at], ()):
            end = at + 1 + len(rest)
            if tuple(self.words[at + 1 : end]) == rest:
                break
        else:
            return None
        source = after(self.t, end, self.last)
        if source is None:
            return None
        draft = Draft(source, (at, end), prefix=True)
        if at - self.first <= 1:
            start = source[1]
            draft.content = [(start + 1 if self._mark(start) else start, self._end())]
        else:
            start = self.first
            stop = at - 1 if self._mark(at - 1) else at
            draft.content = [(start, stop)]
            draft.left = True
        return draft

    def _mark(self, at: int) -> bool:
        return self.first <= at < self.last and bool(self.kinds[at] & Word.PUNCTUATION)

    def _end(self) -> int:
        """The end of the sentence without its last stop."""
        end = self.last
        while end > self.first and self.words[end - 1] in (".", "!", "?", ";", ":"):
            end -= 1
        return end

    def _verb(self, at: int, verb: Verb) -> Draft | None:
        kinds = self.kinds
        k = at - 1
        group = at
        seen = 0
        while k >= self.first and kinds[k] & _GROUP and not kinds[k] & Word.PRONOUN:
            seen |= kinds[k]
            group = k
            k -= 1
        if (
            k >= self.first
            and kinds[k] & (Word.DETERMINER | Word.POSSESSIVE | Word.PREPOSITION | Word.TO)
            and not kinds[k] & Word.PRONOUN
        ):
            return None
        forms = verb.forms
        if forms & Form.GERUND and not seen & Word.BE:
            return self._gerund(at, verb)
        if forms & Form.PARTICIPLE and seen & Word.BE:
            return self._passive(group, at)
        if not verb.frames:
            return None
        return self._finite(group, at, k, verb)

    def _finite(self, group: int, at: int, k: int, verb: Verb) -> Draft | None:
        source = before(self.t, self.first, k)
        if source is None:
            return self._inverted(at, verb)
        draft = Draft(source, (group, at + 1))
        self._content(draft, at + 1, verb)
        return draft if draft.content else None

    def _inverted(self, at: int, verb: Verb) -> Draft | None:
        """`"...", said Caddell`."""
        if not verb.frames & Frame.QUOTE or at == self.first or not self._mark(at - 1):
            return None
        source = after(self.t, at + 1, self.last)
        if source is None:
            return None
        draft = Draft(source, (at, at + 1), left=True)
        draft.content = [(self.first, at - 1)]
        return draft

    def _gerund(self, at: int, verb: Verb) -> Draft | None:
        source = next((d.source for d in reversed(self.drafts) if d.source), None)
        if source is None:
            source = before(self.t, self.first, at - 1) if at > self.first else None
            if source is None or self._mark(at - 1):
                return None
            draft = Draft(source, (at, at + 1))
        else:
            draft = Draft(source, (at, at + 1), borrowed=True)
        self._content(draft, at + 1, verb)
        return draft if draft.content else None

    def _passive(self, group: int, at: int) -> Draft | None:
        if at + 1 < self.last and self.kinds[at + 1] & Word.BY:
            source = after(self.t, at + 2, self.last)
            subject = before(self.t, self.first, group - 1)
            if source and subject:
                draft = Draft(source, (group, at + 2))
                draft.content = [subject]
                if source[1] < self._end():
                    draft.content.append((source[1], self._end()))
                return draft
        return None

    def _content(self, draft: Draft, at: int, verb: Verb) -> None:
        """What follows the cue; or, where nothing does, what stands before the source."""
        end = self._end()
        start = at
        while (start < end and self.kinds[start] & (Word.COMMA | Word.ADVERB)) or self.words[
            start : start + 1
        ] == [":"]:
            start += 1
        left = (
            (self.first, draft.first - 1)
            if draft.first > self.first and self._mark(draft.first - 1)
            else None
        )
        if start < end and not (left and verb.frames & Frame.PARENTHESIS and self._mark(at)):
            draft.content = [(start, end)]
        elif left and verb.frames & Frame.PARENTHESIS and left[1] > left[0]:
            draft.content = [left]
            draft.left = True
