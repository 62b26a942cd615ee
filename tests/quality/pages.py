"""How well pages are read, beside plain trafilatura: `python -m tests.quality.pages [SET ...] [--half NAME]`.

A set is a folder of `*.html.gz` (or `.html`) and a `truth.jsonl` of `file`, `text`, `title`, `authors`,
`date`. Measures: F1 of the text's word 4-grams (mean precision and mean recall over the pages, as the
article extraction benchmark of scrapinghub takes it), exact title, exact set of authors, day of the date.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from archive.formats import read
from archive.model import Property

if TYPE_CHECKING:
    from collections.abc import Iterable

PAGES = Path(__file__).parents[3] / "shared" / "data" / "pages"


class Page(NamedTuple):
    """What a page says, by whoever says it."""

    text: str
    title: str
    authors: frozenset[str]
    date: str


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def shingles(text: str) -> Counter[tuple[str, ...]]:
    found = words(text)
    if len(found) < 4:
        return Counter([tuple(found)]) if found else Counter()
    return Counter(zip(found, found[1:], found[2:], found[3:], strict=False))


def precision_and_recall(truth: str, found: str) -> tuple[float, float]:
    wanted, made = shingles(truth), shingles(found)
    hits = sum((wanted & made).values())
    wrong, missed = sum((made - wanted).values()), sum((wanted - made).values())
    return (hits / (hits + wrong) if hits + wrong else 1.0), (
        hits / (hits + missed) if hits + missed else 1.0
    )


def plain(text: str) -> str:
    """A title or name for comparison: typographic quotes, dashes and white space made the same."""
    from archive.text.canonical import canonical_paragraph

    return canonical_paragraph(text)


def names(written: str) -> frozenset[str]:
    return frozenset(plain(name).lower() for name in re.split(r"[;,\n]|\band\b", written) if name.strip())


def truth(row: dict[str, str]) -> Page:
    return Page(row.get("text") or "", plain(row.get("title") or ""), names(row.get("authors") or ""),
                (row.get("date") or "")[:10])  # fmt: skip


def ours(content: bytes, url: str | None) -> Page:
    from archive.formats import Context

    reading = read(content, Context(address=url))
    title, date = reading.first(Property.TITLE), reading.first(Property.PUBLISHED)
    authors = frozenset(plain(s.value).lower() for s in reading.statements if s.about is Property.BYLINE)
    return Page(reading.text, plain(title.value) if title else "", authors, date.value[:10] if date else "")


def peer(content: bytes, url: str | None) -> Page:
    from trafilatura import bare_extraction

    found = bare_extraction(content, url=url, with_metadata=True, include_comments=False)
    if found is None or isinstance(found, dict):
        return Page("", "", frozenset(), "")
    return Page(
        found.text or "",
        plain(found.title or ""),
        names((found.author or "").replace("; ", ";")),
        found.date or "",
    )


def rows(folder: Path, half: str) -> Iterable[tuple[dict[str, str], bytes]]:
    for line in (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        odd = int.from_bytes(row["file"].encode()[:8], "big") % 2 == 1
        if half == "all" or (half == "held-out") == odd:
            content = (folder / row["file"]).read_bytes()
            yield row, gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content


def measured(pairs: list[tuple[Page, Page]]) -> tuple[float, float, float, float]:
    """F1 of the text, and the shares of exact titles, author sets and days among the pages that have one."""
    both = [precision_and_recall(true.text, found.text) for true, found in pairs if true.text]
    p, r = (sum(column) / len(both) for column in zip(*both, strict=True))
    shares = []
    for field in ("title", "authors", "date"):
        asked = [
            (getattr(true, field), getattr(found, field)) for true, found in pairs if getattr(true, field)
        ]
        shares.append(sum(a == b for a, b in asked) / len(asked) if asked else 1.0)
    return (2 * p * r / (p + r) if p + r else 0.0, *shares)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", type=Path, default=[PAGES])
    parser.add_argument("--half", choices=("all", "tuned-on", "held-out"), default="all")
    parser.add_argument("--misses", choices=Page._fields, help="show what differs in a field")
    chosen = parser.parse_args(arguments)
    for folder in chosen.sets:
        if not (folder / "truth.jsonl").exists():
            print(f"{folder}: not here, skipped")
            continue
        pairs: dict[str, list[tuple[Page, Page]]] = {"ours": [], "trafilatura": []}
        for row, content in rows(folder, chosen.half):
            true, mine = truth(row), ours(content, row.get("url"))
            pairs["ours"].append((true, mine))
            pairs["trafilatura"].append((true, peer(content, row.get("url"))))
            if chosen.misses:
                show(chosen.misses, row["file"], true, mine)
        print(f"{folder} ({chosen.half}, {len(pairs['ours'])} pages)")
        print(f"{'':12} {'text F1':>8} {'title':>8} {'authors':>8} {'date':>8}")
        for name, both in pairs.items():
            print(f"{name:12} " + " ".join(f"{value:8.3f}" for value in measured(both)))


def show(field: str, name: str, true: Page, mine: Page) -> None:
    if field == "text":
        p, r = precision_and_recall(true.text, mine.text)
        if min(p, r) < 0.9:
            print(f"{name[:8]} precision {p:.3f} recall {r:.3f}")
    elif getattr(true, field) and getattr(true, field) != getattr(mine, field):
        print(f"{name[:8]} {getattr(true, field)!r} {getattr(mine, field)!r}")


if __name__ == "__main__":
    main(sys.argv[1:])
