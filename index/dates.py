"""Days, months and years in a query, and ranges of them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:T(\d{2}):(\d{2})(?::(\d{2}))?Z?)?)?)?")


def stretch(text: str) -> tuple[datetime, datetime]:
    """The stretch of time that a date names, in UTC, its end not included; raises ValueError for anything
    else.

    A date is `2022`, `2022-07`, `2022-07-01`, `2022-07-01T14:30` or `2022-07-01T14:30:05Z`.
    """
    match = _DATE.fullmatch(text)
    if not match:
        raise ValueError(text)
    year, month, day, hour, minute, second = (None if part is None else int(part) for part in match.groups())
    start = datetime(year or 0, month or 1, day or 1, hour or 0, minute or 0, second or 0, tzinfo=UTC)
    try:
        return start, _after(start, month, day, hour, second)
    except (OverflowError, ValueError):
        return start, datetime.max.replace(tzinfo=UTC)


def _after(
    start: datetime, month: int | None, day: int | None, hour: int | None, second: int | None
) -> datetime:
    if month is None:
        return start.replace(year=start.year + 1)
    if day is None:
        return (start + timedelta(days=31)).replace(day=1)
    if hour is None:
        return start + timedelta(days=1)
    return start + (timedelta(minutes=1) if second is None else timedelta(seconds=1))


def between(text: str) -> tuple[datetime | None, datetime | None]:
    """The bounds of a date or of a range `2022-07..2023-01`, which includes both; either end may be left
    open.
    """
    low, dots, high = text.partition("..")
    if not dots:
        return stretch(text)
    if not low and not high:
        raise ValueError(text)
    since = stretch(low)[0] if low else None
    until = stretch(high)[1] if high else None
    if since and until and since >= until:
        raise ValueError("the end of the range lies before its beginning")
    return since, until
