"""Claims: for a post, the fact-checked claim it repeats (CheckThat! 2020, task 2), by MAP@5, through the product.

Run: python -m tests.quality.claims [--ranking package.module:make]
The claims are ingested as JSON lines (id, title, text) into an archive, and the posts are traced in it by
`claimtrail trace --from --json`. BM25 gets the same cleaned post, and title and claim as one text. Settings
were chosen on `train`; `dev` was looked at last.
"""

from __future__ import annotations

import sys
from typing import Any

from archive.text.ranking import cleaned
from tests.quality.archives import archive_of, traced
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


def mean_average_precision(found: dict[str, list[str]], queries: list[dict[str, Any]]) -> float:
    """Over all queries; one for which nothing was found counts 0."""
    every = [average_precision(found.get(query["id"], []), set(query["rel"])) for query in queries]
    return sum(every) / len(every)


def by_ranking(ranking: Ranking, queries: list[dict[str, Any]]) -> dict[str, list[str]]:
    """What a ranking in memory finds."""
    return {query["id"]: ranking(cleaned(query["text"]), None, 5) for query in queries}


def main(arguments: list[str]) -> None:
    """Print MAP@5 of every ranking on each part."""
    docs = rows("claims/docs")
    train, dev = rows("claims/train"), rows("claims/dev")
    parts = {"train, first half": train[:400], "train, second half": train[400:], "dev": dev}
    documents = [Document(row["id"], f"{row['title']} . {row['text']}") for row in docs]
    body: list[list[object]] = []
    for name, make in asked_for(arguments).items():
        ranking = make(documents)
        found = {part: by_ranking(ranking, queries) for part, queries in parts.items()}
        body.append([name, *(mean_average_precision(found[part], parts[part]) for part in parts)])
    with archive_of({"id": row["id"], "title": row["title"], "text": row["text"]} for row in docs) as archive:
        found = {
            part: traced(archive, [{"id": q["id"], "text": q["text"]} for q in queries], 5)
            for part, queries in parts.items()
        }
    body.append(["the product", *(mean_average_precision(found[part], parts[part]) for part in parts)])
    table(f"MAP@5 among {len(docs)} claims (bar: never below BM25)", ["", *parts], body)


if __name__ == "__main__":
    main(sys.argv[1:])
