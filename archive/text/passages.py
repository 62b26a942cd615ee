"""Passages: the sentences and headings of a canonical text, each with its span."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from archive.model import Paragraph, ParagraphKind, Passage, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WHOLE = {ParagraphKind.HEADLINE, ParagraphKind.CROSSHEAD, ParagraphKind.BYLINE}
"""Kinds of paragraph that are one passage, whatever stops stand in them."""

# A stop with what closes after it, then white space; or a full-width stop, which needs none.
_STOP = re.compile(
    r"(?:(?P<stop>[.!?\u2026]+)[\"'\u2019\u201d\u201c\u2018\u00bb\u00ab)\]]*(?=\s)"
    r"|[\u3002\uff01\uff1f]+[\u300d\u300f\u201d\uff09]*)\s*"
)
_OPENERS = "\"'\u201c\u2018\u201e\u201a\u00ab\u00bb([\u2014\u2013-*\u2022 "
_WORD_BEFORE = re.compile(r"[^\s\"'\u201c\u2018\u201e\u2019(\[\u2014\u2013/-]*$")
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")


def passages(text: str, paragraphs: Sequence[Paragraph], language: str | None) -> tuple[Passage, ...]:
    """The passages of a canonical text in its order: sentences of running text, headings whole.

    `language` is a BCP 47 tag or None (taken as English); without paragraphs every line is one.
    """
    words = _words((language or "en").partition("-")[0].lower())
    found: list[Passage] = []
    for paragraph in paragraphs or _lines(text):
        for start, end in _sentences(text, paragraph, words):
            found.append(Passage(len(found) + 1, Span(start, end), paragraph.kind))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Words:
    """The word lists of a language (English ones where there are none for it)."""

    tongue: str
    never_last: frozenset[str]
    perhaps_last: frozenset[str]
    begins: frozenset[str]
    after_ordinal: frozenset[str]


@cache
def _words(tongue: str) -> _Words:
    lists = tomllib.loads(resources.files(__package__).joinpath("sentences.toml").read_text(encoding="utf-8"))
    words = lists.get(tongue, lists["en"])
    names = ("never_last", "perhaps_last", "begins", "after_ordinal")
    return _Words(tongue, *(frozenset(words.get(name, "").split()) for name in names))


def _lines(text: str) -> Iterator[Paragraph]:
    start = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            yield Paragraph(Span(start, start + len(line)))
        start += len(line)


def _sentences(text: str, paragraph: Paragraph, words: _Words) -> Iterator[tuple[int, int]]:
    start, end = _trimmed(text, paragraph.span.start, paragraph.span.end)
    if paragraph.kind not in _WHOLE:
        for match in _STOP.finditer(text, start, end):
            if match.end() < end and _ends(text, match, start, end, words):
                yield start, start + len(text[start : match.end()].rstrip())
                start = match.end()
    if start < end:
        yield start, end


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    stretch = text[start:end]
    start += len(stretch) - len(stretch.lstrip())
    return start, max(start, start + len(stretch.strip()))


def _ends(text: str, match: re.Match[str], start: int, end: int, words: _Words) -> bool:
    """Whether the stop ends a sentence, by what stands on its two sides."""
    stop = match["stop"]
    if stop is None:
        return True
    at = match.end()
    while at < end and text[at] in _OPENERS:
        at += 1
    if at < end and text[at].islower():
        return False
    if stop != ".":
        return True
    following = _WORD.match(text, at, end)
    return _full_stop(text[max(start, match.start() - 40) : match.start()], following, words)


def _full_stop(before: str, following: re.Match[str] | None, words: _Words) -> bool:
    """Whether a single point ends a sentence rather than an abbreviation, an initial or an ordinal."""
    found = _WORD_BEFORE.search(before)
    word = found.group() if found else ""
    lower = word.lower().rstrip(".")
    next_word = following.group().lower() if following else ""
    if lower in words.never_last or (lower == "no" and next_word.isdigit()):
        return False
    if lower in words.perhaps_last or _INITIALS.fullmatch(word):
        return next_word in words.begins and not (len(word) == 1 and word != "I")
    if words.tongue == "de" and word.isdigit() and len(word) <= 2:
        return next_word in words.begins and next_word not in words.after_ordinal
    return True
