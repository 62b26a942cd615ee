"""Canonical text, rule `canon-text/1`: the readable text after a numbered normalisation, with its digests.

What readers and copies change without changing what is said (line ends, composition, invisible
characters, typographic quotes and dashes, white space) is made the same; case, digits, accents and
punctuation stay. It is not NFKC: that would make `2²` and `22` one text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.digest import Digest
from archive.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

RULE = "canon-text/1"
"""The rule's name and number: a change of anything below is a new number."""

UNICODE_VERSION = unicodedata.unidata_version
"""The Unicode version that NFC was computed with."""

_SINGLE_QUOTES = "\u02bc\u2018\u2019\u201a\u201b\u2032\u2039\u203a"
_DOUBLE_QUOTES = "\u00ab\u00bb\u201c\u201d\u201e\u201f\u2033\u2e42\u301d\u301e\u301f"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2e3a\u2e3b\ufe58\ufe63"
_BULLETS = "\u2023\u2043\u2219\u25aa\u25ab\u25cf\u25e6\u2981"
_LIGATURES = {
    0xFB00: "ff",
    0xFB01: "fi",
    0xFB02: "fl",
    0xFB03: "ffi",
    0xFB04: "ffl",
    0xFB05: "st",
    0xFB06: "st",
}

# Not white space (that is folded, not dropped), not the joiners, not variation selectors and tags: the
# last two tell one picture or flag from another.
_CONTROLS = "\x00-\x08\x0e-\x1b\x7f"
_INVISIBLE = (
    "\x80-\x84\x86-\x9f\u00ad\u034f\u061c\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
)

# ZWNJ and ZWJ shape Arabic, Syriac, N'Ko, the Indic scripts, Tibetan, Khmer, Mongolian and emoji; after
# anything else (Latin, Greek, Cyrillic, Georgian, Ethiopic, Han, white space) they are invisible noise.
_JOINED = (
    "\u0590-\u109f\u1700-\u18af\u1900-\u1cff\ua800-\ua8ff\ua980-\ua9df\uaa00-\uabff\ufb1d-\ufdff\ufe0f\ufe70-\ufefc"
    "\u2190-\u27bf\u2b00-\u2bff\U00010a00-\U00011fff\U0001e900-\U0001e95f\U0001f000-\U0001faff"
)
_STRAY_JOINERS = re.compile(f"(?<![{_JOINED}\u200c\u200d])[\u200c\u200d]+")
_DROPPED = re.compile(f"[{_CONTROLS}{_INVISIBLE}]+")
_DROPPED_ASCII = re.compile(f"[{_CONTROLS}]+")


def _folds() -> dict[str, str]:
    folds = dict.fromkeys(_SINGLE_QUOTES, "'")
    folds |= dict.fromkeys(_DOUBLE_QUOTES, '"')
    folds |= dict.fromkeys(_DASHES, "-")
    folds |= dict.fromkeys(_BULLETS, "\u2022")
    folds |= {chr(point): letters for point, letters in _LIGATURES.items()}
    folds |= {chr(0xFEE0 + point): chr(point) for point in range(0x21, 0x7F)}
    return folds | {"\u2026": "..."}


_FOLDS = _folds()
_FOLDED = re.compile(f"[{re.escape(''.join(_FOLDS))}]")
_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class CanonicalText:
    """A canonical text, the spans of its paragraphs, and what it was made by.

    The paragraphs are joined by one LF each, so that every LF is a paragraph's end.
    """

    text: str
    paragraphs: tuple[Span, ...]
    rule: str = RULE
    unicode_version: str = UNICODE_VERSION

    @property
    def digest(self) -> Digest:
        """The SHA-256 of the whole text in UTF-8."""
        return Digest.of_text(self.text)

    def paragraph_digests(self) -> tuple[Digest, ...]:
        """The SHA-256 of each paragraph in UTF-8, in the order of the text."""
        return tuple(Digest.of_text(span.of(self.text)) for span in self.paragraphs)


def canonical_paragraph(text: str) -> str:
    """One paragraph by the rule: a single line, empty where nothing readable is in it."""
    if text.isascii():
        return " ".join(_DROPPED_ASCII.sub("", text).split())
    text = unicodedata.normalize("NFC", _SURROGATES.sub("\ufffd", text))
    text = _STRAY_JOINERS.sub("", _DROPPED.sub("", text))
    text = _FOLDED.sub(lambda match: _FOLDS[match[0]], text)
    # Again: what was dropped or folded may have stood between a letter and its accent.
    return unicodedata.normalize("NFC", " ".join(text.split()))


def canonical(paragraphs: Iterable[str]) -> CanonicalText:
    """The canonical text of paragraphs, each of any white space and line ends; empty ones are left out."""
    kept = [line for line in map(canonical_paragraph, paragraphs) if line]
    spans, start = [], 0
    for line in kept:
        spans.append(Span(start, start + len(line)))
        start += len(line) + 1
    return CanonicalText("\n".join(kept), tuple(spans))
