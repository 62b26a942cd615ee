"""Mentions of outlets in running text, whether or not anything is attributed to them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from archive.attribution.words import Word, lexicon
from archive.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archive.attribution.resolve import Authority, Entry
    from archive.attribution.words import Lexicon

_WORD = re.compile(r"\w[\w.'\u2019]*|[&\u2013-]")
_ENDING = re.compile(r"(?:['\u2019]s?|\.)+$")
_STOPS = '.!?\n\u201c"\u2022:'
_LONGEST = 6
"""The most words before the last of a name that is proposed."""

Token = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of text that names an outlet: the key of its entry, or None where it is only proposed."""

    span: Span
    key: str | None


def mentions(text: str, language: str | None, authority: Authority) -> tuple[Mention, ...]:
    """The outlets that a text names, in its order: those with an entry, and names that look like one.

    A name is taken as it is written, capitals and all; names that are also words or people's need a
    verb of saying, their article or `magazine` beside them.
    """
    words = lexicon(language) or lexicon("en")
    if words is None:
        return ()
    return tuple(_Reader(text, words, authority).read())


class _Reader:
    def __init__(self, text: str, lexicon: Lexicon, authority: Authority) -> None:
        self.text = text
        self.lexicon = lexicon
        self.authority = authority
        self.tokens: list[Token] = [(*m.span(), _ENDING.sub("", m.group())) for m in _WORD.finditer(text)]
        self.names = _names(authority)
        self.short: dict[str, str | None] = {}

    def read(self) -> Iterator[Mention]:
        at = 0
        while at < len(self.tokens):
            found = self._known(at) or self._shortened(at) or self._proposed(at)
            if found is None:
                at += 1
                continue
            mention, last = found
            if last - at > 1:
                self.short[self.tokens[last - 1][2]] = mention.key
            at = last
            yield mention

    def _shortened(self, at: int) -> tuple[Mention, int] | None:
        """`The Post` after the New York Post."""
        word = self.tokens[at][2]
        if (
            word not in self.short
            or word not in self.authority.last_words
            or self._word(at - 1).lower() not in self.lexicon.lists["article"]
        ):
            return None
        if self._joined(at) and self._word(at + 1)[:1].isupper():
            return None
        return Mention(self._span(at, at + 1), self.short[word]), at + 1

    def _known(self, at: int) -> tuple[Mention, int] | None:
        for parts, entry in self.names.get(self.tokens[at][2], ()):
            last = at + len(parts)
            if all(self._word(at + k) == part for k, part in enumerate(parts)) and self._fits(
                at, last, entry
            ):
                return Mention(self._span(at, last), entry.key), last
        return None

    def _fits(self, at: int, last: int, entry: Entry) -> bool:
        before, following = self._word(at - 1), self._word(last)
        if following in self.authority.never_followed and self._joined(last - 1):
            return False
        sure = entry.common or (last - at == 1 and self.tokens[at][2].islower())
        if entry.article:
            return before.lower() in self.lexicon.lists["article"] and (
                self._says(last) or (before[:1].isupper() and not self._opens(at - 1))
            )
        if sure:
            named = following.lower() in self.lexicon.lists["outlet_noun"]
            return named or (self._says(last) and not self._opens(at))
        if last - at > 1 or not self._joined(at - 1):
            return True
        kind = self.lexicon.words.get(before.lower(), 0)
        return not before[:1].isupper() or bool(kind & ~Word.TITLE) or before.isupper()

    def _proposed(self, at: int) -> tuple[Mention, int] | None:
        word = self.tokens[at][2]
        if not word[:1].isupper() or self._is_shared(at) or self._word(at - 1) in ("-", "&"):
            return None
        for last in range(min(at + _LONGEST, len(self.tokens)), at + 1, -1):
            if self.tokens[last - 1][2] not in self.authority.last_words:
                continue
            span = self._span(at, last)
            name = span.of(self.text)
            if any((known := self._known(k)) and known[1] == last for k in range(at + 1, last)):
                return None
            if (
                "\n" not in name
                and self.authority.proposes(_ENDING.sub("", name))
                and self._is_whole(at, last)
            ):
                return Mention(span, None), last
        return None

    def _is_shared(self, at: int) -> bool:
        kind = self.lexicon.words.get(self.tokens[at][2].lower(), 0)
        return bool(
            kind & (Word.DETERMINER | Word.PREPOSITION | Word.SUBORDINATOR | Word.CONJUNCTION | Word.PRONOUN)
        )

    def _is_whole(self, at: int, last: int) -> bool:
        if self._joined(last - 1) and self._word(last)[:1].isupper():
            return False
        inner = range(at, last - 1)
        if any(self.text[self.tokens[k][1] - 1] == "." and len(self.tokens[k][2]) > 2 for k in inner):
            return False
        if any(self._is_plain(k) for k in range(at, last)):
            return False
        return all(self._joined(k) for k in inner) and not self._is_person(at)

    def _is_plain(self, at: int) -> bool:
        """Whether a capitalised word is one that only a headline writes so."""
        kind = self.lexicon.words.get(self.tokens[at][2].lower(), 0)
        plain = Word.PREPOSITION | Word.VERBISH | Word.PRONOUN | Word.BE | Word.MODAL | Word.SUBORDINATOR
        return self.tokens[at][2][:1].isupper() and bool(kind & (plain | Word.POSSESSIVE))

    def _is_person(self, at: int) -> bool:
        return bool(self.lexicon.words.get(self.tokens[at][2].lower(), 0) & Word.TITLE)

    def _word(self, at: int) -> str:
        return self.tokens[at][2] if 0 <= at < len(self.tokens) else ""

    def _says(self, at: int) -> bool:
        """Whether a verb of saying follows, perhaps after an adverb."""
        for k in (at, at + 1):
            kind = self.lexicon.words.get(self._word(k).lower(), 0)
            if kind & Word.CUE_VERB:
                return True
            if not kind & (Word.ADVERB | Word.HAVE | Word.TIME):
                return False
        return False

    def _joined(self, at: int) -> bool:
        """Whether only a space stands between a word and the next."""
        if not 0 <= at < len(self.tokens) - 1:
            return False
        return self.text[self.tokens[at][1] : self.tokens[at + 1][0]] in (" ", "\u00a0", "")

    def _opens(self, at: int) -> bool:
        """Whether a word opens a sentence."""
        start = self.tokens[at][0] if at >= 0 else 0
        return self.text[:start].rstrip(" \u00a0\u2018'(")[-1:] in ("", *_STOPS)

    def _span(self, at: int, last: int) -> Span:
        start = self.tokens[at][0]
        written = self.text[start : self.tokens[last - 1][1]]
        return Span(start, start + len(_ENDING.sub("", written)))


@lru_cache(maxsize=8)
def _names(authority: Authority) -> dict[str, list[tuple[tuple[str, ...], Entry]]]:
    """The names of all entries by their first word, the longest first."""
    found: dict[str, list[tuple[tuple[str, ...], Entry]]] = {}
    for entry in authority:
        for name in (entry.name, *entry.aliases, *entry.domains):
            bare = name.removeprefix("The ").removeprefix("the ")
            parts = tuple(_ENDING.sub("", part) for part in _WORD.findall(bare))
            found.setdefault(parts[0], []).append((parts, entry))
    for listed in found.values():
        listed.sort(key=lambda pair: -len(pair[0]))
    return found
