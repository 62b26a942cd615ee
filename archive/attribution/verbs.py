"""Cue verbs with a subject: before them, or after them where the words are turned round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.attribution.appositions import apposition
from archive.attribution.drafts import CLAUSE, GROUP, HELD, Draft
from archive.attribution.participles import Participles
from archive.attribution.phrases import after, before
from archive.attribution.words import Form, Frame, Word

if TYPE_CHECKING:
    from archive.attribution.tokens import Range
    from archive.attribution.words import Verb


class Verbs(Participles):
    """Rules for finite cue verbs."""

    def _verb(self, at: int, verb: Verb) -> Draft | None:
        kinds = self.kinds
        k = at - 1
        group = at
        seen = 0
        while k >= self.first and kinds[k] & GROUP and not kinds[k] & (Word.PRONOUN | Word.DETERMINER):
            seen |= kinds[k]
            group = k
            k -= 1
        before_group = kinds[k] if k >= self.first else Word.PUNCTUATION
        if k < self.first and group < at and self.t.capital(group):  # `Jolly said` is no adverb
            k, group = group, group + 1
            before_group = 0
        if before_group & Word.PRONOUN:
            seen |= before_group & (Word.BE | Word.HAVE | Word.MODAL)
        if before_group & Word.TO:
            return self._infinitive(at, k, verb)
        if before_group & HELD and not before_group & (Word.PRONOUN | Word.TIME | Word.RELATIVE):
            return self._gerund(group, at, k, verb) if verb.forms & Form.GERUND else None
        if verb.forms & Form.GERUND and not seen & Word.BE:
            return self._gerund(group, at, k, verb)
        return self._with_subject(group, at, k, seen, verb)

    def _with_subject(self, group: int, at: int, k: int, seen: int, verb: Verb) -> Draft | None:
        """A passive, a participle with its agent, or a verb that agrees with what stands before it."""
        participle = verb.forms & Form.PARTICIPLE
        if participle and seen & Word.BE and not verb.forms & Form.GERUND:
            return self._passive(group, at, k, verb)
        if participle and verb.frames & Frame.QUOTE and not seen & Word.HAVE:
            draft = self._said_by(group, at, k)
            if draft is not None:
                return draft
        return self._finite(group, at, k, verb) if self._agrees(at, k, seen, verb) else None

    def _agrees(self, at: int, k: int, seen: int, verb: Verb) -> bool:
        """Whether a form that may be a noun stands as a verb here."""
        if verb.forms & (Form.PAST | Form.GERUND) or seen & (Word.MODAL | Word.DO | Word.HAVE):
            return True
        if k < self.first:
            return False
        kind, word = self.kinds[k], self.words[k]
        following = self.kinds[at + 1] if at + 1 < self.last else Word.PUNCTUATION
        if verb.forms & Form.BASE:
            if kind & Word.COMMA:
                source = before(self.t, self.first, k)
                k = self._comma(source[0]) - 1 if source else k
                kind, word = self.kinds[k], self.words[k]
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
        if following & Word.COMMA and self.t.capital(k):
            return True
        return self._opens_clause(at + 1, following, verb)

    def _opens_clause(self, at: int, kind: int, verb: Verb) -> bool:
        if at >= self.last:
            return True
        if kind & Word.SURE_VERB:
            return False
        if kind & Word.TO:
            return bool(verb.frames & Frame.INFINITIVE)
        if kind & Word.PREPOSITION:
            return self.words[at] in verb.particles or bool(
                verb.frames & Frame.QUOTE and self.words[at] in self.lists["adjunct"]
            )
        if kind & CLAUSE or self.words[at] == ":":
            return True
        return not kind & (GROUP | Word.PUNCTUATION | Word.CONJUNCTION | Word.VERBISH | Word.SUBORDINATOR)

    def _finite(self, group: int, at: int, k: int, verb: Verb) -> Draft | None:
        kinds = self.kinds
        asks = Frame.AGENTLESS | Frame.RECIPIENT
        if verb.frames & asks == asks and verb.forms & Form.PARTICIPLE and self._bare(group, k):
            draft = self._asked(group, at)
            if draft is not None:
                return draft
        if k >= self.first and kinds[k] & Word.COMMA and (draft := self._inverted(at, verb, strict=True)):
            return draft
        source, borrowed = self._subject(k)
        if self.lexicon.verb_second and (source is None or self._opening_phrase(source) or k == self.first):
            draft = self._second(group, at)
            if draft is not None:
                return draft
        if source is None:
            return self._inverted(at, verb)
        if not verb.frames & Frame.QUOTE and not self._somebody(source):
            return None
        draft = Draft(source, (group, at + 1), borrowed=borrowed)
        return self._filled(draft, at + 1, verb)

    def _subject(self, k: int) -> tuple[Range | None, bool]:
        """Who stands before a finite verb; borrowed from the clause before where an `and` joins the verbs."""
        kinds = self.kinds
        if k >= self.first and kinds[k] & Word.TIME and not kinds[k] & Word.PRONOUN:
            k -= 1
            if k >= self.first and kinds[k] & Word.PREPOSITION:
                k -= 1
        if k < self.first or (self.words[k].endswith(("'s", "s'")) and not kinds[k]):
            return None, False
        if kinds[k] & Word.CONJUNCTION:
            return self._borrowed(k), True
        if kinds[k] & Word.THAT and k == self.first:
            return None, False
        return before(self.t, self.first, k), False

    def _inverted(self, at: int, verb: Verb, *, strict: bool = False) -> Draft | None:
        """`"...", said Caddell`; strictly so where a mark or the end follows the name."""
        frames = verb.frames
        if (
            not (frames & Frame.QUOTE or (verb.particles and self.lexicon.verb_second))
            or frames & Frame.RECIPIENT
            or verb.forms & Form.BASE
            or not self._mark(at - 1)
        ):
            return None
        source = after(self.t, at + 1, self.last)
        if source is None or not self._ends_clause(source):
            return None
        if not frames and self._closing(source[1], verb) is None:
            return None
        # Where the verb comes second, what follows it behind a whole clause is its subject, article and all.
        named = self.t.capital(source[0]) or self.lexicon.verb_second
        if strict and not (named and (not frames or self._stops(source[1]))):
            return None
        source = apposition(self.t, source, self.last)
        draft = Draft(source, (at, at + 1), left=True)
        draft.content = [(self.first, at - 1 if self.kinds[at - 1] & Word.COMMA else at)]
        return self._continued(draft)

    def _ends_clause(self, source: Range) -> bool:
        """Whether a phrase after a verb can be its subject: somebody, and no verb of its own after it."""
        following = self.kinds[source[1]] if source[1] < self.last else Word.PUNCTUATION
        if following & (GROUP | Word.VERBISH | Word.THAT | Word.TO) and not following & (
            Word.ADVERB | Word.RELATIVE
        ):
            return False
        if self.kinds[source[0]] & Word.PRONOUN and not self.kinds[source[0]] & Word.DETERMINER:
            return bool(following & Word.PUNCTUATION)
        some = Word.DETERMINER | Word.POSSESSIVE | Word.ANONYMOUS | Word.TITLE
        return bool(self.kinds[source[0]] & some) or any(map(self.t.capital, range(*source)))

    def _opening_phrase(self, source: Range) -> bool:
        before_it = self.kinds[source[0] - 1] if source[0] > self.first else 0
        return bool(before_it & (Word.PREPOSITION | Word.SUBORDINATOR))

    def _second(self, group: int, at: int) -> Draft | None:
        """`Am Montag sagte Merkel, ...`: the subject follows a verb in the second place."""
        source = after(self.t, at + 1, self.end)
        if source is None or self._mark(group - 1):
            return None
        if group == self.first + 1 and self.kinds[self.first] & Word.DETERMINER:  # `Das sagte Merkel`
            return Draft(source, (group, at + 1), [(self.first, group)], left=True)
        if source[1] >= self.end or not self.kinds[self.first] & (Word.PREPOSITION | Word.ADVERB | Word.TIME):
            return None
        start = source[1]
        while start < self.end and not self._mark(start) and not self.kinds[start] & Word.THAT:
            start += 1
        if start >= self.end:
            return None
        start += self._mark(start) and not self.kinds[start] & Word.QUOTE
        return Draft(source, (group, at + 1), [(start, self.end)]) if start < self.end else None
