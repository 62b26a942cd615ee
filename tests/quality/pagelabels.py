"""Which labels of days are wrong by what the page itself says, whatever any reader makes of it."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.quality.pagesets import Case

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def forms(day: str) -> re.Pattern[str]:
    """The ways in which a page may write a day: numbers in any order, English names of months, no other year."""
    year, month, number = (int(part) for part in day.split("-"))
    name = rf"{MONTHS[month - 1]}[a-z]*\.?"
    y, m, d = rf"(?:{year}|{year % 100:02d})", rf"0?{month}", rf"0?{number}"
    no_other = rf"(?:\W{{1,8}}{year}|(?!\w|\W{{1,8}}(?:19|20)\d\d))"
    parts = (
        rf"{year}\W?0?{month}\W?0?{number}",
        rf"{m}([/.-]){d}\1{y}",
        rf"{d}([/.-]){m}\2{y}",
        rf"{name},?\W{{1,8}}{d}(?:st|nd|rd|th)?{no_other}",
        rf"{d}(?:st|nd|rd|th)?\.?\W{{1,8}}(?:of )?{name}{no_other}",
        rf"{year}/{name}/{d}",
    )
    return re.compile(rf"(?<!\d)(?:{'|'.join(parts)})(?!\d)", re.IGNORECASE)


def contradicted(case: Case) -> str | None:
    """Why a label of a day is wrong by the page's own words, None where they allow it.

    A day beside the page's own is none: it may be the same moment in another zone.
    """
    if not case.date:
        return None
    page = case.content.decode("utf-8", "replace")
    if not forms(case.date).search(page + (case.url or "")):
        return "is nowhere on the page in any written form"
    published, modified = (_json_ld(page, key) for key in ("datePublished", "dateModified"))
    if published and modified == case.date and _days_between(published, case.date) > 1:
        return f"is the day of the page's dateModified; its datePublished is {published}"
    return None


def _days_between(one: str, other: str) -> int:
    return abs((date.fromisoformat(one) - date.fromisoformat(other)).days)


def _json_ld(page: str, key: str) -> str:
    """The day of the first such date of the page, empty where it has none."""
    found = re.search(rf'"{key}"\s*:\s*"(\d{{4}}-\d\d-\d\d)', page)
    return found[1] if found else ""
