"""Windows: where in a long text the words of a query stand thickest, and what is read around that place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.model import Span
from archive.text.words import FUNCTION_WORDS, WORD, folded, stem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archive.text.rarity import Rarity

SHORT = 120
"""A text of no more words than this is looked at whole."""
WIDE = 60
"""How many words are read around the nearest passage of a longer text, itself among them."""
LONG = 800
"""Characters from which on a passage is compared in pieces."""
PIECE = 80
"""Words of such a piece; half of them are in the next one as well."""
USUAL = 25
"""Words of a passage as news has them: what longer ones hold by chance counts less."""


def pieces(text: str, spans: Sequence[Span]) -> list[tuple[int, Span]]:
    """What is compared of a text: each passage whole, a long one in overlapping pieces of `PIECE` words.

    Each comes with the place of its passage in `spans`, from 0. A list without stops would else be one passage
    of thousands of words, which has some words of any query.
    """
    found: list[tuple[int, Span]] = []
    for at, span in enumerate(spans):
        if len(span) <= LONG:
            found.append((at, span))
            continue
        places = [match.span() for match in WORD.finditer(text, span.start, span.end)]
        for first in range(0, max(1, len(places) - PIECE // 2), PIECE // 2):
            last = min(first + PIECE, len(places)) - 1
            found.append((at, Span(places[first][0], places[last][1]) if places else span))
    return found


def telling(query: str, rarity: Rarity) -> dict[str, float]:
    """The stems of the words of a query, each with its weight; function words are left out."""
    return {stem(word): rarity.of(word) for word in folded(query) if word not in FUNCTION_WORDS}


def stemmed(text: str) -> list[str]:
    """The stems of all words of a text, in its order."""
    return [stem(word) for word in folded(text)]


def nearest(weights: Mapping[str, float], passages: Sequence[Sequence[str]], most: int) -> list[int]:
    """The places, from 0, of the passages (given as stems) that have most of a query's words, best first.

    Each word counts once, and in a long passage less (BM25, as Robertson and Zaragoza 2009 give it). Passages
    that are worth less than half of the best are left out.
    """
    wanted = weights.keys()
    worth = []
    for at, stems in enumerate(passages):
        shared = wanted & set(stems)
        if shared:
            slack = 1.2 * (0.25 + 0.75 * len(stems) / USUAL)
            worth.append((sum(weights[word] for word in shared) / (1 + slack), -at))
    best = sorted(worth, reverse=True)[:most]
    return [-at for value, at in best if value >= best[0][0] / 2]


def window(sizes: Sequence[int], at: int) -> tuple[int, int]:
    """The first passage of what is read around one, and the one after the last; `sizes` in words.

    A short text is read whole. Otherwise passages are added on either side in turn while they fit.
    """
    if sum(sizes) <= SHORT:
        return 0, len(sizes)
    first, after, total = at, at + 1, sizes[at]
    while True:
        following = sizes[after] if after < len(sizes) else WIDE + 1
        before = sizes[first - 1] if first else WIDE + 1
        if total + min(before, following) > WIDE:
            return first, after
        if before <= following:
            first, total = first - 1, total + before
        else:
            after, total = after + 1, total + following
