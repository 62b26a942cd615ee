"""Claims: for a post, the fact-checked claim it repeats (CheckThat! 2020, task 2), by MAP@5.

Run: python -m tests.quality.claims [--ranking package.module:make]
Settings were chosen on `train`; `dev` was looked at last. BM25 gets the same cleaned query and the same text,
title and claim.
"""

from __future__ import annotations

import sys
from typing import Any

from archive.text.ranking import cleaned
from tests.quality.rankings import Document, Ranking, asked_for
from tests.quality.sets import rows, table


def average_precision(found: list[str], relevant: set[str], depth: int = 5) -> float:
    """Of the first five."""
    hits, total = 0, 0.0
    for place, document in enumerate(found[:depth], 1):
        if document in relevant:
            hits += 1
            total += hits / place
    return total / min(len(relevant), depth)


def mean_average_precision(ranking: Ranking, queries: list[dict[str, Any]]) -> float:
    every = [
        average_precision(ranking(cleaned(query["text"]), None, 5), set(query["rel"])) for query in queries
    ]
    return sum(every) / len(every)


def main(arguments: list[str]) -> None:
    """Print MAP@5 of every ranking on each part."""
    documents = [Document(row["id"], f"{row['title']} . {row['text']}") for row in rows("claims/docs")]
    train, dev = rows("claims/train"), rows("claims/dev")
    parts = {"train, first half": train[:400], "train, second half": train[400:], "dev": dev}
    body: list[list[object]] = []
    for name, make in asked_for(arguments).items():
        ranking = make(documents)
        body.append([name, *(mean_average_precision(ranking, queries) for queries in parts.values())])
    table(f"MAP@5 among {len(documents)} claims (bar: never below BM25)", ["", *parts], body)


if __name__ == "__main__":
    main(sys.argv[1:])
