"""Where the dates of an item contradict each other: said only where no zone and no precision can reconcile them.

Four dates stay four: retrieved, published, modified, and recorded by our clock. None corrects another; a
contradiction between two of them is a finding that stands beside both.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from archive.finding import Finding
from archive.model import Precision, Property

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archive.model import Moment, Statement

WEST, EAST = timedelta(hours=12), timedelta(hours=14)
"""How far local time may be behind UTC and ahead of it: a date without a zone is known no closer than that."""

_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_UNITS = {
    Precision.SECOND: timedelta(seconds=1),
    Precision.MINUTE: timedelta(minutes=1),
    Precision.DAY: timedelta(days=1),
}


def bounds(when: Moment) -> tuple[datetime, datetime]:
    """The earliest and the latest instant (UTC) that the moment can mean, as precise and as zoned as it is."""
    has_zone = when.zone is not None and when.precision in (Precision.MINUTE, Precision.SECOND)
    east, west = (timedelta(), timedelta()) if has_zone else (EAST, WEST)
    return max(when.at, _FIRST + east) - east, min(when.at, _LAST - west - _length(when)) + _length(
        when
    ) + west


def _length(when: Moment) -> timedelta:
    if when.precision in _UNITS:
        return _UNITS[when.precision]
    if when.precision is Precision.MONTH:
        return timedelta(days=monthrange(when.at.year, when.at.month)[1])
    return timedelta(days=366 if monthrange(when.at.year, 2)[1] == 29 else 365)


def is_after(one: Moment, other: Moment) -> bool:
    """Whether one is later than the other for certain."""
    return bounds(one)[0] > bounds(other)[1]


def conflicts(said: Iterable[Statement], recorded: datetime | None = None) -> tuple[Finding, ...]:
    """The contradictions between the dates that are said of one item, and with when it was recorded (UTC).

    Each is a warning: it shows that one of two dates is wrong, not which.
    """
    statements = [each for each in said if each.moment]
    by_property = {
        about: [each for each in statements if each.about is about]
        for about in (Property.RETRIEVED, Property.PUBLISHED, Property.MODIFIED)
    }
    found = [*_after_retrieval(by_property), *_before_publication(by_property)]
    if recorded:
        flagged = {(each.subject, each.found) for each in found}
        late = _after_recording(by_property, recorded)
        found += [each for each in late if (each.subject, each.found) not in flagged]
    return tuple({(each.code, each.found): each for each in reversed(found)}.values())[::-1]


def _after_retrieval(by_property: dict[Property, list[Statement]]) -> Iterator[Finding]:
    for about in (Property.PUBLISHED, Property.MODIFIED):
        for dated in by_property[about]:
            for retrieved in by_property[Property.RETRIEVED]:
                if _later(dated, retrieved):
                    yield _conflict(
                        f"{about.value} after it was retrieved", "no later than", dated, retrieved
                    )


def _before_publication(by_property: dict[Property, list[Statement]]) -> Iterator[Finding]:
    published = by_property[Property.PUBLISHED]
    for modified in by_property[Property.MODIFIED]:
        if published and all(_later(each, modified) for each in published):
            yield _conflict("modified before it was published", "no earlier than", modified, published[0])


def _after_recording(by_property: dict[Property, list[Statement]], recorded: datetime) -> Iterator[Finding]:
    for about, dated in by_property.items():
        for each in dated:
            if each.moment and bounds(each.moment)[0] > recorded:
                limit = f"no later than recorded {recorded:%Y-%m-%dT%H:%M:%SZ} [observed]"
                yield Finding(
                    f"{about.value} after it was recorded", about.value, limit, _said(each), is_warning=True
                )


def _later(one: Statement, other: Statement) -> bool:
    return bool(one.moment and other.moment and is_after(one.moment, other.moment))


def _conflict(code: str, relation: str, dated: Statement, other: Statement) -> Finding:
    limit = f"{relation} {other.about.value} {_said(other)}"
    return Finding(code, dated.about.value, limit, _said(dated), is_warning=True)


def _said(dated: Statement) -> str:
    return f"{dated.value} [{dated.basis}]"
