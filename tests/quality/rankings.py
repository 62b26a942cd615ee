"""What answers a query in the measurements: a peer, our own ranking over it, or the product itself.

A ranking is made from documents and then asked: `make(documents)(text, when, limit)` gives ids, best first.
Name another with `--ranking package.module:make`.
"""

from __future__ import annotations

import heapq
import importlib
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from archive.text.ranking import Candidate, cleaned, ranked
from archive.text.rarity import Rarity
from archive.text.words import folded, stem


@dataclass(frozen=True, slots=True)
class Document:
    id: str
    text: str
    when: datetime | None = None


Ranking = Callable[[str, datetime | None, int], list[str]]
Maker = Callable[[Sequence[Document]], Ranking]


def days_between(document: Document, when: datetime | None) -> float | None:
    """Days from the document to the query; None where either has no date."""
    return None if when is None or document.when is None else (when - document.when).total_seconds() / 86400


class BM25:
    """The peer: Okapi BM25 over stems, exhaustive, with a window of days before the query."""

    def __init__(self, documents: Sequence[Document], window: float | None = None) -> None:
        self.documents, self.window = documents, window
        tokens = [[stem(word) for word in folded(document.text)] for document in documents]
        mean = sum(map(len, tokens)) / len(tokens)
        self.postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for at, stems in enumerate(tokens):
            slack = 1.2 * (0.25 + 0.75 * len(stems) / mean)
            for term, count in Counter(stems).items():
                self.postings[term].append((at, count * 2.2 / (count + slack)))

    def best(self, text: str, when: datetime | None, limit: int) -> list[int]:
        """Places of the best documents; those dated after the query or before the window are left out."""
        total = len(self.documents)
        scores: dict[int, float] = defaultdict(float)
        for term in {stem(word) for word in folded(text)}:
            held = self.postings.get(term, ())
            weight = math.log1p((total - len(held) + 0.5) / (len(held) + 0.5))
            for at, part in held:
                scores[at] += weight * part
        return heapq.nsmallest(limit, filter(self._within(when), scores), key=lambda at: (-scores[at], at))

    def _within(self, when: datetime | None) -> Callable[[int], bool]:
        def allowed(at: int) -> bool:
            days = days_between(self.documents[at], when)
            return days is None or (days >= 0 and (self.window is None or days <= self.window))

        return allowed

    def __call__(self, text: str, when: datetime | None, limit: int) -> list[str]:
        return [self.documents[at].id for at in self.best(text, when, limit)]


class Ours:
    """The product's pure half: candidates by words inside widening windows, put in order by `ranked`."""

    WINDOWS = (2, 30, None)

    def __init__(self, documents: Sequence[Document]) -> None:
        self.documents = documents
        self.searches = [BM25(documents)]
        if any(document.when for document in documents):
            self.searches = [BM25(documents, window) for window in self.WINDOWS]
        held = Counter(
            one for document in documents for one in {stem(word) for word in folded(document.text)}
        )
        self.rarity = Rarity(len(documents), lambda word: held[stem(word)])

    def __call__(self, text: str, when: datetime | None, limit: int) -> list[str]:
        query = cleaned(text)
        places = dict.fromkeys(at for search in self.searches for at in search.best(query, when, 100))
        candidates = [
            Candidate(str(at), self.documents[at].text, days_between(self.documents[at], when))
            for at in places
        ]
        return [self.documents[int(one.id)].id for one in ranked(query, candidates, self.rarity)[:limit]]


def named(name: str) -> Maker:
    """The maker that `package.module:make` names."""
    module, _, attribute = name.partition(":")
    maker: Maker = getattr(importlib.import_module(module), attribute)
    return maker


def asked_for(arguments: Sequence[str]) -> dict[str, Maker]:
    """The rankings to measure: the peer, ours, and whatever `--ranking` names."""
    makers: dict[str, Maker] = {"BM25": BM25, "ours": Ours}
    for flag, value in pairwise(arguments):
        if flag == "--ranking":
            makers[value] = named(value)
    return makers
