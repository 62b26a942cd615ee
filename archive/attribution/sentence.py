"""The cues of a sentence, and the frames that each of them has."""

from __future__ import annotations

from archive.attribution.appositions import apposition
from archive.attribution.drafts import CUES, Draft
from archive.attribution.phrases import after, before
from archive.attribution.verbs import Verbs
from archive.attribution.words import Frame, Word


class Sentence(Verbs):
    """Finds the attributions of one stretch of tokens."""

    def read(self, inside: bytearray, offset: int, *, headline: bool) -> list[Draft]:
        """The drafts whose cues stand outside quotations, in the order of their cues."""
        kinds = self.kinds
        skip = self.first
        for at in range(self.first, self.last):
            kind = kinds[at]
            if not kind & CUES or at < skip or inside[at - offset]:
                continue
            draft = self._at(at, kind, headline)
            if draft is not None:
                self.drafts.append(draft)
                skip = max(draft.cue[1], draft.last)
        return self.drafts

    def read_quoted(self) -> list[Draft]:
        """The drafts of a quotation: only what somebody is said to have said."""
        kinds = self.kinds
        for at in range(self.first, self.last):
            kind = kinds[at]
            if not kind & CUES or (self.drafts and at < self.drafts[-1].cue[1]):
                continue
            if kind & Word.CUE_VERB and not self.verbs[self.words[at]].frames & Frame.QUOTE:
                continue
            draft = self._at(at, kind, headline=False)
            if draft is not None:
                draft.nested = True
                self.drafts.append(draft)
        return self.drafts

    def speaker(self, *, headline: bool) -> Draft | None:
        """`Pence: We will win`: a name before a colon that opens a paragraph, unless it is a place's."""
        at = self.first
        stop = min(self.end - 2, self.first + 6)
        while at < stop and self.words[at] != ":":
            if (not self.t.capital(at) and self.words[at] != ".") or self.kinds[at] & Word.QUOTE:
                return None
            at += 1
        if at >= stop or at == self.first or self.words[at] != ":":
            return None
        if not self.words[self.first][0].isalpha() or self.words[self.first] in self.lists["label"]:
            return None
        name = self.t.text[self.t.starts[self.first] : self.t.ends[at - 1]]
        if name in self.lists["place"] or self.words[at - 1] in self.lists["label"]:
            return None
        if not headline and at - self.first > 3:
            return None
        return Draft((self.first, at), (at, at + 1), [(at + 1, self.end)])

    def _at(self, at: int, kind: int, headline: bool) -> Draft | None:
        if kind & Word.CUE_PREFIX:
            draft = self._prefix(at)
            if draft is not None:
                return draft
        if kind & Word.CUE_SUFFIX:
            return self._suffix(at)
        if not kind & Word.CUE_VERB or kind & Word.PREPOSITION:
            return None
        if headline or at == self.first or not self.t.capital(at) or self._titled():
            return self._verb(at, self.verbs[self.words[at]])
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
        second = self.words[at] in self.lists["second"]
        if second and not self._somebody(source):  # `citing safety`: who cites says so
            whose = self._borrowed(at)
            return Draft(whose, (at, end), [(end, self.end)], borrowed=True) if whose else None
        draft = Draft(source, (at, end), second=second)
        if at - self.first <= 1 or (self.kinds[at - 1] & Word.CONJUNCTION):
            start = source[1]
            while start < self.end and not self.kinds[start] & (Word.COMMA | Word.QUOTE):
                start += 1
            start = start if start < self.end else source[1]
            start += start < self.end and bool(self.kinds[start] & Word.COMMA)
            draft.content = [(start, self.end)]
        else:
            draft.source = apposition(self.t, source, self.last)
            draft.content = [(self.first, at - 1 if self._mark(at - 1) else at)]
            draft.left = True
        return draft if draft.content[0][1] > draft.content[0][0] else None

    def _suffix(self, at: int) -> Draft | None:
        """`Dem Bericht zufolge ...`: the source stands before the cue, the content around both."""
        source = before(self.t, self.first, at - 1)
        if source is None:
            return None
        draft = Draft(source, (at, at + 1))
        start = at + 1 + self._mark(at + 1)
        left = (self.first, source[0] - 1 if self._mark(source[0] - 1) else source[0])
        draft.content = [part for part in (left, (start, self.end)) if part[1] - part[0] > 1]
        return draft if draft.content else None
