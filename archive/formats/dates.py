"""Dates as pages and people write them: in the standards first, then by dateparser, and never by a guess.

A numeric date that can be read as day-month and as month-day is recorded as ambiguous unless the locale
decides; a relative one ("2 hours ago") is read against the time of retrieval, and not at all without it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from archive.formats.compose import library
from archive.model import Basis, Evidence, Method, Moment, Precision, Property, Statement
from archive.text.canonical import canonical_paragraph
from archive.text.dates import moment, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archive.formats.format import Context

WORDS = 100
"""Longest date that is read, in characters."""

_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?!\d)")
_MONTH_FIRST = frozenset({"en-US", "en-PH", "es-US", "en-PR", "es-PR"})
_UNDECIDED = frozenset({"en", "und", "mul"})
_BASES = (datetime(2001, 3, 5, 1, 2, 3), datetime(2018, 11, 24, 13, 14, 15))  # noqa: DTZ001 - dateparser wants them so
_PERIODS = {"year": Precision.YEAR, "month": Precision.MONTH, "day": Precision.DAY, "week": Precision.DAY}
_CLOCK = re.compile(r"\d{1,2}[:h]\d\d|\d\s*[ap]\.?m\b", re.IGNORECASE)
_SHAPE = re.compile(
    r"(?:\w+\.?,?\s+)?(?:\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}\.?\s+(?:de\s+)?\w+\.?,?\s+(?:de\s+)?\d{4}"
    r"|\w+\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4})(?:[,\s]+(?:at\s+)?\d{1,2}[:.]\d\d.{0,12})?",
    re.IGNORECASE,
)
_RULE = Method("dates", "1")


@dataclass(frozen=True, slots=True)
class DateRead:
    """What a date's words say: the moment as far as they say it, and in words what they leave open."""

    moment: Moment | None
    method: Method
    is_relative: bool = False
    open: str | None = None


def dated(
    about: Property,
    value: object,
    method: Method,
    place: str,
    basis: Basis = Basis.CLAIMED,
    context: Context | None = None,
    quote: str | None = None,
) -> Iterator[Statement]:
    """The statement of a date, and a note where it is ambiguous; nothing where the value is no date.

    Without a context only the written standards are read. A date that had to be reckoned is inferred.
    """
    if not isinstance(value, str) or not value.strip():
        return
    words = canonical_paragraph(quote or value)
    when = moment(value)
    found = DateRead(when, method) if when else read_date(value, context) if context else None
    if found is None:
        return
    evidence = Evidence(words, place=place)
    if found.moment:
        basis = Basis.INFERRED if found.is_relative else basis
        yield Statement(about, written(found.moment), basis, method, evidence, found.moment)
    if found.open:
        yield Statement(
            Property.NOTE, f"{about.value} is ambiguous: {found.open}", Basis.INFERRED, _RULE, evidence
        )


def dated_or_noted(
    about: Property, value: object, method: Method, place: str, context: Context
) -> Iterator[Statement]:
    """The statement of a date as `dated` makes it; a note where there are words and they are no date."""
    said = list(dated(about, value, method, place, context=context))
    yield from said
    words = canonical_paragraph(value) if isinstance(value, str) else ""
    if words and not said:
        evidence = Evidence(words[:WORDS], place=place)
        note = f"{about.value} cannot be read as a date: {words[:WORDS]!r}"
        yield Statement(Property.NOTE, note, Basis.INFERRED, _RULE, evidence)


def is_date(words: str) -> bool:
    """Whether the words have the shape of a date: day, month and year, and perhaps a clock time."""
    return bool(_SHAPE.fullmatch(words.strip()))


def read_date(text: str, context: Context) -> DateRead | None:
    """What the words say in the context's language at its time of retrieval; None where it is no date."""
    words = " ".join(text.split())
    if not words or len(words) > WORDS:
        return None
    numeric = _NUMERIC.search(words)
    if numeric:
        first, second = int(numeric[1]), int(numeric[3])
        order = _order(first, second, numeric[2], context.language)
        if order is None:
            return _ambiguous(words, numeric, first, second)
        return _parsed(words, context, order)
    return _parsed(words, context, "DMY")


def _order(first: int, second: int, mark: str, language: str | None) -> str | None:
    """Which comes first, day or month; None where nothing decides."""
    if first > 12 or second > 12:
        return "DMY" if first > 12 else "MDY"
    if first == second or mark == ".":
        return "DMY"
    if language in _MONTH_FIRST:
        return "MDY"
    return None if not language or language in _UNDECIDED else "DMY"


def _ambiguous(words: str, numeric: re.Match[str], first: int, second: int) -> DateRead | None:
    if len(numeric[4]) == 2:
        return DateRead(None, _RULE, open=f"{words!r} can be read as more than one date")
    year = int(numeric[4])
    try:
        at = datetime(year, 1, 1, tzinfo=UTC)
    except ValueError:
        return None
    either = f"{year:04d}-{second:02d}-{first:02d} or {year:04d}-{first:02d}-{second:02d}"
    return DateRead(Moment(at, Precision.YEAR, words), _RULE, open=either)


def _parsed(words: str, context: Context, order: str) -> DateRead | None:
    by = library("dateparser")
    first, second = (_with_base(words, context.language, order, base) for base in _BASES)
    if first is None or second is None:
        return None
    is_relative = first[0] != second[0]
    if is_relative:
        if context.retrieved is None:
            return DateRead(None, by, True, f"{words!r} depends on when it was retrieved, which is not known")
        base = context.retrieved.astimezone(UTC).replace(tzinfo=None)
        first = _with_base(words, context.language, order, base)
        if first is None:
            return None
    at, precision = first
    zone = at.strftime("%z") if at.tzinfo else None
    zone = f"{zone[:3]}:{zone[3:5]}" if zone else None
    at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    return DateRead(_moment(at, precision, words, zone), by, is_relative)


def _moment(at: datetime, precision: Precision, words: str, zone: str | None) -> Moment:
    if precision in (Precision.MINUTE, Precision.SECOND):
        return Moment(at.replace(microsecond=0), precision, words, zone)
    month = 1 if precision is Precision.YEAR else at.month
    day = at.day if precision is Precision.DAY else 1
    return Moment(datetime(at.year, month, day, tzinfo=UTC), precision, words)


def _with_base(
    words: str, language: str | None, order: str, base: datetime
) -> tuple[datetime, Precision] | None:
    from dateparser.date import DateDataParser  # type: ignore[import-untyped]  # no stubs in the lock

    code = (language or "en").partition("-")[0].lower()
    settings = {
        "RELATIVE_BASE": base,
        "DATE_ORDER": order,
        "PREFER_DAY_OF_MONTH": "first",
        "PREFER_MONTH_OF_YEAR": "first",
        "RETURN_TIME_AS_PERIOD": True,
        "PREFER_DATES_FROM": "past",
    }
    try:
        # English comes second: much software writes its dates in English whatever its pages are in.
        parser = DateDataParser(languages=list(dict.fromkeys((code, "en"))), settings=settings)
    except ValueError:
        parser = DateDataParser(languages=["en"], settings=settings)
    try:
        found = parser.get_date_data(words)
    except (ValueError, OverflowError, RecursionError):
        return None
    if found.date_obj is None:
        return None
    at: datetime = found.date_obj
    if found.period == "time" or _CLOCK.search(words):
        return at, Precision.SECOND if re.search(r"\d:\d\d:\d\d", words) else Precision.MINUTE
    return at, _PERIODS.get(found.period, Precision.DAY)
