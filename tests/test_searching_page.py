"""The page on searching: each example of the grammar finds what the page says it finds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from index.lexer import FIELDS
from tests.commandline import ROOT, run

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (ROOT / "docs" / "how-to" / "search.md").read_text(encoding="utf-8")
ROWS = [
    (query, int(count))
    for query, count in re.findall(r"^\| [^|]*\| `([^`]+)` \| [^|]+ \| (\d+) \|$", PAGE, re.MULTILINE)
]


@pytest.fixture
def place(seeded: Path) -> Path:
    return seeded


def settled(query: str, place: Path) -> str:
    """The query with the labels of this archive, whose year is that of today."""
    first = run("search", "renounced", "--json", at=place).objects[0]["id"]
    year = first.partition("-")[0]
    return query.replace("2026-", f"{year}-")


def test_the_table_is_read() -> None:
    assert len(ROWS) > 25
    assert PAGE.count("\n| ") == len(ROWS) + 1  # the heading has no number


@pytest.mark.parametrize(("query", "count"), ROWS, ids=[query for query, _ in ROWS])
def test_an_example_finds_as_many_as_the_page_says(place: Path, query: str, count: int) -> None:
    ran = run("search", settled(query, place), "--json", at=place)
    assert ran.status == 0, ran.err
    assert ran.objects[-1]["total"] == count
    assert count > 0


def test_every_field_has_an_example() -> None:
    used = {name.lower() for query, _ in ROWS for name in re.findall(r"(\w+):", query)}
    used |= set(re.findall(r"also `(\w+):`", PAGE))
    left_out = {"item", "label", "sources"}  # an item's own identifier, and names that mean `id` and `source`
    assert used >= FIELDS - left_out
