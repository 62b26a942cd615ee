"""Ranking: which of many passages comes closest to a query, by words, by letters and by date."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from heapq import nlargest
from typing import TYPE_CHECKING

from archive.text.held import Sought, bm25
from archive.text.words import FUNCTION_WORDS, folded, stem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archive.text.held import Held
    from archive.text.rarity import Rarity

DATE_WEIGHT = 0.7
"""What a passage loses for each factor of e in days between it and the query (tests/quality/versions.py)."""
MOST_FOR_DATE = 0.85
"""The most it can lose so, after two days and a half: the same words far away still count."""

TITLE_WEIGHT = 0.3
"""What a headline counts whose words the query has, beside words and letters together (tests/quality/claims.py)."""
NAMES_WEIGHT = 0.1
"""What names count beside them, which are words as well: they are what a rewrite keeps."""
RAREST_WEIGHT = 0.2
"""What the rarest words that both have count: many common words in common are no claim in common."""
RAREST = 3
"""How many words these are."""

_ADDRESS = re.compile(r"https?://\S+|\bpic\.\w+\.com/\S+|\bwww\.\S+")
_SIGNED_ON = re.compile(r"(\(@\w+\))\s+(?:[A-Z][a-z]+ \d{1,2}, \d{4}|\d{1,2} [A-Z][a-z]+ \d{4})\s*$")
_JOINED = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may state what is asked for, the days between the two where known, and its headline.

    `text` is looked at with the headline, which need not stand in it.
    """

    id: str
    text: str
    days: float | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate's score, with what gave it: words, letters, names and rarest words (each 1 for the best), days."""

    id: str
    score: float
    words: float
    letters: float
    days: float | None
    title: float = 0.0
    names: float = 0.0
    rarest: float = 0.0


def cleaned(query: str) -> str:
    """A query as people paste it: without addresses and the date of signing, joined words (#LikeThis) apart.

    The name of whoever signed stays: a claim often says who made it.
    """
    return _JOINED.sub(" ", _SIGNED_ON.sub(r"\1", _ADDRESS.sub(" ", query)))


def rarest(query: str, rarity: Rarity, most: int = 20) -> list[str]:
    """The folded words of a query that tell most: what to ask an index for."""
    found = dict.fromkeys(folded(cleaned(query)))
    return sorted(found, key=lambda word: -rarity.of(word))[:most]


def ranked(query: str, candidates: Sequence[Candidate], rarity: Rarity) -> list[Ranked]:
    """The candidates, closest first.

    Scores are added, each a share of the best candidate's: BM25 over stems and over the 4-grams of letters, whose
    rarity is taken among the candidates; BM25 over names alone; the weight of the rarest words. To these comes the
    share of what the headline's words tell that the query has. A date far from the query's counts against: give
    no days where a claim is followed through the years.
    """
    asked = folded(cleaned(query))
    sought = Sought(asked)
    held = [sought.held(candidate.title, candidate.text) for candidate in candidates]
    weights = {stem(word): rarity.of(word) for word in asked}
    telling = {stem(w): weights[stem(w)] for w in asked if w not in FUNCTION_WORDS}
    parts = zip(
        candidates,
        _shares(bm25(weights, [each.stems for each in held])),
        _shares(bm25(_gram_weights(sought, held), [each.grams for each in held])),
        _shares(bm25(_names(telling, held), [each.stems for each in held])),
        _shares([_rarest(telling, each) for each in held]),
        strict=True,
    )
    found = []
    for one, w, g, n, r in parts:
        title = _told(one.title, sought.stems, rarity)
        found.append(Ranked(one.id, _sum(w, g, title, n, r) - _far(one.days), w, g, one.days, title, n, r))
    return sorted(found, key=lambda one: (-one.score, one.id))


def _sum(by_words: float, by_letters: float, title: float, names: float, rarest: float) -> float:
    """All of them as a number from 0 to 1."""
    whole = (by_words + by_letters) / 2
    whole += TITLE_WEIGHT * title + NAMES_WEIGHT * names + RAREST_WEIGHT * rarest
    return whole / (1 + TITLE_WEIGHT + NAMES_WEIGHT + RAREST_WEIGHT)


def _told(title: str, asked: frozenset[str], rarity: Rarity) -> float:
    """The share of what the words of a headline tell that is asked for."""
    weights = {stem(w): rarity.of(w) for w in folded(title) if w not in FUNCTION_WORDS}
    total = sum(weights.values())
    return sum(weight for word, weight in weights.items() if word in asked) / total if total else 0.0


def _far(days: float | None) -> float:
    return min(MOST_FOR_DATE, DATE_WEIGHT * math.log1p(abs(days))) if days is not None else 0.0


def _shares(scores: Sequence[float]) -> list[float]:
    best = max(scores, default=0.0) or 1.0
    return [score / best for score in scores]


def _gram_weights(sought: Sought, held: Sequence[Held]) -> dict[str, float]:
    holders = Counter(gram for each in held for gram in each.grams.of)
    return {
        gram: math.log1p((len(held) - holders[gram] + 0.5) / (holders[gram] + 0.5)) for gram in sought.grams
    }


def _names(telling: Mapping[str, float], held: Sequence[Held]) -> dict[str, float]:
    """Those of the words that the candidates write with a capital inside of sentences, more often than not."""
    capitals, written = Counter[str](), Counter[str]()
    for each in held:
        capitals.update(each.capitals)
        written.update(each.written)
    return {
        word: weight
        for word, weight in telling.items()
        if capitals[word] and 2 * capitals[word] > written[word]
    }


def _rarest(telling: Mapping[str, float], held: Held) -> float:
    return sum(nlargest(RAREST, (telling[word] for word in held.stems.of if word in telling)))
