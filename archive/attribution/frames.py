"""Cues and their frames: from a cue verb or phrase to source, cue and content as ranges of tokens."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archive.attribution.phrases import after, apposition, before, subject
from archive.attribution.words import Form, Frame, Word

if TYPE_CHECKING:
    from archive.attribution.tokens import Tokens
    from archive.attribution.words import Lexicon, Verb

Range = tuple[int, int]

_CUES = Word.CUE_VERB | Word.CUE_PREFIX | Word.CUE_ADVERB
_GROUP = Word.BE | Word.HAVE | Word.DO | Word.MODAL | Word.NEGATION | Word.ADVERB
_HELD = Word.DETERMINER | Word.POSSESSIVE | Word.PREPOSITION
_CLAUSE = (
    Word.THAT | Word.DETERMINER | Word.PRONOUN | Word.POSSESSIVE | Word.QUOTE | Word.OBJECT | Word.QUESTION
)
_STOPS = (".", "!", "?", ";", ":", "\u2026")


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
    nested: bool = False
    """The cue stands inside a quotation."""
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


class Sentence:
    """Finds the attributions of a stretch of tokens from `first` up to `last`: a sentence, or a quotation in one."""

    def __init__(self, tokens: Tokens, lexicon: Lexicon, first: int, last: int) -> None:
        self.t = tokens
        self.kinds = tokens.kinds
        self.words = tokens.words
        self.verbs = lexicon.verbs
        self.prefixes = lexicon.prefixes
        self.first = first
        self.last = last
        self.end = last
        while self.end > first and self.words[self.end - 1] in _STOPS:
            self.end -= 1
        self.drafts: list[Draft] = []

    def read(self, inside: bytearray, offset: int, *, headline: bool) -> list[Draft]:
        """The drafts whose cues stand outside quotations, in the order of their cues."""
        kinds = self.kinds
        skip = self.first
        for at in range(self.first, self.last):
            kind = kinds[at]
            if not kind & _CUES or at < skip or inside[at - offset]:
                continue
            draft = self._at(at, kind, headline)
            if draft is not None:
                self.drafts.append(draft)
                skip = max(draft.cue[1], draft.last)
        return self.drafts

    def _at(self, at: int, kind: int, headline: bool) -> Draft | None:
        if kind & Word.CUE_PREFIX:
            draft = self._prefix(at)
            if draft is not None:
                return draft
        if kind & Word.CUE_VERB and not kind & Word.PREPOSITION:
            if headline or at == self.first or not self.t.capital(at) or self._titled():
                return self._verb(at, self.verbs[self.words[at]])
        return None

    def _titled(self) -> bool:
        """Whether most words are capitalised, as in a headline."""
        long = [k for k in range(self.first, self.last) if self.t.ends[k] - self.t.starts[k] > 3]
        return len(long) > 2 and sum(map(self.t.capital, long)) > 0.7 * len(long)

    # Cue phrases before their source

    def _prefix(self, at: int) -> Draft | None:
        """`according to X, ...` and `..., according to X`."""
        for rest in self.prefixes.get(self.words[at], ()):
            end = at + 1 + len(rest)
            if tuple(self.words[at + 1 : end]) == rest:
                break
        else:
            return None
        source = after(self.t, end, self.last)
        if source is None:
            return None
        draft = Draft(source, (at, end))
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

    def _mark(self, at: int) -> bool:
        return self.first <= at < self.last and bool(self.kinds[at] & Word.PUNCTUATION)

    # Cue verbs

    def _verb(self, at: int, verb: Verb) -> Draft | None:
        kinds = self.kinds
        k = at - 1
        group = at
        seen = 0
        while k >= self.first and kinds[k] & _GROUP and not kinds[k] & (Word.PRONOUN | Word.DETERMINER):
            seen |= kinds[k]
            group = k
            k -= 1
        before_group = kinds[k] if k >= self.first else Word.PUNCTUATION
        if k < self.first and group < at and self.t.capital(group):  # `Jolly said` is no adverb
            k, group = group, group + 1
            before_group = 0
        if before_group & Word.PRONOUN:
            seen |= before_group & (Word.BE | Word.HAVE | Word.MODAL)
        if before_group & _HELD and not before_group & (Word.PRONOUN | Word.TIME | Word.RELATIVE):
            return self._gerund(group, at, k, verb) if verb.forms & Form.GERUND else None
        if before_group & Word.TO:
            return self._infinitive(at, k, verb)
        if verb.forms & Form.GERUND and not seen & Word.BE:
            return self._gerund(group, at, k, verb)
        if verb.forms & Form.PARTICIPLE and seen & Word.BE and not verb.forms & Form.GERUND:
            return self._passive(group, at, k, verb)
        if not self._agrees(at, k, seen, verb):
            return None
        return self._finite(group, at, k, verb)

    def _agrees(self, at: int, k: int, seen: int, verb: Verb) -> bool:
        """Whether a form that may be a noun stands as a verb here."""
        if verb.forms & (Form.PAST | Form.GERUND) or seen & (Word.MODAL | Word.DO | Word.HAVE):
            return True
        if k < self.first:
            return False
        kind, word = self.kinds[k], self.words[k]
        following = self.kinds[at + 1] if at + 1 < self.last else Word.PUNCTUATION
        if verb.forms & Form.BASE:
            plural = kind & (Word.PLURAL_PRONOUN | Word.RELATIVE | Word.PLURAL) or (
                word.endswith("s")
                and not word.endswith(("'s", "ss", "us"))
                and kind & ~Word.PUNCTUATION == kind
            )
            if self.kinds[at] & Word.SURE_VERB:
                return True
            return bool(plural) and (bool(kind & Word.PRONOUN) or self._opens_clause(at + 1, following, verb))
        if kind & (Word.PRONOUN | Word.RELATIVE) or self.kinds[at] & Word.SURE_VERB:
            return True
        return self._opens_clause(at + 1, following, verb)

    def _opens_clause(self, at: int, kind: int, verb: Verb) -> bool:
        if at >= self.last:
            return True
        if kind & Word.TO:
            return bool(verb.frames & Frame.INFINITIVE)
        if kind & Word.PREPOSITION:
            return self.words[at] in verb.particles or bool(
                verb.frames & Frame.QUOTE and self.words[at] in ("in", "on")
            )
        if kind & _CLAUSE or self.words[at] == ":":
            return True
        return not kind & (_GROUP | Word.PUNCTUATION | Word.CONJUNCTION | Word.VERBISH | Word.SUBORDINATOR)

    def _finite(self, group: int, at: int, k: int, verb: Verb) -> Draft | None:
        if verb.frames & Frame.AGENTLESS and verb.forms & Form.PARTICIPLE and self._bare(group, k):
            return self._asked(group, at)
        source, borrowed = self._subject(group, k)
        if source is None:
            return self._inverted(at, verb)
        draft = Draft(source, (group, at + 1), borrowed=borrowed)
        return self._filled(draft, at + 1, verb)

    def _bare(self, group: int, k: int) -> bool:
        """Whether a participle stands without a subject: it opens the sentence or follows `when` or a comma."""
        if k < self.first:
            return True
        return group == k + 1 and bool(self.kinds[k] & (Word.COMMA | Word.SUBORDINATOR))

    def _subject(self, group: int, k: int) -> tuple[Range | None, bool]:
        """Who stands before a finite verb; borrowed from the clause before where an `and` joins the verbs."""
        kinds = self.kinds
        if k >= self.first and kinds[k] & Word.TIME and not kinds[k] & Word.PRONOUN:
            k -= 1
            if k >= self.first and kinds[k] & Word.PREPOSITION:
                k -= 1
        if k < self.first:
            return None, False
        if kinds[k] & Word.CONJUNCTION:
            return self._borrowed(k), True
        if kinds[k] & Word.THAT and k == self.first:
            return None, False
        return before(self.t, self.first, k), False

    def _borrowed(self, limit: int) -> Range | None:
        """The source of the clause that goes on here: of the last cue that stands in no clause of its own."""
        inner = Word.SUBORDINATOR | Word.THAT | Word.RELATIVE | Word.QUESTION | Word.CUE_VERB
        for draft in reversed(self.drafts):
            source = draft.source
            if source and (source[0] == self.first or not self.kinds[source[0] - 1] & inner):
                return source
        return subject(self.t, self.first, limit)

    def _inverted(self, at: int, verb: Verb) -> Draft | None:
        """`"...", said Caddell`."""
        if not verb.frames & Frame.QUOTE or verb.forms & Form.BASE or not self._mark(at - 1):
            return None
        source = after(self.t, at + 1, self.last)
        if source is None or not self._ends_clause(source):
            return None
        source = apposition(self.t, source, self.last)
        draft = Draft(source, (at, at + 1), left=True)
        draft.content = [(self.first, at - 1 if self.kinds[at - 1] & Word.COMMA else at)]
        return self._continued(draft)

    def _ends_clause(self, source: Range) -> bool:
        """Whether a phrase after a verb can be its subject: somebody, and no verb of its own after it."""
        following = self.kinds[source[1]] if source[1] < self.last else Word.PUNCTUATION
        if following & (_GROUP | Word.VERBISH | Word.THAT | Word.TO) and not following & (
            Word.ADVERB | Word.RELATIVE
        ):
            return False
        if self.kinds[source[0]] & Word.PRONOUN:
            return bool(following & Word.PUNCTUATION)
        some = Word.DETERMINER | Word.POSSESSIVE | Word.ANONYMOUS | Word.TITLE
        return bool(self.kinds[source[0]] & some) or any(map(self.t.capital, range(*source)))

    def _gerund(self, group: int, at: int, k: int, verb: Verb) -> Draft | None:
        if not verb.frames:
            return None
        kind = self.kinds[k] if k >= self.first else 0
        borrowed = True
        if at == self.first:
            return self._opening(at, verb)
        if self.words[k] == "as" and k - 1 > self.first and verb.frames & Frame.QUOTE:
            return self._quoted_as(at, k)
        if kind & (Word.DETERMINER | Word.POSSESSIVE):
            return None
        if kind & (Word.PREPOSITION | Word.PUNCTUATION | Word.SUBORDINATOR | Word.CONJUNCTION):
            source = self._borrowed(k)
        else:
            source = before(self.t, self.first, k)
            borrowed = False
            if (
                source is None
                or not self.kinds[k] & (Word.DOCUMENT | Word.ANONYMOUS)
                or source[0] > self.first + 3
            ):
                source, borrowed = self._borrowed(k), True
        if source is None:
            return None
        return self._filled(Draft(source, (group, at + 1), borrowed=borrowed), at + 1, verb)

    def _quoted_as(self, at: int, k: int) -> Draft | None:
        """`the Guardian quoted Scott as saying`, `Scott was quoted as saying`."""
        if self.words[k - 1] in ("quoted", "cited"):
            group = k - 2
            while group > self.first and self.kinds[group] & _GROUP:
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
        if not verb.frames & Frame.QUOTE or not (following & _CLAUSE or self._mark(at + 1)):
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

    def _asked(self, group: int, at: int) -> Draft | None:
        """`Asked whether ..., he`, `was asked about`: nobody is named who asked."""
        following = self.kinds[at + 1] if at + 1 < self.last else 0
        if not following & (Word.QUESTION | Word.TO) and self.words[at + 1 : at + 2] != ["about"]:
            return None
        end = at + 2 if self.words[at + 1] == "about" else at + 1
        stop = self._comma(end)
        return Draft(None, (group, end), [(end, stop)]) if stop > end else None

    # What is said

    def _filled(self, draft: Draft, at: int, verb: Verb) -> Draft | None:
        """The draft with its content, or None where the verb's frame is not met."""
        start = at
        kinds, words = self.kinds, self.words
        while start < self.end and kinds[start] & Word.ADVERB and not kinds[start] & Word.DETERMINER:
            start += 1
        if start < self.end and words[start] in verb.particles:
            draft.cue = (draft.cue[0], start + 1)
            return self._right(draft, start + 1)
        if not verb.frames:
            return None
        if verb.frames & Frame.RECIPIENT:
            start = self._heard(draft, start)
        if verb.frames & Frame.PARENTHESIS and self._follows(draft, start):
            return self._before(draft)
        if start >= self.end or not self._met(start, verb.frames):
            return None
        return self._right(draft, start + (kinds[start] & Word.COMMA != 0 or words[start] == ":"))

    def _met(self, start: int, frames: int) -> bool:
        """Whether what begins here is what the verb takes."""
        kind = self.kinds[start]
        if kind & Word.TO:
            return bool(frames & (Frame.INFINITIVE | Frame.NOUN))
        if frames & Frame.NOUN:
            return True
        if not frames & (Frame.CLAUSE | Frame.QUOTE):
            return False
        if kind & (_CLAUSE | Word.COMMA) or self.words[start] == ":" or self.t.capital(start):
            return True
        if frames & Frame.QUOTE:
            return True
        return not kind & (
            _GROUP | Word.PREPOSITION | Word.SUBORDINATOR | Word.TIME | Word.VERBISH | Word.SURE_VERB
        )

    def _right(self, draft: Draft, start: int) -> Draft | None:
        end = self.end
        if self.kinds[self.first] & Word.SUBORDINATOR and draft.first - self.first < 8:
            end = self._comma(start)
        if start >= end:
            return None
        draft.content = [(start, end)]
        return draft

    def _comma(self, at: int) -> int:
        while at < self.end and not self.kinds[at] & (Word.COMMA | Word.QUOTE):
            at += 1
        return at if at < self.end and self.kinds[at] & Word.COMMA else self.end

    def _heard(self, draft: Draft, start: int) -> int:
        """`told Reuters on Monday that`: the hearer, and where what was said begins."""
        hearer = after(self.t, start, self.end)
        if hearer is None:
            if start < self.end and self.kinds[start] & Word.OBJECT:
                return start + 1
            return start
        draft.hearer = hearer
        return hearer[1]

    def _adjunct(self, at: int) -> bool:
        return at < self.end and bool(self.kinds[at] & (Word.PREPOSITION | Word.TIME | Word.SUBORDINATOR))

    def _follows(self, draft: Draft, start: int) -> bool:
        """Whether what is said stands before: a mark before the source, and no clause after the cue."""
        begin = draft.first
        if begin <= self.first or not self._mark(begin - 1) or draft.borrowed:
            return False
        if self.words[begin - 1] == ":" or begin - 1 == self.first:
            return False
        if start >= self.end or self.kinds[start] & Word.PUNCTUATION:
            return self.words[start] != ":" if start < self.last else True
        if self.kinds[begin - 1] & Word.QUOTE:
            return True
        return self._adjunct(start) and self._short(start)

    def _short(self, start: int) -> bool:
        """Whether what follows the cue is only when, where or to whom it was said."""
        verbs = Word.BE | Word.HAVE | Word.MODAL | Word.VERBISH | Word.THAT
        for k in range(start, min(self.end, start + 14)):
            if self.kinds[k] & Word.COMMA:
                return True
            if self.kinds[k] & verbs:
                return False
        return True

    def _before(self, draft: Draft) -> Draft:
        stop = draft.first - 1
        draft.content = [(self.first, stop if self.kinds[stop] & Word.COMMA else stop + 1)]
        draft.left = True
        return self._continued(draft)

    def _continued(self, draft: Draft) -> Draft:
        """`..., he said, ...`: what is said may go on after the next comma."""
        k = draft.last
        while k < self.end and not self.kinds[k] & Word.COMMA:
            k += 1
        if k + 1 < self.end and not self.words[k + 1].endswith("ing"):
            draft.content.append((k + 1, self.end))
        return draft
