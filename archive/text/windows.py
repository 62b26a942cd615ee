"""Windows: where in a long text the words of a query stand thickest, and what is read around that place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archive.model import Span
from archive.text.words import FUNCTION_WORDS, WORD, beginning, folded, lettered, stem

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
LETTERS = 8
"""More letters than this a space has no passage that is written with spaces."""

_RUN = re.compile(r"\w+")


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


def stems_in(text: str) -> frozenset[str]:
    """The stems that stand in a text, which is cut at every mark: that takes a fraction of the time."""
    return frozenset(map(stem, set(_RUN.findall(lettered(text)))))


def measured(text: str) -> int:
    """About how many words a text has, by its spaces; where there are none, by its letters."""
    return max(text.count(" ") + 1, len(text) // LETTERS)


def nearest(weights: Mapping[str, float], passages: Sequence[str], most: int) -> list[int]:
    """The places, from 0, of the passages that have most of a query's words (stems), best first.

    Each word counts once, and in a long passage less (BM25, as Robertson and Zaragoza 2009 give it). Passages
    that are worth less than half of the best are left out. Only those are cut into words that may be among the
    best by the letters in them.
    """
    begun = {beginning(word): 0.0 for word in weights}
    for word, weight in weights.items():
        begun[beginning(word)] += weight
    bounds = []
    for at, text in enumerate(passages):
        letters = lettered(text)
        if most_of_it := sum(weight for start, weight in begun.items() if start in letters):
            bounds.append((most_of_it / _slack(text), -at))
    best: list[tuple[float, int]] = []
    for bound, at in sorted(bounds, reverse=True):
        if len(best) == most and bound < best[-1][0]:
            break
        if worth := sum(weights[word] for word in weights.keys() & set(stemmed(passages[-at]))):
            best = sorted([*best, (worth / _slack(passages[-at]), at)], reverse=True)[:most]
    return [-at for value, at in best if value >= best[0][0] / 2]


def _slack(text: str) -> float:
    return 1 + 1.2 * (0.25 + 0.75 * measured(text) / USUAL)


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
