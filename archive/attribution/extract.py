"""Attributions: where a passage says that its content comes from someone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archive.attribution.credits import credits_of
from archive.attribution.naming import Naming
from archive.attribution.paragraphs import Quoted
from archive.attribution.resolve import Authority, shipped
from archive.attribution.sentence import Sentence
from archive.attribution.tokens import Tokens, tokens
from archive.attribution.words import Lexicon, Word, lexicon
from archive.model import Attribution, AttributionKind, ClaimedSource, Method, ParagraphKind, SourceKind, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archive.attribution.drafts import Draft
    from archive.model import Paragraph, Passage

METHOD = "attribution"
RULES = "1"
"""The version of the rules; the lexicon's language and version follow it in what is written."""
_MOST = 200
"""The most passages that are read together, and tokens of one: what is longer is read in parts."""


def extract(
    text: str,
    passages: Sequence[Passage],
    paragraphs: Sequence[Paragraph],
    language: str | None,
    authority: Authority | None = None,
) -> tuple[Attribution, ...]:
    """The attributions of a canonical text in its order; none where its language has no lexicon.

    `authority` knows the outlets' names; without one it is the shipped authority file. `within` leads
    from the inner link of a chain to the one that encloses it.
    """
    words = lexicon(language)
    if words is None or not passages:
        return ()
    authority = authority or shipped()
    method = method_for(language)
    found = tokens(text, passages, words)
    drafts: list[Draft] = []
    for paragraph in _by_paragraph(text, found, passages, paragraphs, words):
        drafts += paragraph
    writer = _Writer(found, Naming(found, words, authority), method)
    return writer.written(credits_of(text, words, authority, method), [d for d in drafts if d.content])


def method_for(language: str | None) -> Method:
    """The method by which a text in that language is read: rules and lexicon, each with its version."""
    words = lexicon(language)
    return Method(METHOD, f"{RULES}+{words.language}{words.version}" if words else f"{RULES}+none")


def _by_paragraph(
    text: str,
    found: Tokens,
    passages: Sequence[Passage],
    paragraphs: Sequence[Paragraph],
    lexicon: Lexicon,
) -> Iterator[list[Draft]]:
    headlines = {p.span.start for p in paragraphs if p.kind is ParagraphKind.HEADLINE}
    previous: Draft | None = None
    for first, end in _ranges(text, passages):
        sentences = [part for whole in found.sentences[first:end] for part in _parts(*whole)]
        headline = passages[first].kind is ParagraphKind.HEADLINE or passages[first].span.start in headlines
        quoted = Quoted(found, lexicon, sentences)
        for at, (low, high) in enumerate(sentences):
            begin = sentences[at - 1][0] if at and _asked(found, low, high) else low
            sentence = Sentence(found, lexicon, begin, high)
            speaker = sentence.speaker(headline=headline) if not at else None
            drafts = sentence.read(quoted.inside, quoted.first, headline=headline)
            quoted.add([speaker] if speaker else drafts)
        yield quoted.settled(previous)
        previous = quoted.latest


def _parts(first: int, last: int) -> Iterator[tuple[int, int]]:
    """A sentence's tokens, in parts where they are too many to be one."""
    for begin in range(first, max(last, first + 1), _MOST):
        yield begin, min(last, begin + _MOST)


def _asked(found: Tokens, at: int, end: int) -> bool:
    """Whether a sentence goes on after a quoted question or cry: `"Why?" Mr. Smith said.`"""
    kinds, words = found.kinds, found.words
    if end - at < 2 or kinds[at] & Word.QUOTE or not kinds[at - 1] & Word.QUOTE:
        return False
    return words[at - 2] in ("?", "!", "\u2026") or (end - at < 9 and bool(kinds[end - 2] & Word.CUE_VERB))


def _ranges(text: str, passages: Sequence[Passage]) -> Iterator[tuple[int, int]]:
    """The paragraphs as ranges of passages: a line feed stands between them."""
    first = 0
    for at in range(1, len(passages)):
        parted = text.find("\n", passages[at - 1].span.end, passages[at].span.start) >= 0
        if parted or at - first >= _MOST:
            yield first, at
            first = at
    yield first, len(passages)


class _Writer:
    """Turns drafts into attributions."""

    def __init__(self, found: Tokens, naming: Naming, method: Method) -> None:
        self.found = found
        self.naming = naming
        self.method = method
        self.made: list[Attribution] = []
        self.place: dict[int, int] = {}

    def written(self, before: Iterator[Attribution], drafts: list[Draft]) -> tuple[Attribution, ...]:
        """The credits, then the drafts in their order, a hearer before what it was told."""
        self.made = list(before)
        waiting: list[tuple[int, Draft]] = []
        for draft in drafts:
            resolved = self.naming.of(draft, quoted=draft.nested)
            within = self._hearsay(draft, resolved)
            self.place[id(draft)] = len(self.made)
            if within is None and draft.within is not None:
                waiting.append((len(self.made), draft.within))
            self.made.append(self._attribution(draft, resolved, within))
        for at, outer in waiting:
            self.made[at] = _inside(self.made[at], self.place.get(id(outer)))
        return tuple(self.made)

    def _attribution(self, draft: Draft, resolved: ClaimedSource, within: int | None) -> Attribution:
        source = (self._span(*draft.source),) if draft.source else ()
        content = tuple(self._span(a, b) for a, b in draft.content)
        return Attribution(
            source,
            (self._span(*draft.cue),),
            content,
            self._kind(draft, resolved),
            resolved,
            self.method,
            within,
        )

    def _kind(self, draft: Draft, resolved: ClaimedSource) -> AttributionKind:
        if draft.second:
            return AttributionKind.HEARSAY
        if draft.direct:
            return AttributionKind.DIRECT if draft.whole else AttributionKind.MIXED
        kinds = self.found.kinds
        if resolved.kind is SourceKind.DOCUMENT:
            return AttributionKind.DOCUMENT
        if draft.source and any(kinds[k] & Word.DOCUMENT for k in range(*draft.source)):
            return AttributionKind.DOCUMENT
        return AttributionKind.INDIRECT

    def _hearsay(self, draft: Draft, resolved: ClaimedSource) -> int | None:
        """`X told Reuters that`: Reuters says that X said so."""
        if draft.hearer is None or draft.source is None or resolved.kind is SourceKind.OUTLET:
            return None
        heard = self.naming.outlet(draft.hearer)
        if heard is None:
            return None
        said = (self._span(min(draft.source[0], draft.cue[0]), draft.cue[1]),)
        content = tuple(sorted((*said, *(self._span(a, b) for a, b in draft.content))))
        self.made.append(
            Attribution(
                (self._span(*draft.hearer),),
                (self._span(*draft.cue),),
                content,
                AttributionKind.HEARSAY,
                heard,
                self.method,
            )
        )
        return len(self.made) - 1

    def _span(self, first: int, last: int) -> Span:
        return Span(self.found.starts[first], self.found.ends[last - 1])


def _inside(attribution: Attribution, outer: int | None) -> Attribution:
    return replace(attribution, within=outer)
