"""Dates in the two written standards: ISO 8601 (and RFC 3339), and RFC 5322; nothing here guesses."""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

from archive.errors import UsageError
from archive.model import Moment, Precision


class BadDate(UsageError):
    """A date that a person gave is not one that can be read without guessing."""


_ISO = re.compile(
    r"(?P<year>\d{4})(?:-?(?P<month>\d\d)(?:-?(?P<day>\d\d)"
    r"(?:[T ]\s*(?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,]\d+)?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?)?)?",
    re.IGNORECASE,
)
_SIX_DIGITS = re.compile(r"\d{6}")
_DAY_AND_MONTH = re.compile(r"\d{1,2}\s+[A-Za-z]{3}|[A-Za-z]{3,9},?\s+\d{1,2}\s+[A-Za-z]{3}")


_LENGTHS = {
    Precision.DAY: timedelta(days=1),
    Precision.MINUTE: timedelta(minutes=1),
    Precision.SECOND: timedelta(seconds=1),
}


def moment(text: str) -> Moment | None:
    """The moment that an ISO 8601 or RFC 5322 date names, None where the text is neither."""
    words = text.strip()
    return iso_moment(words) or mail_moment(words)


def iso_moment(text: str) -> Moment | None:
    """An ISO 8601 calendar date, to the precision it has; a time without a zone stays as written."""
    match = _ISO.fullmatch(text.strip())
    # Six digits are as often a day, month and year as a year and month.
    if not match or _SIX_DIGITS.fullmatch(text.strip()):
        return None
    given = {
        name: int(match[name]) for name in ("year", "month", "day", "hour", "minute", "second") if match[name]
    }
    precision = _precision(given)
    zone = _zone(match["zone"])
    second = min(given.pop("second", 0), 59)
    try:
        at = datetime(**({"month": 1, "day": 1} | given), second=second, tzinfo=_offset(zone))
        return Moment(at.astimezone(UTC), precision, text, zone)
    except (ValueError, OverflowError):
        return None


def mail_moment(text: str) -> Moment | None:
    """An RFC 5322 date and time; its zone `-0000` means that it gives none."""
    if len(text) > 100 or not _DAY_AND_MONTH.match(text.strip()):
        return None
    parsed = parsedate_tz(text)
    if parsed is None or ":" not in text:
        return None
    seconds = parsed[9]
    zone = None if seconds is None or text.rstrip().endswith("-0000") else _named(seconds)
    try:
        at = datetime(*parsed[:5], min(parsed[5], 59), tzinfo=_offset(zone))
        return Moment(at.astimezone(UTC), Precision.SECOND, text, zone)
    except (ValueError, OverflowError):
        return None


def written(when: Moment) -> str:
    """The moment in ISO 8601 to its precision, with the zone it was written in, or none."""
    if when.precision not in (Precision.MINUTE, Precision.SECOND):
        return str(when)
    local = when.at.astimezone(_offset(when.zone))
    shape = "%Y-%m-%dT%H:%M" if when.precision is Precision.MINUTE else "%Y-%m-%dT%H:%M:%S"
    ending = "" if when.zone is None else "Z" if not local.utcoffset() else _named(_seconds(when.zone))
    return local.strftime(shape.replace("%Y", f"{local.year:04d}")) + ending


def _precision(given: dict[str, int]) -> Precision:
    for name in ("second", "minute", "day", "month"):
        if name in given:
            return Precision(name)
    return Precision.YEAR


def _zone(text: str | None) -> str | None:
    if not text:
        return None
    if text.upper() in ("Z", "UTC", "GMT"):
        return "+00:00"
    digits = text[1:].replace(":", "").ljust(4, "0")
    return f"{text[0]}{digits[:2]}:{digits[2:]}"


def _named(seconds: int) -> str:
    sign, minutes = "-" if seconds < 0 else "+", abs(seconds) // 60
    return f"{sign}{minutes // 60:02d}:{minutes % 60:02d}"


def _seconds(zone: str | None) -> int:
    if not zone or len(zone) != 6 or zone[0] not in "+-":
        return 0
    size = int(zone[1:3]) * 3600 + int(zone[4:6]) * 60
    return -size if zone[0] == "-" else size


def _offset(zone: str | None) -> timezone:
    return timezone(timedelta(seconds=_seconds(zone))) if _seconds(zone) else UTC


def date(text: str) -> Moment:
    """An ISO 8601 date to the precision it has; raises `BadDate` for anything that would need a guess."""
    moment = iso_moment(text)
    if moment is None:
        raise BadDate(f"not a date: {text!r} (write 2024-04-16, 2024-04, 2024 or 2024-04-16T11:20:00+01:00)")
    return moment


def after(moment: Moment) -> datetime:
    """The first instant after a day, month, year, minute or second; the last one there is where time ends."""
    try:
        return moment.at + _LENGTHS.get(moment.precision, timedelta(days=_days(moment)))
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


def _days(moment: Moment) -> int:
    """Days of the month or year that is meant."""
    if moment.precision is Precision.MONTH:
        return monthrange(moment.at.year, moment.at.month)[1]
    return 365 + isleap(moment.at.year)
