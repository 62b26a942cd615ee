"""Ranking: which of many passages comes closest to a query, by words, by letters and by date."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from archive.text.words import FUNCTION_WORDS, folded, stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from archive.text.rarity import Rarity

GRAM = 4
DATE_WEIGHT = 0.6
"""What a passage loses for each factor of e in days between it and the query (tests/quality/versions.py)."""
MOST_FOR_DATE = 0.8
"""The most it can lose so, after three days: a date says no more then, and the same words far away still count."""

# Okapi BM25 as Robertson and Zaragoza 2009 give it, with their usual settings.
_SATURATION = 1.2
_LENGTH = 0.75

TITLE_WEIGHT = 0.3
"""What a headline counts whose words the query has, beside words and letters together (tests/quality/claims.py)."""

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
    """A candidate's score, with what gave it: words and letters (each 1 for the best), headline, days."""

    id: str
    score: float
    words: float
    letters: float
    days: float | None
    title: float = 0.0


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

    Three scores are added: BM25 over stems and BM25 over the 4-grams of letters, whose rarity is taken among
    the candidates, each as a share of the best candidate's, and the share of what the headline's words tell
    that the query has. A date far from the query's counts against: give no days where a claim is followed
    through the years.
    """
    asked = folded(cleaned(query))
    there = [folded(f"{candidate.title} {candidate.text}") for candidate in candidates]
    by_words = _shares(_word_scores(asked, there, rarity))
    by_letters = _shares(_letter_scores(asked, there))
    stems = {stem(word) for word in asked}
    titles = [_told(candidate.title, stems, rarity) for candidate in candidates]
    found = [
        Ranked(one.id, _sum(w, g, t) - _far(one.days), w, g, one.days, t)
        for one, w, g, t in zip(candidates, by_words, by_letters, titles, strict=True)
    ]
    return sorted(found, key=lambda one: (-one.score, one.id))


def _sum(by_words: float, by_letters: float, title: float) -> float:
    """All three as a number from 0 to 1."""
    return ((by_words + by_letters) / 2 + TITLE_WEIGHT * title) / (1 + TITLE_WEIGHT)


def _told(title: str, asked: set[str], rarity: Rarity) -> float:
    """The share of what the words of a headline tell that is asked for."""
    weights = {stem(w): rarity.of(w) for w in folded(title) if w not in FUNCTION_WORDS}
    total = sum(weights.values())
    return sum(weight for word, weight in weights.items() if word in asked) / total if total else 0.0


def _far(days: float | None) -> float:
    return min(MOST_FOR_DATE, DATE_WEIGHT * math.log1p(abs(days))) if days is not None else 0.0


def _shares(scores: Sequence[float]) -> list[float]:
    best = max(scores, default=0.0) or 1.0
    return [score / best for score in scores]


def _word_scores(asked: Iterable[str], there: Sequence[Sequence[str]], rarity: Rarity) -> list[float]:
    weights = {stem(word): rarity.of(word) for word in asked}
    return _bm25(weights, [Counter(map(stem, tokens)) for tokens in there])


def _letter_scores(asked: Iterable[str], there: Sequence[Sequence[str]]) -> list[float]:
    held = [Counter(letters(tokens)) for tokens in there]
    holders = Counter(gram for counts in held for gram in counts)
    weights = {
        gram: math.log1p((len(held) - holders[gram] + 0.5) / (holders[gram] + 0.5)) for gram in letters(asked)
    }
    return _bm25(weights, held)


def letters(tokens: Iterable[str]) -> list[str]:
    """The 4-grams of letters of all words but function words; a mark stands for each end of a word."""
    return [gram for word in tokens if word not in FUNCTION_WORDS for gram in _grams(word)]


@lru_cache(maxsize=100_000)
def _grams(word: str) -> tuple[str, ...]:
    marked = f"^{word}$"
    return tuple(dict.fromkeys(marked[at : at + GRAM] for at in range(max(1, len(marked) - GRAM + 1))))


def _bm25(weights: dict[str, float], there: Sequence[Counter[str]]) -> list[float]:
    sizes = [counts.total() for counts in there]
    mean = sum(sizes) / len(sizes) if sizes else 0
    scores = []
    for counts, size in zip(there, sizes, strict=True):
        slack = _SATURATION * (1 - _LENGTH + _LENGTH * size / (mean or 1))
        found = ((weights[term], counts[term]) for term in weights.keys() & counts.keys())
        scores.append(sum(weight * count * (_SATURATION + 1) / (count + slack) for weight, count in found))
    return scores
