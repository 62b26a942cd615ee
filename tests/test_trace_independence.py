"""What counts as one origin: texts that lead back to one speaker do not bear each other out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.commandline import new_archive, run

if TYPE_CHECKING:
    from pathlib import Path

Row = tuple[str, str, str]


def held(folder: Path, *rows: Row) -> Path:
    """An archive of articles: outlet, date, text."""
    place = new_archive(folder)
    file = folder / "items.jsonl"
    keys = ("outlet", "published", "text")
    file.write_text("".join(json.dumps(dict(zip(keys, row, strict=True))) + "\n" for row in rows), "utf-8")
    assert run("ingest", file, at=place).status == 0
    return place


def test_one_outlet_that_says_it_in_several_items_is_one_origin(tmp_path: Path) -> None:
    place = held(
        tmp_path,
        ("BBC", "2024-05-01T08:00:00Z", "Rail fares in Norland will rise by 7 per cent in June."),
        ("bbc.co.uk", "2024-05-01T10:00:00Z", "Rail fares in Norland are to go up by 7 per cent in June."),
        (
            "BBC News",
            "2024-05-01T09:00:00Z",
            "Rail fares in Norland rise by 7 per cent from June, papers show.",
        ),
    )
    ran = run("trace", "Rail fares in Norland will rise by 7 per cent in June", at=place)
    assert "3 occurrences held, from 1 outlet; 1 independent origin (" in ran.flat
    assert (
        ".1@1, published 2024-05-01T08:00:00Z as claimed, and 2 other texts of the same source)" in ran.flat
    )
    assert ran.out.count("Origin:") == 1


def test_texts_that_name_one_organisation_are_one_origin(tmp_path: Path) -> None:
    place = held(
        tmp_path,
        ("Alpha Times", "2024-05-02", "The Health Ministry said 212 people have caught measles in Vorn."),
        (
            "Beta Mail",
            "2024-05-02",
            "In Vorn 212 people have caught measles, according to the Health Ministry.",
        ),
        (
            "Delta Post",
            "2024-05-03",
            "Some 212 people in Vorn caught measles, a school nurse in Vorn counted.",
        ),
    )
    ran = run("trace", "212 people have caught measles in Vorn", "--json", at=place)
    origins = ran.objects[-1]["origins"]
    assert sorted(len(origin["versions"]) for origin in origins) == [1, 2]
    assert {origin["name"] for origin in origins} == {"Health Ministry", None}
    shown = run("trace", "212 people have caught measles in Vorn", at=place).flat
    assert "Origin: Health Ministry, named as the source; nothing of it that says so is held" in shown


def test_what_is_dated_alike_stands_in_the_order_of_labels(tmp_path: Path) -> None:
    rows = [
        (f"Paper {at}", "2024-05-02", f"The Marn ferry sank, and {at} sheep swam ashore by night.")
        for at in range(1, 12)
    ]
    ran = run("trace", "The Marn ferry sank", "--json", at=held(tmp_path, *rows))
    assert [one["outlet"] for one in ran.objects[:-1]] == [f"Paper {at}" for at in range(1, 12)]
