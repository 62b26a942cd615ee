"""Versions: given the next version of a headline and summary, find the version before it among all items.

Run: python -m tests.quality.versions [queries] [--ranking package.module:make]
Items of one half (by digest) were used to choose settings; the figures are of the other half. A rewrite has a
word Jaccard under 0.25; a changed number is a difference in the digits.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from archive.text.words import folded
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


def recalls(ranking: Ranking, queries: list[Query]) -> list[object]:
    """R@1 for all changes, changed numbers and rewrites; R@10 for all."""
    found = [(query, ranking(query.text, query.when, 10)) for query in queries]
    groups = [found, [f for f in found if f[0].numbers], [f for f in found if f[0].rewrite]]
    first = [sum(query.id == ids[0] for query, ids in group if ids) / len(group) for group in groups]
    return [*first, sum(query.id in ids for query, ids in found) / len(found)]


def main(arguments: list[str]) -> None:
    """Print the recall of every ranking and of BM25 with its best windows."""
    every = rows("versions")
    documents = [
        Document(row["href"], text_of(v := row["versions"][0]), datetime.fromisoformat(v["first_seen"]))
        for row in every
    ]
    limit = int(arguments[0]) if arguments and arguments[0].isdigit() else 1000
    queries = [query for row in every if not half(row["href"]) and (query := asked(row))][:limit]
    makers = asked_for(arguments)
    makers.pop("BM25")
    peers = {f"BM25, {window} days": partial(BM25, window=window) for window in (2, 7)}
    body = [[name, *recalls(make(documents), queries)] for name, make in (peers | makers).items()]
    title = (
        f"{len(queries)} versions among {len(documents)}, {sum(q.numbers for q in queries)} changed numbers, "
    )
    title += f"{sum(q.rewrite for q in queries)} rewrites"
    table(title, ["", "all R@1", "numbers", "rewrites", "all R@10"], [*body, ["bar", *BARS, ""]])


if __name__ == "__main__":
    main(sys.argv[1:])
