"""Quotes: where the words of a quote stand, whole, in part or damaged."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from archive.model import Span
from archive.text.fingerprints import word_hashes
from archive.text.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from archive.text.words import Word

QUOTE_GRAM = 3
HALF = 0.5
"""The share of a quote's grams that a passage must have to be looked at more closely."""
ALIKE = 80.0
"""How alike the letters of a damaged quote must be to those of the passage, out of 100."""
FEW_CHANGED = 0.15
"""The share of the words of a quote, but one at least, in which another passage may differ from it."""
SHORT = 5
"""A quote of fewer words than this has too few grams; its letters are compared instead."""

_MASK = (1 << 63) - 1
_FACTOR = 0x1E3779B97F4A7C15


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that has the words of a quote: how much of it, from 0 to 1, and where in the passage."""

    passage: str
    share: float
    span: Span


def quote_grams(text: str) -> list[int]:
    """A stable hash of 63 bits for every three words in a row; of all its words where they are fewer."""
    hashes = word_hashes(text)
    width = min(QUOTE_GRAM, len(hashes))
    grams = []
    for at in range(len(hashes) - width + 1) if width else ():
        gram = 0
        for hashed in hashes[at : at + width]:
            gram = (gram * _FACTOR + hashed) & _MASK
        grams.append(gram)
    return grams


def candidates(quote: str, holders: Mapping[int, Sequence[str]]) -> list[str]:
    """The passages that hold at least half of the quote's grams, those that hold most first.

    `holders` names for each gram the passages that have it.
    """
    sought = set(quote_grams(quote))
    counts = Counter(passage for gram in sought for passage in set(holders.get(gram, ())))
    return [passage for passage, count in counts.most_common() if count >= HALF * len(sought)]


def found_in(quote: str, passage: str, text: str) -> Found | None:
    """Where in the text of a passage the quote stands, by letters (rapidfuzz); None where it does not."""
    found = stands(words(quote), words(text))
    return Found(passage, *found) if found else None


def stands(asked: Sequence[Word], there: Sequence[Word]) -> tuple[float, Span] | None:
    """How much of the words that are asked for stands among others, from 0 to 1, and where in their text."""
    from rapidfuzz import fuzz

    if not asked or not there:
        return None
    sought, given = " ".join(word.folded for word in asked), " ".join(word.folded for word in there)
    if len(given) < len(sought) * HALF:
        return None
    best = fuzz.partial_ratio_alignment(sought, given, score_cutoff=ALIKE)
    return (best.score / 100, _span(given, there, best.dest_start, best.dest_end)) if best else None


def _span(given: str, there: Sequence[Word], start: int, end: int) -> Span:
    """Back from letters of the joined words to characters of the text, whole words."""
    first = given.count(" ", 0, start + 1)
    last = given.count(" ", 0, max(start, end - 1))
    return Span(there[first].span.start, there[last].span.end)


def altered(quote: str, given: str) -> list[tuple[str, str]]:
    """The words of a quote that stand otherwise in what is given, each pair as asked and as given.

    Where the given words begin later or end earlier it is a part of the quote, and nothing is altered by that.
    """
    asked, there = words(quote), words(given)
    matcher = SequenceMatcher(None, [w.folded for w in asked], [w.folded for w in there], autojunk=False)
    steps = matcher.get_opcodes()
    cut = [at for at, step in enumerate(steps) if step[0] == "delete" and at in (0, len(steps) - 1)]
    return [
        (_written(quote, asked[a:b]), _written(given, there[c:d]))
        for at, (kind, a, b, c, d) in enumerate(steps)
        if kind != "equal" and at not in cut
    ]


def _written(text: str, some: Sequence[Word]) -> str:
    return text[some[0].span.start : some[-1].span.end] if some else ""


def find(quote: str, holders: Mapping[int, Sequence[str]], texts: Mapping[str, str]) -> list[Found]:
    """Every passage that has the quote, best first; `texts` gives the words of each.

    Where it stands whole somewhere it is no damaged one, and what merely resembles it is mostly a set phrase
    ("the department of health and human services"): then only what differs in few words is kept.
    """
    likely: Iterable[str] = candidates(quote, holders)
    found = [one for passage in likely if (one := found_in(quote, passage, texts[passage]))]
    if any(one.share == 1 for one in found):
        asked = Counter(word.folded for word in words(quote))
        few = max(1, int(FEW_CHANGED * asked.total()))
        found = [one for one in found if _missing(asked, one.span.of(texts[one.passage])) <= few]
    return sorted(found, key=lambda one: (-one.share, one.passage))


def _missing(asked: Counter[str], given: str) -> int:
    """How many of the words that are asked for are not given."""
    return (asked - Counter(word.folded for word in words(given))).total()
