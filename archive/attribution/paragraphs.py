"""What the sentences of a paragraph say together: quotations that go on, and attributions inside others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.attribution.drafts import CUES
from archive.attribution.quotes import quotations
from archive.attribution.sentence import Sentence
from archive.attribution.words import Word

if TYPE_CHECKING:
    from archive.attribution.drafts import Draft
    from archive.attribution.tokens import Tokens
    from archive.attribution.words import Lexicon

Range = tuple[int, int]


class Quoted:
    """The quotations of a paragraph and the drafts of its sentences."""

    def __init__(self, tokens: Tokens, lexicon: Lexicon, sentences: list[Range]) -> None:
        self.tokens = tokens
        self.lexicon = lexicon
        self.sentences = sentences
        self.first, self.last = sentences[0][0], sentences[-1][1]
        self.quotes = quotations(tokens, self.first, self.last)
        self.inside = bytearray(self.last - self.first)
        for quote in self.quotes:
            low, high = quote.first - self.first, quote.last - self.first
            self.inside[low:high] = b"\1" * (high - low)
        self.drafts: list[list[Draft]] = []
        self.latest: Draft | None = None

    def add(self, drafts: list[Draft]) -> None:
        """Take the drafts of the next sentence."""
        self.drafts.append(drafts)

    def settled(self, previous: Draft | None) -> list[Draft]:
        """All drafts with their contents cut, nested and continued; `previous` spoke before it."""
        kept: list[Draft] = []
        for drafts in self.drafts:
            self._cut(drafts)
            for draft in drafts:
                draft.content = [r for r in draft.content if r[1] > r[0]]
            kept += [draft for draft in drafts if draft.content or draft.pending]
        for draft in kept:
            self._measure(draft)
        self._continue(kept, previous)
        for draft in kept:
            self._measure(draft)
        return kept + self._inner(kept)

    def _measure(self, draft: Draft) -> None:
        """How much of the content is quotation."""
        inside = sum(
            sum(self.inside[a - self.first : b - self.first]) for a, b in draft.content if a >= self.first
        )
        length = sum(b - a for a, b in draft.content)
        draft.direct = draft.direct or inside > 0
        draft.whole = inside >= length - 2

    def _inner(self, drafts: list[Draft]) -> list[Draft]:
        """What is said to have been said inside the quotations that belong to a draft."""
        found: list[Draft] = []
        kinds = self.tokens.kinds
        for quote in self.quotes:
            if quote.last - quote.first < 8:
                continue
            for first, last in self.sentences:
                low, high = max(first, quote.first + 1), min(last, quote.last - quote.closed)
                if high - low < 4 or not any(kinds[k] & CUES for k in range(low, high)):
                    continue
                outer = next((d for d in drafts if any(a <= low < b for a, b in d.content)), None)
                if outer is not None:
                    found += self._within(Sentence(self.tokens, self.lexicon, low, high).read_quoted(), outer)
        return found

    def _within(self, drafts: list[Draft], outer: Draft) -> list[Draft]:
        self._cut(drafts)
        for draft in drafts:
            draft.content = [r for r in draft.content if r[1] > r[0]]
            draft.within = draft.within or outer
        return drafts

    def _cut(self, drafts: list[Draft]) -> None:
        """Where one content runs over a later cue: end it there, or keep the later one inside it."""
        for at, draft in enumerate(drafts):
            for later in drafts[at + 1 :]:
                self._meet(draft, later)

    def _meet(self, draft: Draft, later: Draft) -> None:
        if later.second:
            if later.within is None:
                draft.content = self._without(draft.content, later)
                _enclose(later, draft)
                later.content = list(draft.content)
            return
        if later.left and not later.borrowed and later.content and later.content[0][0] <= draft.first:
            last = later.content[0][1]
            if draft.last <= last and not draft.left:
                draft.content = [(a, min(b, last)) for a, b in draft.content]
                _enclose(draft, later)
            return
        for place, (first, last) in enumerate(draft.content):
            if first <= later.first < last:
                self._part(draft, place, later)
                return

    def _part(self, draft: Draft, place: int, later: Draft) -> None:
        """End a content before the later cue that stands beside it, or put that inside."""
        first = draft.content[place][0]
        stop = self._joint(later.first, first, later)
        if stop is None and draft.view and later.source:
            stop = later.first if self.tokens.kinds[later.source[0]] & Word.RELATIVE else None
        if stop is None:
            _enclose(later, draft)
        else:
            draft.content[place : place + 2] = [(first, stop)]

    def _without(self, content: list[Range], aside: Draft) -> list[Range]:
        """What is said without an aside about whose word it is: `, citing officials, that ...`."""
        kept: list[Range] = []
        for first, last in content:
            if not first <= aside.first < last:
                kept.append((first, last))
                continue
            kept.append((first, aside.first - bool(self.tokens.kinds[aside.first - 1] & Word.COMMA)))
            after = aside.last
            if after < last and self.tokens.kinds[after] & Word.COMMA:
                kept.append((after + 1, last))
        return [part for part in kept if part[1] > part[0]] or content

    def _joint(self, begin: int, first: int, later: Draft) -> int | None:
        """Where the earlier content ends if the later attribution stands beside it, else None."""
        kinds = self.tokens.kinds
        k = begin - 1
        while k > first and kinds[k] & Word.ADVERB and not kinds[k] & Word.SUBORDINATOR:
            k -= 1
        if k <= first:
            beside = Word.CONJUNCTION | Word.PUNCTUATION | Word.SUBORDINATOR
            return k if k == first and kinds[k] & beside else None
        if kinds[k] & Word.CONJUNCTION or (later.borrowed and kinds[k] & Word.COMMA):
            return k - 1 if kinds[k - 1] & Word.COMMA else k
        if kinds[k] & Word.SUBORDINATOR and self.tokens.words[k] in self.lexicon.lists["beside"]:
            return k - 1 if kinds[k - 1] & Word.COMMA else k
        if later.borrowed or self.tokens.words[k] == ";":
            return k if kinds[k] & Word.PUNCTUATION else begin
        return None

    def _continue(self, drafts: list[Draft], previous: Draft | None) -> None:
        """Sentences that are all quotation belong to who spoke before them in the paragraph, or after."""
        if previous and previous.pending and not previous.content and (self._all_quoted() or not drafts):
            previous.content = [(self.first, self.last)]
            previous.direct = True
        tops = [draft for draft in drafts if draft.within is None]
        speaker = None
        for first, last in self.sentences:
            mine = [d for d in tops if first <= d.cue[0] < last]
            if mine:
                quoting = [d for d in mine if d.direct]
                speaker = quoting[-1] if quoting else mine[-1]
                continue
            if not (self.inside[first - self.first] and self.inside[last - 1 - self.first]):
                continue
            known = [*tops, previous] if previous else tops
            if any(a <= first < b for d in known for a, b in d.content):
                continue
            who = speaker or next((d for d in tops if d.cue[0] >= last and d.direct), None) or previous
            if who is not None:
                self._join(who, (first, last))
        self.latest = speaker if speaker is not None else (previous if self._all_quoted() else None)

    def _all_quoted(self) -> bool:
        return bool(self.inside) and all(self.inside)

    def _join(self, draft: Draft, sentence: Range) -> None:
        for place, (first, last) in enumerate(draft.content):
            if last == sentence[0] > self.first:
                draft.content[place] = (first, sentence[1])
                return
        draft.content.append(sentence)
        draft.content.sort()
        draft.direct = True


def _enclose(inner: Draft, outer: Draft) -> None:
    """Put one draft into another, unless it is in one already or that would close a circle."""
    around: Draft | None = outer
    while around is not None and around is not inner:
        around = around.within
    if around is None and inner.within is None:
        inner.within = outer
