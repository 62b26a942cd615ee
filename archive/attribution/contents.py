"""What is said: from the words after a cue, before its source, or both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.attribution.drafts import CLAUSE, GROUP, Draft
from archive.attribution.phrases import after
from archive.attribution.stretch import Stretch
from archive.attribution.words import Frame, Word

if TYPE_CHECKING:
    from archive.attribution.words import Verb


class Contents(Stretch):
    """Rules for the content of a cue verb."""

    def _filled(self, draft: Draft, at: int, verb: Verb) -> Draft | None:
        """The draft with its content, or None where the verb's frame is not met."""
        start = at
        frames = verb.frames
        while (
            start < self.end and self.kinds[start] & Word.ADVERB and not self.kinds[start] & Word.DETERMINER
        ):
            start += 1
        if self.lexicon.verb_second and verb.particles:
            start = self._closing(start, verb) or start
        if start < self.end and self.words[start] in verb.particles:
            return self._apart(draft, start, frames)
        if frames & Frame.RECIPIENT:
            start = self._heard(draft, start)
        if frames & Frame.PARENTHESIS and self._follows(draft, start):
            return self._before(draft)
        if frames & Frame.QUOTE and start >= self.end and not self._as_clause(draft, start):
            return self._right(draft, at)  # `said so`, `said:`
        return self._given(draft, start, frames)

    def _closing(self, at: int, verb: Verb) -> int | None:
        """The particle of a verb where a clause ends with it: `teilte die Polizei am Montag mit.`"""
        while at < self.last and not self._mark(at):
            at += 1
        return at - 1 if self.words[at - 1] in verb.particles else None

    def _apart(self, draft: Draft, particle: int, frames: int) -> Draft | None:
        """A verb with a particle of its own: `pointed out that`, `called for`."""
        start = particle + 1
        draft.cue = (draft.cue[0], start)
        if frames & Frame.PARENTHESIS and self._follows(draft, start):
            return self._before(draft)
        return self._right(draft, start + (start < self.end and self.kinds[start] & Word.COMMA != 0))

    def _given(self, draft: Draft, start: int, frames: int) -> Draft | None:
        """The draft with what follows its cue, where that is what the frames ask for."""
        kinds, words = self.kinds, self.words
        if draft.content or self._as_clause(draft, start):
            return draft
        if not frames or start >= self.end or not self._met(start, frames):
            return None
        if frames & Frame.QUOTE:
            start = self._past_adjunct(start)
        draft.view = not frames & Frame.QUOTE
        return self._right(draft, start + (kinds[start] & Word.COMMA != 0 or words[start] == ":"))

    def _right(self, draft: Draft, start: int) -> Draft | None:
        end = self._comma(start) if self._opens_with(draft.first) else self.end
        if start >= end:
            if start >= self.end and self.words[self.last - 1] == ":":
                draft.pending = True
                return draft
            return None
        draft.content = [(start, end)]
        return draft

    def _before(self, draft: Draft) -> Draft:
        stop = draft.first - 1
        draft.content = [(self.first, stop if self.kinds[stop] & Word.COMMA else stop + 1)]
        draft.left = True
        return self._continued(draft)

    def _continued(self, draft: Draft) -> Draft:
        """`..., he said, ...`: what is said may go on after the next comma."""
        k = self._comma(draft.last)
        if k + 1 < self.end and not self._is_aside(k + 1):
            draft.content.append((k + 1, self.end))
        return draft

    def _is_aside(self, at: int) -> bool:
        """Whether what begins after a comma tells more about who said it: `who`, `adding`, `New Jersey,`."""
        kind = self.kinds[at]
        if kind & (Word.RELATIVE | Word.CUE_VERB) or self.words[at].endswith(self.lexicon.gerund_endings):
            return not kind & Word.DETERMINER
        return not kind and self.t.capital(at) and self._comma(at) - at <= 2

    def _met(self, start: int, frames: int) -> bool:
        """Whether what begins here is what the verb takes."""
        kind = self.kinds[start]
        apart = Word.CONJUNCTION if frames & Frame.QUOTE else Word.CONJUNCTION | Word.BE | Word.MODAL
        if kind & apart and not kind & Word.PRONOUN:
            return False  # `asked and was told`, `the day described is`
        if kind & Word.TO:
            return bool(frames & (Frame.INFINITIVE | Frame.NOUN))
        if frames & Frame.NOUN:
            return True
        if not frames & Frame.CLAUSE and frames & Frame.QUOTE:
            return bool(kind & (Word.QUOTE | Word.COMMA)) or self.words[start] == ":"
        if not frames & (Frame.CLAUSE | Frame.QUOTE):
            return False
        if kind & (CLAUSE | Word.COMMA) or self.words[start] == ":" or self.t.capital(start):
            return True
        if frames & Frame.QUOTE:
            return True
        return not kind & (
            GROUP | Word.PREPOSITION | Word.SUBORDINATOR | Word.TIME | Word.VERBISH | Word.SURE_VERB
        )

    def _as_clause(self, draft: Draft, start: int) -> bool:
        """`As the Guardian reported, ...` and `..., as the Guardian reported`."""
        begin = draft.first - 1
        if begin < self.first or self.words[begin] not in self.lists["as"]:
            return False
        if begin == self.first and self._mark(start) and start < self.end:
            draft.content = [(start + 1, self.end)]
        elif begin > self.first + 1 and self._mark(begin - 1) and self._ended(start):
            draft.content = [(self.first, begin - 1)]
            draft.left = True
        return bool(draft.content)

    def _ended(self, start: int) -> bool:
        return start >= self.end or self._mark(start) or (self._adjunct(start) and self._short(start))

    def _past_adjunct(self, start: int) -> int:
        """Where what is said begins after when, where and to whom: `said on Monday in Berlin that ...`."""
        if not self.kinds[start] & (Word.TIME | Word.PREPOSITION) or self.kinds[start] & Word.TO:
            return start
        over = Word.BE | Word.HAVE | Word.MODAL | Word.DO | Word.PRONOUN | Word.VERBISH
        for k in range(start, min(self.end, start + 14)):
            kind = self.kinds[k]
            if kind & (Word.THAT | Word.QUOTE):
                return k
            if kind & Word.COMMA and not (self.lexicon.verb_second or self._mark(k + 1)):
                timed = all(self.kinds[j] & Word.TIME for j in range(start, k))
                return k + 1 if timed else start
            if kind & Word.COMMA or self.words[k] == ":":
                return k + 1 if k + 1 < self.end else start
            if kind & over and not kind & Word.DETERMINER:
                break
        k = start
        while k < self.end and self.kinds[k] & Word.TIME:
            k += 1
        return k if k < self.end else start

    def _heard(self, draft: Draft, start: int) -> int:
        """`told Reuters on Monday that`: the hearer, and where what was said begins."""
        hearer = after(self.t, start, self.end)
        if hearer is None:
            if start < self.end and self.kinds[start] & Word.OBJECT:
                return start + 1
            return start
        last = hearer[1]
        for k in range(hearer[0] + 1, last - 1):
            if self.kinds[k] & Word.PREPOSITION and self.kinds[k + 1] & Word.TIME:
                last = k
                break
        draft.hearer = (hearer[0], last)
        return last

    def _follows(self, draft: Draft, start: int) -> bool:
        """Whether what is said stands before: a mark before the source, and no clause after the cue."""
        begin = draft.first
        if begin <= self.first or not self._mark(begin - 1) or draft.borrowed:
            return False
        if self.words[begin - 1] == ":" or begin - 1 == self.first:
            return False
        if start >= self.end:
            return start >= self.last or self.words[start] != ":"
        if self.kinds[start] & Word.PUNCTUATION:
            quoted = self._mark(start + 1) and self.kinds[start + 1] & Word.QUOTE
            return self.words[start] != ":" and not (quoted and not self.kinds[begin - 1] & Word.QUOTE)
        if self.kinds[begin - 1] & Word.QUOTE:
            return bool(self.kinds[self.first] & Word.QUOTE) or not self.kinds[start] & (CLAUSE & ~Word.QUOTE)
        return self._adjunct(start) and self._short(start)

    def _adjunct(self, at: int) -> bool:
        return at < self.end and bool(self.kinds[at] & (Word.PREPOSITION | Word.TIME | Word.SUBORDINATOR))

    def _short(self, start: int) -> bool:
        """Whether what follows the cue is only when, where or to whom it was said."""
        verbs = Word.BE | Word.HAVE | Word.MODAL | Word.VERBISH | Word.THAT
        for k in range(start, min(self.end, start + 14)):
            if self.kinds[k] & Word.COMMA:
                return True
            if self.kinds[k] & verbs:
                return False
        return True
