"""Attributions: where a passage says that its content comes from someone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archive.attribution.frames import Draft, Sentence
from archive.attribution.quotes import quotations
from archive.attribution.resolve import Authority, shipped
from archive.attribution.tokens import Tokens, tokens
from archive.attribution.words import Word, lexicon
from archive.model import Attribution, AttributionKind, ClaimedSource, Method, SourceKind, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archive.model import Paragraph, Passage

METHOD = "attribution"
RULES = "1"


def extract(
    text: str,
    passages: Sequence[Passage],
    paragraphs: Sequence[Paragraph],  # noqa: ARG001 - read from the next version on
    language: str | None,
    authority: Authority | None = None,
) -> tuple[Attribution, ...]:
    """The attributions of a canonical text in its order; none where its language has no lexicon.

    `authority` knows the outlets' names; without one it is the shipped authority file.
    """
    words = lexicon(language)
    if words is None:
        return ()
    found = tokens(text, passages, words)
    method = Method(METHOD, f"{RULES}+{words.language}{words.version}")
    drafts: list[Draft] = []
    for first, last in _ranges(text, passages):
        low, high = found.sentences[first][0], found.sentences[last - 1][1]
        quotes = quotations(found, low, high)
        for sentence in found.sentences[first:last]:
            drafts += Sentence(found, words, *sentence, quotes).read()
    return _named(found, drafts, method, authority or shipped())


def _ranges(text: str, passages: Sequence[Passage]) -> list[tuple[int, int]]:
    """The paragraphs as ranges of passages."""
    ranges: list[tuple[int, int]] = []
    first = 0
    for at in range(1, len(passages) + 1):
        if at == len(passages) or "\n" in text[passages[at - 1].span.end : passages[at].span.start]:
            ranges.append((first, at))
            first = at
    return [r for r in ranges if r[1] > r[0] and passages]


def _span(found: Tokens, first: int, last: int) -> Span:
    return Span(found.starts[first], found.ends[last - 1])


_BARE = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)


def _named(
    found: Tokens, drafts: list[Draft], method: Method, authority: Authority
) -> tuple[Attribution, ...]:
    made: list[Attribution] = []
    latest: str | None = None
    for draft in drafts:
        content = tuple(_span(found, a, b) for a, b in draft.content if b > a)
        if not content or draft.source is None:
            continue
        source = _span(found, *draft.source)
        name, kind = _name(found, draft, latest)
        key = authority.resolve(name)
        kind = SourceKind.OUTLET if key else kind
        if kind is SourceKind.OUTLET:
            latest = name
        made.append(
            Attribution(
                (source,),
                (_span(found, *draft.cue),),
                content,
                AttributionKind.INDIRECT,
                ClaimedSource(kind, name, key),
                method,
            )
        )
    return tuple(made)


def _name(found: Tokens, draft: Draft, latest: str | None) -> tuple[str, SourceKind]:
    source = draft.source or draft.cue
    words = _BARE.sub("", _span(found, *source).of(found.text))
    last = found.kinds[source[1] - 1]
    if last & Word.DOCUMENT:
        head = words.rsplit(" ", 1)[0] if " " in words else ""
        if head and head[0].isupper():
            return head, SourceKind.OUTLET
        if latest and not head:
            return latest, SourceKind.OUTLET
        return words, SourceKind.DOCUMENT
    if last & Word.OUTLET_NOUN and words[:1].isupper():
        return words, SourceKind.OUTLET
    return words, SourceKind.UNRESOLVED
