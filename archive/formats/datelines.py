"""The dates that a page shows its readers: lines near its headline, and the day in its own address.

A line is read whole: `Published December 22, 2023 10:00 PM` is one, a sentence with a date in it is none. Lines
that say when the page was changed are left out, and so is what stands in footers, side columns and comments.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from archive.formats.dates import read_date
from archive.formats.shortlines import short_texts
from archive.model import Moment, Precision

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from archive.formats.dates import DateRead
    from archive.formats.format import Context

LINE_SIZE = 120
"""Longest line, in characters, that is a date line and no sentence."""
BESIDE = 70
"""How many characters of such a line may be something else than the date: a name, a place."""
LINES = 12
"""How many lines of a page are read at most."""
COARSE = frozenset({Precision.YEAR, Precision.MONTH})
"""Precisions that do not tell the day."""
FIRST_YEAR = 1995
"""The first year that a page can have been published in."""

_MONTH = r"[^\W\d_]{3,12}\.?"
_DAY = r"(?:st|nd|rd|th|\u00ba|\u00aa|er|\.)?"
_CLOCK = r"(?:\D{0,12}\d{1,2}[:.h]\d\d(?::\d\d)?(?:\s*[ap]\.?\s?m\b\.?)?(?:\s+[A-Z]{2,4}\b)?)?"
_DATE = re.compile(
    r"(?<![\w/.-])(?:"
    r"(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d|"
    rf"\d{{1,2}}{_DAY}[\s-]+(?:de\s+|of\s+|d')?{_MONTH},?[\s-]+(?:del?\s+)?(?:19|20)\d\d|"
    rf"{_MONTH}\s+\d{{1,2}}{_DAY},?\s+(?:19|20)\d\d|"
    r"(?:19|20)\d\d\s?[\u5e74\ub144]\s?\d{1,2}\s?[\u6708\uc6d4]\s?\d{1,2}\s?[\u65e5\uc77c]"
    rf")(?!\d){_CLOCK}"
)
_CHANGED = re.compile(
    r"\b(?:updat\w*|modifi\w*|revis\w*|edited|last|corrected|review\w*|aktualisiert"
    r"|ge\u00e4ndert|stand|mis \u00e0 jour|maj"
    r"|actualiza\w*|aggiorna\w*|atualiza\w*|bijgewerkt|gewijzigd|expir\w*|copyright|\u00a9|event|until|through)"
    r"\b\W*(?:\w+\W+){0,2}$",
    re.IGNORECASE,
)
_IN_SENTENCE = re.compile(
    r"(?<!\bpublished )(?<!\bposted )(?<!\bcreated )(?<!\bwritten )(?<!\breleased )(?<!\bpubli\u00e9 )"
    r"\b(?:on|in|at|since|from|until|till|to|of|before|after|and|for|am|vom|ab|bis|seit|le|du|el|desde|dal|dopo)\s+"
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?$",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(r"\W*[^\W\d_]{5,12}day\b,?\s")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_DAY_NUMBER = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_IN_ADDRESS = re.compile(
    r"(?<!\d)(?P<year>19\d\d|20\d\d)(?P<mark>[/_.-]?)(?P<month>[01]?\d|[a-z]{3})(?P=mark)(?P<day>[0-3]?\d)(?!\d)"
)


@dataclass(frozen=True, slots=True)
class DateLine:
    """A date as the page shows it: its moment, its words, and whether it stands after the headline.

    `open` says in words what an ambiguous one leaves open; its moment is then that of the year.
    """

    moment: Moment
    words: str
    is_below: bool
    open: str | None = None


def in_address(address: str) -> Moment | None:
    """The day that an address names (`/2023/12/22/`, `/2023/dec/22/`, `-20231222`), None where it names none."""
    for match in _IN_ADDRESS.finditer(address.lower()):
        month = _MONTHS.get(match["month"]) or (int(match["month"]) if match["month"].isdigit() else 0)
        is_solid = match["mark"] or len(match[0]) == 8
        try:
            at = datetime(int(match["year"]), month, int(match["day"]), tzinfo=UTC)
        except ValueError:
            continue
        if is_solid and at.year >= FIRST_YEAR:
            return Moment(at, Precision.DAY, match[0])
    return None


def lines(
    tree: HtmlElement, heading: HtmlElement | None, context: Context, days: frozenset[int] | None = None
) -> list[DateLine]:
    """The date lines of a page in its order, those of certain `days` of a month only where they are asked for."""
    found: list[DateLine] = []
    for words, is_below in short_texts(tree, heading, _YEAR, LINE_SIZE):
        if days is None or not days.isdisjoint(map(int, _DAY_NUMBER.findall(words))):
            found.extend(
                DateLine(one.moment, words, is_below, one.open)
                for one in _dates(words, context)
                if one.moment
            )
        if len(found) >= LINES:
            break
    return found


def nearest(found: list[DateLine]) -> DateLine | None:
    """The line that is likeliest the publication's: the first below the headline, else the last above it.

    Above it a weekday with a date is a masthead: it says when the page was looked at.
    """
    below = [line for line in found if line.is_below]
    above = [line for line in found if not line.is_below and not _WEEKDAY.match(line.words)]
    return below[0] if below else above[-1] if above else None


def _dates(words: str, context: Context) -> Iterator[DateRead]:
    for match in _DATE.finditer(words):
        before = words[: match.start()]
        if len(words) - len(match[0]) > BESIDE or _CHANGED.search(before) or _IN_SENTENCE.search(before):
            continue
        found = read_date(match[0].strip(), context)
        if found and found.moment and (found.open or found.moment.precision not in COARSE):
            yield found
