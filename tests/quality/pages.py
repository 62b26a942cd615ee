"""How well pages are read, beside plain libraries: `python -m tests.quality.pages [SET ...] [--half NAME]`.

The layouts of a set are those of `tests.quality.pagesets`. Measures: F1 of the text's word 4-grams (of mean
precision and mean recall over the pages, as the article extraction benchmark of scrapinghub takes it), exact
title, exact set of authors, day of publication, and F of the day (a page without one costs recall only).
`--labels` lists the labels that the pages themselves contradict, by their written forms and not by our answer,
and measures the rest once more. `--bare` takes JSON-LD, meta tags and dates in attributes out of the pages first.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from archive.formats import Context, read
from archive.model import Property
from archive.text.canonical import canonical_paragraph as plain
from tests.quality.pagelabels import contradicted
from tests.quality.pagesets import bare, cases, is_set

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.quality.pagesets import Case

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


def names(written: str) -> frozenset[str]:
    return frozenset(plain(name).lower() for name in re.split(r"[;,\n]|\band\b", written) if name.strip())


def truth(case: Case) -> Page:
    """The labels, typographic quotes, dashes and white space made the same."""
    return Page(case.text, plain(case.title), names(case.authors), case.date)


def ours(case: Case) -> Page:
    reading = read(case.content, Context(address=case.url))
    title, date = reading.first(Property.TITLE), reading.first(Property.PUBLISHED)
    authors = frozenset(plain(s.value).lower() for s in reading.statements if s.about is Property.BYLINE)
    return Page(reading.text, plain(title.value) if title else "", authors, date.value[:10] if date else "")


def trafilatura(case: Case) -> Page:
    from trafilatura import bare_extraction

    found = bare_extraction(case.content, url=case.url, with_metadata=True, include_comments=False)
    if found is None or isinstance(found, dict):
        return Page("", "", frozenset(), "")
    authors = names((found.author or "").replace("; ", ";"))
    return Page(found.text or "", plain(found.title or ""), authors, found.date or "")


def htmldate(case: Case) -> Page:
    """Only the day: its extensive search, with the address given."""
    from htmldate import find_date

    day = find_date(case.content, original_date=True, url=case.url)
    return Page("", "", frozenset(), day or "")


READERS: dict[str, Callable[[Case], Page]] = {"ours": ours, "trafilatura": trafilatura, "htmldate": htmldate}


def chosen(found: Iterable[Case], half: str) -> list[Case]:
    """All, or the half by the letters of the name that rules were written on, or the other."""
    return [
        case
        for case in found
        if half == "all" or (half == "held-out") == (int.from_bytes(case.name.encode()[:8], "big") % 2 == 1)
    ]


def measured(pairs: list[tuple[Page, Page]]) -> dict[str, float | None]:
    """Each measure over the pages that have a label for it, None where none has."""
    both = [precision_and_recall(true.text, found.text) for true, found in pairs if true.text]
    p, r = (sum(column) / len(both) for column in zip(*both, strict=True)) if both else (0.0, 0.0)
    figures: dict[str, float | None] = {"text F1": 2 * p * r / (p + r) if p + r else None}
    for field in ("title", "authors", "date"):
        asked = [getattr(t, field) == getattr(f, field) for t, f in pairs if getattr(t, field)]
        figures[field] = sum(asked) / len(asked) if asked else None
    days = [(true.date, found.date) for true, found in pairs if true.date]
    hits, told = sum(a == b for a, b in days), sum(bool(found) for _, found in days)
    figures["date F"] = 2 * hits / (told + hits + sum(not b for _, b in days)) if days else None
    return figures


def table(pairs: dict[str, list[tuple[Page, Page]]]) -> None:
    rows = {name: measured(both) for name, both in pairs.items()}
    shown = [key for key in rows["ours"] if rows["ours"][key] is not None]
    print(f"{'':12} " + " ".join(f"{key:>8}" for key in shown))
    for name, figures in rows.items():
        has = (key in ("date", "date F") or name != "htmldate" for key in shown)
        cells = (
            f"{figures[key] or 0:8.3f}" if there else " " * 8 for key, there in zip(shown, has, strict=True)
        )
        print(f"{name:12} " + " ".join(cells))


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", type=Path, default=[PAGES])
    parser.add_argument("--half", choices=("all", "tuned-on", "held-out"), default="all")
    parser.add_argument("--misses", choices=Page._fields, help="show what differs in a field")
    parser.add_argument(
        "--labels", action="store_true", help="list wrong labels of days, and measure without"
    )
    parser.add_argument("--bare", action="store_true", help="take out what the pages say to machines")
    asked = parser.parse_args(arguments)
    for path in asked.sets:
        if not is_set(path):
            print(f"{path}: not here, skipped")
            continue
        found = [bare(case) if asked.bare else case for case in chosen(cases(path), asked.half)]
        pairs = {name: [(truth(case), by(case)) for case in found] for name, by in READERS.items()}
        for case, (true, mine) in zip(found, pairs["ours"], strict=True):
            show(asked.misses, case.name, true, mine)
        print(f"{path} ({asked.half}, {len(found)} pages)")
        table(pairs)
        if asked.labels:
            without_wrong_labels(found, pairs)


def without_wrong_labels(found: list[Case], pairs: dict[str, list[tuple[Page, Page]]]) -> None:
    wrong = {case.name: why for case in found if (why := contradicted(case))}
    for case in found:
        if case.name in wrong:
            print(f"  {case.name[:8]} label {case.date} {wrong[case.name]}")
    nowhere = {name for name, why in wrong.items() if "nowhere" in why}
    for left_out, which in ((nowhere, "that are nowhere on their page"), (set(wrong), "named above")):
        print(f"without the {len(left_out)} labels {which}")
        kept = [case.name not in left_out for case in found]
        table({name: [b for b, keep in zip(both, kept, strict=True) if keep] for name, both in pairs.items()})


def show(field: str | None, name: str, true: Page, mine: Page) -> None:
    if field == "text":
        p, r = precision_and_recall(true.text, mine.text)
        if min(p, r) < 0.9:
            print(f"{name[:8]} precision {p:.3f} recall {r:.3f}")
    elif field and getattr(true, field) and getattr(true, field) != getattr(mine, field):
        print(f"{name[:8]} {getattr(true, field)!r} {getattr(mine, field)!r}")


if __name__ == "__main__":
    main(sys.argv[1:])
