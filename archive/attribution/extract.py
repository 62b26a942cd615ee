"""Attributions: where a passage says that its content comes from someone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.attribution.frames import Draft, Sentence
from archive.attribution.naming import Naming
from archive.attribution.paragraphs import Quoted
from archive.attribution.resolve import Authority, shipped
from archive.attribution.tokens import Tokens, tokens
from archive.attribution.words import Lexicon, Word, lexicon
from archive.model import Attribution, AttributionKind, Method, ParagraphKind, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archive.model import Paragraph, Passage

METHOD = "attribution"
RULES = "1"


def method_for(language: str | None) -> Method:
    """The method by which a text in that language is read: our rules and its lexicon, each with its version."""
    words = lexicon(language)
    return Method(METHOD, f"{RULES}+{words.language}{words.version}" if words else f"{RULES}+none")


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
    method = method_for(language)
    drafts = list(_drafts(text, found, passages, words))
    return _attributions(found, drafts, method, Naming(found, authority or shipped()))


def _drafts(text: str, found: Tokens, passages: Sequence[Passage], lexicon: Lexicon) -> Iterator[Draft]:
    last: Draft | None = None
    for first, end in _ranges(text, passages):
        quoted = Quoted(found, found.sentences[first:end])
        for at in range(first, end):
            low, high = found.sentences[at]
            headline = passages[at].kind is ParagraphKind.HEADLINE
            if at > first and _asked(found, low):
                low = found.sentences[at - 1][0]
            sentence = Sentence(found, lexicon, low, high)
            quoted.add(sentence.read(quoted.inside, quoted.first, headline=headline))
        drafts = quoted.settled(last)
        yield from drafts
        last = quoted.latest


def _asked(found: Tokens, at: int) -> bool:
    """Whether a sentence goes on after a quoted question or cry: `"Why?" Mr. Smith said.`"""
    kinds, words = found.kinds, found.words
    if at + 1 >= len(words) or kinds[at] & Word.QUOTE:
        return False
    return bool(kinds[at - 1] & Word.QUOTE) and words[at - 2] in ("?", "!")


def _ranges(text: str, passages: Sequence[Passage]) -> list[tuple[int, int]]:
    """The paragraphs as ranges of passages."""
    ranges: list[tuple[int, int]] = []
    first = 0
    for at in range(1, len(passages) + 1):
        if at == len(passages) or "\n" in text[passages[at - 1].span.end : passages[at].span.start]:
            ranges.append((first, at))
            first = at
    return ranges if passages else []


def _attributions(
    found: Tokens, drafts: list[Draft], method: Method, naming: Naming
) -> tuple[Attribution, ...]:
    place = {id(draft): at for at, draft in enumerate(drafts)}
    made: list[Attribution] = []
    for draft in drafts:
        content = tuple(_span(found, a, b) for a, b in draft.content)
        kind = AttributionKind.DIRECT if draft.direct else AttributionKind.INDIRECT
        made.append(
            Attribution(
                (_span(found, *draft.source),) if draft.source else (),
                (_span(found, *draft.cue),),
                content,
                kind,
                naming.of(draft),
                method,
                place[id(draft.within)] if draft.within else None,
            )
        )
    return tuple(made)


def _span(found: Tokens, first: int, last: int) -> Span:
    return Span(found.starts[first], found.ends[last - 1])
