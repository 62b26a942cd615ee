"""Versions: given the next version of a headline and summary, find the one before it, through the product.

The first versions are ingested as JSON lines (id, title, text, published) into an archive, and the later ones
are traced in it by `claimtrail trace --from --json`, each with the time it was first seen as `until`. The peer is
BM25 with its best windows.

Run: python -m tests.quality.versions [queries] [--tuned] [--ranking package.module:make]
Items of one half (by digest) were used to choose settings (`--tuned`); the figures are of the other half. A
rewrite has a word Jaccard under 0.25; a changed number is a difference in the digits.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from archive.text.words import folded
from tests.quality.archives import archive_of, traced
from tests.quality.rankings import BM25, Document, Ranking, asked_for
from tests.quality.sets import half, rows, table

BARS = [0.95, 0.87, 0.74]


@dataclass(frozen=True, slots=True)
class Query:
    id: str
    text: str
    when: datetime
    numbers: bool
    rewrite: bool


def text_of(version: dict[str, Any]) -> str:
    return f"{version['title']} . {version['summary']}"


def asked(row: dict[str, Any]) -> Query | None:
    """The second version of an item, where it differs from the first."""
    first, *later = row["versions"]
    if not later or text_of(later[0]) == text_of(first):
        return None
    before, after = set(folded(text_of(first))), set(folded(text_of(later[0])))
    digits = [set(re.findall(r"\d[\d,.]*", text_of(version))) for version in (first, later[0])]
    return Query(
        row["href"],
        text_of(later[0]),
        datetime.fromisoformat(later[0]["first_seen"]),
        digits[0] != digits[1],
        len(before & after) < 0.25 * len(before | after),
    )


def recalls(found: dict[str, list[str]], queries: list[Query]) -> list[object]:
    """R@1 for all changes, changed numbers and rewrites; R@10 for all."""
    ranks = [(query, found.get(query.id, [])) for query in queries]
    groups = [ranks, [r for r in ranks if r[0].numbers], [r for r in ranks if r[0].rewrite]]
    first = [sum(query.id == ids[0] for query, ids in group if ids) / len(group) for group in groups]
    return [*first, sum(query.id in ids for query, ids in ranks) / len(ranks)]


def by_ranking(ranking: Ranking, queries: list[Query]) -> dict[str, list[str]]:
    """What a ranking in memory finds."""
    return {query.id: ranking(query.text, query.when, 10) for query in queries}


def by_product(every: list[dict[str, Any]], queries: list[Query]) -> dict[str, list[str]]:
    """What the product finds in an archive of the first versions."""
    first = ((row["href"], row["versions"][0]) for row in every)
    items = (
        {"id": href, "title": v["title"], "text": v["summary"], "published": v["first_seen"]}
        for href, v in first
    )
    with archive_of(items) as archive:
        watch = [{"id": q.id, "text": q.text, "until": q.when.isoformat()} for q in queries]
        return traced(archive, watch, 10)


def main(arguments: list[str]) -> None:
    """Print the recall of BM25 with its best windows, of every other ranking, and of the product."""
    every = rows("versions")
    documents = [
        Document(row["href"], text_of(v := row["versions"][0]), datetime.fromisoformat(v["first_seen"]))
        for row in every
    ]
    limit = int(arguments[0]) if arguments and arguments[0].isdigit() else 1000
    tuned = "--tuned" in arguments
    queries = [query for row in every if half(row["href"]) is tuned and (query := asked(row))][:limit]
    makers = asked_for(arguments)
    makers.pop("BM25")
    peers = {f"BM25, {window} days": partial(BM25, window=window) for window in (2, 7)}
    body = [
        [name, *recalls(by_ranking(make(documents), queries), queries)]
        for name, make in (peers | makers).items()
    ]
    body.append(["the product", *recalls(by_product(every, queries), queries)])
    title = (
        f"{len(queries)} versions among {len(documents)}, {sum(q.numbers for q in queries)} changed numbers, "
    )
    title += f"{sum(q.rewrite for q in queries)} rewrites"
    table(title, ["", "all R@1", "numbers", "rewrites", "all R@10"], [*body, ["bar", *BARS, ""]])


if __name__ == "__main__":
    main(sys.argv[1:])
