"""Closeness: how well the score tells the same claim from its nearest neighbours, by threshold.

Run: python -m tests.quality.closeness [queries]
For each query the right passage and the eight that BM25 ranks highest are scored: successive versions of one
headline among all headlines of 30 days, and posts with the claim they repeat among all claims. Weights and
threshold were set on the first rows of each pair; held out are the other half of the versions and the `dev`
claims. Not every claim that repeats another is labelled so: precision on claims is a lower bound.
"""

from __future__ import annotations

import sys
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

from archive.text.ranking import cleaned
from archive.text.rarity import Rarity
from archive.text.similarity import THRESHOLD, Sentence, closeness
from archive.text.words import folded
from tests.quality.rankings import BM25, Document
from tests.quality.sets import half, rows, table
from tests.quality.versions import asked, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable

Asked = tuple[str, datetime | None, set[str]]
DEPTH = 8


def scores(
    documents: list[Document], queries: Iterable[Asked], window: float | None
) -> list[tuple[float, bool]]:
    """Score and truth of every pair."""
    texts = {document.id: document.text for document in documents}
    held = Counter(word for document in documents for word in set(folded(document.text)))
    rarity = Rarity(len(documents), lambda word: held[word])
    search = BM25(documents, window)
    found = []
    for text, when, relevant in queries:
        query = Sentence.of(text)
        near = {*search(text, when, DEPTH), *relevant}
        found.extend((closeness(query, texts[one], rarity).score, one in relevant) for one in near)
    return found


def at_threshold(pairs: list[tuple[float, bool]], least: float) -> tuple[float, float]:
    """Precision and recall of calling everything from this score on the same claim."""
    told = [right for score, right in pairs if score >= least]
    return sum(told) / max(1, len(told)), sum(told) / max(1, sum(right for _, right in pairs))


def main(count: int = 300) -> None:
    """Print precision and recall around the threshold."""
    every = rows("versions")
    headlines = [
        Document(row["href"], text_of(v := row["versions"][0]), datetime.fromisoformat(v["first_seen"]))
        for row in every
    ]
    claims = [Document(row["id"], row["text"]) for row in rows("claims/docs")]
    versions = {
        part: [(q.text, q.when, {q.id}) for row in every if half(row["href"]) is first and (q := asked(row))]
        for part, first in (("versions", True), ("versions, held out", False))
    }
    posts = {
        part: [(cleaned(row["text"]), None, set(row["rel"])) for row in rows(name)]
        for part, name in (("claims", "claims/train"), ("claims, held out", "claims/dev"))
    }
    measured = {part: scores(headlines, queries[:count], 30) for part, queries in versions.items()}
    measured |= {part: scores(claims, queries[:count], None) for part, queries in posts.items()}
    body: list[list[object]] = [
        [
            f"{least:.2f}",
            *(f"{p:.2f} {r:.2f}" for p, r in (at_threshold(pairs, least) for pairs in measured.values())),
        ]
        for least in (0.3, 0.35, THRESHOLD, 0.45, 0.5)
    ]
    table("Precision and recall from a score on", ["score", *measured], body)


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
