"""Credits: where an item says whose copy it is, `DALLAS (AP) -`, `(Reporting by ...)`, `h/t: The Hill`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.model import Attribution, AttributionKind, ClaimedSource, SourceKind, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archive.attribution.resolve import Authority
    from archive.attribution.words import Lexicon
    from archive.model import Method

_TOP = 5
"""How many lines from the top a byline stands, and how long it is at most, in characters."""
_SHORT = 40
_BEGINNING = 2000
"""How far into a text a dateline stands, in characters."""


def credits_of(text: str, lexicon: Lexicon, authority: Authority, method: Method) -> Iterator[Attribution]:
    """The credits of a text, each with all the text after it (a dateline) or before it as its content."""
    yield from _dateline(text, lexicon, authority, method)
    yield from _byline(text, lexicon, authority, method)
    for mark, pattern in lexicon.credits:
        at = text.find(mark)
        while at >= 0:
            start = text.rfind("\n", 0, at) + 1
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            for match in pattern.finditer(text[start:end]):
                people = "people" in pattern.groupindex
                source = _shifted(match.span("people" if people else "source"), start)
                cue = _shifted(match.span("cue"), start)
                content = _bare(text, Span(0, start + match.start()))
                resolved = _source(source.of(text), authority, people=people)
                if len(content):
                    yield Attribution((source,), (cue,), (content,), AttributionKind.CREDIT, resolved, method)
            at = text.find(mark, end)


def _dateline(text: str, lexicon: Lexicon, authority: Authority, method: Method) -> Iterator[Attribution]:
    """The first dateline that names an agency, as `BERLIN (dpa) -` or `Reuters -` do."""
    for match in lexicon.datelines.finditer(text, 0, _BEGINNING):
        which = "" if match["source"] is not None else "1"
        name = match[f"source{which}"]
        key = authority.resolve(name)
        if key is not None and authority.entry(key).kind == "agency":
            source, cue = Span(*match.span(f"source{which}")), Span(*match.span(f"cue{which}"))
            content = _bare(text, Span(match.end(), len(text)))
            resolved = _source(name, authority, people=False)
            if len(content):
                yield Attribution((source,), (cue,), (content,), AttributionKind.CREDIT, resolved, method)
            return


def _byline(text: str, lexicon: Lexicon, authority: Authority, method: Method) -> Iterator[Attribution]:
    """A line that is nothing but an agency's name, with `By` or without, below the heading or at the end."""
    lines = _lines(text)
    for start, end in (*lines[1:_TOP], *lines[max(_TOP, len(lines) - 2) :]):
        match = lexicon.byline.match(text[start:end]) if end - start < _SHORT else None
        key = authority.resolve(match["source"]) if match else None
        if match and key and authority.entry(key).kind == "agency":
            source = _shifted(match.span("source"), start)
            cue = Span(start, source.start).of(text).rstrip()
            content = _bare(text, Span(end, len(text)) if len(text) - end > start else Span(0, start))
            resolved = _source(match["source"], authority, people=False)
            where = Span(start, start + len(cue)) if cue else source
            if len(content):
                yield Attribution((source,), (where,), (content,), AttributionKind.CREDIT, resolved, method)
            return


def _lines(text: str) -> list[tuple[int, int]]:
    """The lines of a text that have words, as offsets."""
    found = []
    start = 0
    for line in text.split("\n"):
        if line.strip():
            found.append((start, start + len(line)))
        start += len(line) + 1
    return found


def _source(words: str, authority: Authority, *, people: bool) -> ClaimedSource:
    name = words.strip()
    key = authority.resolve(name)
    if key:
        return ClaimedSource(SourceKind.OUTLET, authority.entry(key).name.removeprefix("The "), key)
    return ClaimedSource(SourceKind.PERSON if people else SourceKind.UNRESOLVED, name)


def _shifted(span: tuple[int, int], by: int) -> Span:
    return Span(span[0] + by, span[1] + by)


def _bare(text: str, span: Span) -> Span:
    words = text[span.start : span.end]
    start = span.start + len(words) - len(words.lstrip())
    return Span(start, max(start, span.start + len(words.rstrip())))
