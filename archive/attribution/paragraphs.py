"""What the sentences of a paragraph say together: quotations that go on, and attributions inside others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.attribution.quotes import quotations
from archive.attribution.words import Word

if TYPE_CHECKING:
    from archive.attribution.frames import Draft
    from archive.attribution.tokens import Tokens

Range = tuple[int, int]

_BESIDE = {"when", "while", "after", "before", "although", "though", "as"}


class Quoted:
    """The quotations of a paragraph and the drafts of its sentences."""

    def __init__(self, tokens: Tokens, sentences: list[Range]) -> None:
        self.tokens = tokens
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
        """All drafts with their contents cut, nested and continued; `previous` spoke before this paragraph."""
        kept: list[Draft] = []
        for drafts in self.drafts:
            self._cut(drafts)
            for draft in drafts:
                draft.content = [r for r in draft.content if r[1] > r[0]]
                draft.direct = any(self._opens(a, b) for a, b in draft.content)
            kept += [draft for draft in drafts if draft.content]
        self._continue(kept, previous)
        return kept

    def _opens(self, first: int, last: int) -> bool:
        return any(q.first < last and first < q.last for q in self.quotes)

    def _cut(self, drafts: list[Draft]) -> None:
        """Where one content runs over a later cue: end it there, or keep the later one inside it."""
        for at, draft in enumerate(drafts):
            for later in drafts[at + 1 :]:
                self._meet(draft, later)

    def _meet(self, draft: Draft, later: Draft) -> None:
        if later.left and not later.borrowed and later.content and later.content[0][0] <= draft.first:
            if draft.last <= later.content[0][1] and not draft.left:
                stop = later.content[0][1]
                draft.content = [(a, min(b, stop)) for a, b in draft.content]
                draft.within = draft.within or later
            return
        for place, (first, last) in enumerate(draft.content):
            begin = later.first
            if first <= begin < last:
                stop = self._joint(begin, first, later)
                if stop is None:
                    later.within = later.within or draft
                else:
                    draft.content[place : place + 2] = [(first, stop)]
                return

    def _joint(self, begin: int, first: int, later: Draft) -> int | None:
        """Where the earlier content ends if the later attribution stands beside it, else None."""
        kinds = self.tokens.kinds
        k = begin - 1
        if k <= first:
            return k if k == first and kinds[k] & (Word.CONJUNCTION | Word.PUNCTUATION) else None
        if kinds[k] & Word.CONJUNCTION or (later.borrowed and kinds[k] & Word.COMMA):
            return k - 1 if kinds[k - 1] & Word.COMMA else k
        if kinds[k] & Word.SUBORDINATOR and self.tokens.words[k] in _BESIDE:
            return k - 1 if kinds[k - 1] & Word.COMMA else k
        if later.borrowed or self.tokens.words[k] == ";":
            return k if kinds[k] & Word.PUNCTUATION else begin
        return None

    def _continue(self, drafts: list[Draft], previous: Draft | None) -> None:
        """Sentences that are all quotation belong to who spoke before them in the paragraph, or after."""
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
            if any(a <= first < b for d in tops for a, b in d.content):
                continue
            who = speaker or next((d for d in tops if d.cue[0] >= last and d.direct), None) or previous
            if who is not None:
                self._join(who, (first, last))
        self.latest = speaker if speaker is not None else (previous if self._all_quoted() else None)

    def _all_quoted(self) -> bool:
        return bool(self.inside) and all(self.inside)

    def _join(self, draft: Draft, sentence: Range) -> None:
        for place, (first, last) in enumerate(draft.content):
            if last == sentence[0]:
                draft.content[place] = (first, sentence[1])
                return
        draft.content.append(sentence)
        draft.content.sort()
        draft.direct = True
