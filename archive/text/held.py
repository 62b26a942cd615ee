"""What candidates have of a query: how often each of its words and letter grams, read once through each text."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from archive.text.words import FUNCTION_WORDS, fold, folded, stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

GRAM = 4

# Okapi BM25 as Robertson and Zaragoza 2009 give it, with their usual settings.
_SATURATION = 1.2
_LENGTH = 0.75

# Inside a sentence, that is after a word, a comma or a semicolon: Latin, Greek and Cyrillic capitals.
_CAPITAL = re.compile(r"(?<=[\w,;:] )[A-Z\u00c0-\u00d6\u00d8-\u00de\u0391-\u03a9\u0400-\u042f]\w*")


@dataclass(slots=True)
class Counts:
    """How often a text has each term of a query, and how many terms it has of all."""

    of: Counter[str] = field(default_factory=Counter)
    size: int = 0


@dataclass(slots=True)
class Held:
    """What one candidate has of a query: stems and grams of letters; of its text how often stems have a capital."""

    stems: Counts = field(default_factory=Counts)
    grams: Counts = field(default_factory=Counts)
    capitals: Counter[str] = field(default_factory=Counter)
    written: Counter[str] = field(default_factory=Counter)


class Sought:
    """The terms of a query, and what texts have of them; each word is looked up once for all texts."""

    def __init__(self, asked: Sequence[str]) -> None:
        self.stems = frozenset(map(stem, asked))
        self.grams = frozenset(letters(asked))
        self._known: dict[str, tuple[str, tuple[str, ...], int]] = {}

    def held(self, title: str, text: str) -> Held:
        """What a text with a headline has; only in the text a capital tells a name."""
        found = Held()
        self._count(folded(text), found)
        found.written.update(found.stems.of)
        for word in _CAPITAL.findall(text):
            if stemmed := (self._known.get(fold(word)) or ("",))[0]:
                found.capitals[stemmed] += 1
        self._count(folded(title), found)
        return found

    def _count(self, tokens: Sequence[str], found: Held) -> None:
        stems, grams = found.stems.of, found.grams.of
        number = 0
        for word in tokens:
            stemmed, some, every = self._known.get(word) or self._learn(word)
            if stemmed:
                stems[stemmed] += 1
            for gram in some:
                grams[gram] += 1
            number += every
        found.stems.size += len(tokens)
        found.grams.size += number

    def _learn(self, word: str) -> tuple[str, tuple[str, ...], int]:
        stemmed, every = stem(word), letters((word,))
        some = tuple(gram for gram in every if gram in self.grams)
        self._known[word] = stemmed if stemmed in self.stems else "", some, len(every)
        return self._known[word]


def letters(tokens: Iterable[str]) -> list[str]:
    """The 4-grams of letters of all words but function words; a mark stands for each end of a word."""
    return [gram for word in tokens if word not in FUNCTION_WORDS for gram in letter_grams(word)]


@lru_cache(maxsize=100_000)
def letter_grams(word: str) -> tuple[str, ...]:
    """The 4-grams of letters of a word, each once; a mark stands for each end of it."""
    marked = f"^{word}$"
    return tuple(dict.fromkeys(marked[at : at + GRAM] for at in range(max(1, len(marked) - GRAM + 1))))


def bm25(weights: Mapping[str, float], there: Sequence[Counts]) -> list[float]:
    """The score of each text by the terms it has of those that are weighed."""
    mean = sum(counts.size for counts in there) / len(there) if there else 0
    scores = []
    for counts in there:
        slack = _SATURATION * (1 - _LENGTH + _LENGTH * counts.size / (mean or 1))
        found = ((weights[term], count) for term, count in counts.of.items() if term in weights)
        scores.append(sum(weight * count * (_SATURATION + 1) / (count + slack) for weight, count in found))
    return scores
