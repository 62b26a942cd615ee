"""Cues without a subject of their own: `adding that`, `to say`, `was reported by`, `asked whether`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.attribution.contents import Contents
from archive.attribution.drafts import GROUP, Draft
from archive.attribution.phrases import after, before, subject
from archive.attribution.words import Frame, Word

if TYPE_CHECKING:
    from archive.attribution.tokens import Range
    from archive.attribution.words import Verb


class Participles(Contents):
    """Rules for cues without a subject of their own."""

    def _gerund(self, group: int, at: int, k: int, verb: Verb) -> Draft | None:
        if not verb.frames:
            return None
        kind = self.kinds[k] if k >= self.first else 0
        borrowed = True
        if at == self.first:
            return self._opening(at, verb)
        if self.words[k] in self.lists["as"] and k - 1 > self.first and verb.frames & Frame.QUOTE:
            return self._quoted_as(at, k)
        quotes = verb.frames & Frame.QUOTE
        if (
            kind & Word.PREPOSITION
            and self.words[k] not in self.lists["before_saying" if quotes else "before_gerund"]
        ):
            return None
        if kind & (Word.DETERMINER | Word.POSSESSIVE):
            return None
        if kind & (Word.PREPOSITION | Word.PUNCTUATION | Word.CONJUNCTION):
            source = self._borrowed(k)
        elif kind & Word.SUBORDINATOR:
            source = self._borrowed(k) if quotes else None
        else:
            source, borrowed = self._owner(k, bool(quotes))
        if source is None:
            return None
        return self._filled(Draft(source, (group, at + 1), borrowed=borrowed), at + 1, verb)

    def _borrowed(self, limit: int) -> Range | None:
        """The source of the clause that goes on here: of the last cue that stands in no clause of its own."""
        inner = Word.SUBORDINATOR | Word.THAT | Word.RELATIVE | Word.QUESTION | Word.CUE_VERB
        for draft in reversed(self.drafts):
            source = draft.source
            if source and (source[0] == self.first or not self.kinds[source[0] - 1] & inner):
                return source
        return subject(self.t, self.first, limit)

    def _owner(self, k: int, quotes: bool) -> tuple[Range | None, bool]:
        """Who says in `with Xi saying`, `officials saying that` and `sent out a statement saying that`."""
        source = before(self.t, self.first, k)
        if source and source[0] > self.first and self.words[source[0] - 1] in self.lists["with"]:
            return source, False
        if not self.kinds[k] & (Word.DOCUMENT | Word.ANONYMOUS):
            return None, False
        if source and source[0] <= self.first + 3:
            return source, False
        return (self._borrowed(k), True) if quotes and self.kinds[k] & Word.DOCUMENT else (None, False)

    def _quoted_as(self, at: int, k: int) -> Draft | None:
        """`the Guardian quoted Scott as saying`, `Scott was quoted as saying`."""
        if self.words[k - 1] in self.lists["quoted"]:
            group = k - 2
            while group > self.first and self.kinds[group] & GROUP:
                group -= 1
            source = before(self.t, self.first, group)
            draft = source and Draft(source, (group + 1, at + 1))
        else:
            source = before(self.t, self.first, k - 1)
            draft = source and Draft(source, (k, at + 1))
        if draft is None:
            return None
        start = at + 1 + (at + 1 < self.end and bool(self.kinds[at + 1] & Word.COMMA))
        if start >= self.end and draft.first - 1 > self.first:
            return self._before(draft)
        return self._right(draft, start)

    def _opening(self, at: int, verb: Verb) -> Draft | None:
        """`Citing the poll, Trump ...`: whoever comes after the comma."""
        k = at
        while k < self.end and not self.kinds[k] & Word.COMMA:
            k += 1
        source = after(self.t, k + 1, self.end) if k + 1 < self.end else None
        draft = source and self._filled(Draft(source, (at, at + 1), borrowed=True), at + 1, verb)
        if draft:
            draft.content = [(draft.content[0][0], k)]
        return draft or None

    def _infinitive(self, at: int, k: int, verb: Verb) -> Draft | None:
        """`took to Twitter to announce that`: whoever the sentence is about."""
        following = self.kinds[at + 1] if at + 1 < self.last else 0
        if not verb.frames & Frame.QUOTE or following & (Word.PREPOSITION | GROUP) & ~Word.DETERMINER:
            return None
        if not following & (Word.THAT | Word.QUOTE) and not (
            k > self.first and self.kinds[k - 1] & (Word.PREPOSITION | Word.VERBISH)
        ):
            return None
        source = self._borrowed(k)
        return source and self._filled(Draft(source, (k, at + 1), borrowed=True), at + 1, verb)

    def _passive(self, group: int, at: int, k: int, verb: Verb) -> Draft | None:
        following = self.kinds[at + 1] if at + 1 < self.last else 0
        what = before(self.t, self.first, k)
        if following & Word.BY:
            source = after(self.t, at + 2, self.last)
            if source and what:
                draft = Draft(source, (group, at + 2), [what])
                if source[1] < self.end:
                    draft.content.append((source[1], self.end))
                return draft
        if not verb.frames & Frame.AGENTLESS or what is None:
            return None
        if following & Word.TO and not verb.frames & Frame.RECIPIENT:
            return Draft(None, (group, at + 1), [what, (at + 1, self.end)])
        return self._asked(group, at) if verb.frames & Frame.RECIPIENT else None

    def _said_by(self, group: int, at: int, k: int) -> Draft | None:
        """`a fact first reported by X`: a participle that is no verb of its own clause."""
        if at + 1 >= self.last or not self.kinds[at + 1] & Word.BY or k < self.first:
            return None
        source = after(self.t, at + 2, self.last)
        what = before(self.t, self.first, k - 1 if self.kinds[k] & Word.COMMA else k)
        return Draft(source, (group, at + 2), [what]) if source and what else None

    def _asked(self, group: int, at: int) -> Draft | None:
        """`Asked whether ..., he`, `was asked about`: nobody is named who asked."""
        if at + 1 >= self.last:
            return None
        about = self.lists["about"]
        following = self.kinds[at + 1]
        end = at + 1
        if following & (Word.PREPOSITION | Word.TIME) and self.words[end] not in about:
            end = next((k for k in range(end, min(self.end, end + 9)) if self.kinds[k] & Word.QUESTION), end)
        if not self.kinds[end] & (Word.QUESTION | Word.TO) and self.words[end] not in about:
            return None
        end += self.words[end] in about
        stop = self._comma(end)
        return Draft(None, (group, end), [(end, stop)]) if stop > end else None

    def _bare(self, group: int, k: int) -> bool:
        """Whether a participle stands without a subject: it opens the sentence or follows `when`."""
        if k < self.first:
            return True
        return group == k + 1 and bool(self.kinds[k] & (Word.COMMA | Word.SUBORDINATOR))
