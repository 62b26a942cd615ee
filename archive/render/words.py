"""How values read: times, sizes, counts, statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.model import Basis, Property, SourceKind

if TYPE_CHECKING:
    from datetime import datetime, timedelta
    from decimal import Decimal

    from archive.model import ClaimedSource, Statement

_UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB")

BASIS_WORDS = {
    Basis.OBSERVED: "observed",
    Basis.CLAIMED: "claimed",
    Basis.INFERRED: "inferred",
    Basis.ASSERTED: "asserted",
}


def plural(count: int, one: str, many: str | None = None) -> str:
    """A count with its noun: `1 item`, `3 items`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def size(count: int) -> str:
    """A number of bytes, in binary units from 10 KiB on."""
    value, unit = float(count), 0
    while value >= 10_240 or (unit and value >= 1024):
        value, unit = value / 1024, unit + 1
    return f"{count:,} bytes" if unit == 0 else f"{value:,.1f} {_UNITS[unit]}"


def when(at: datetime) -> str:
    """A time of ours, to the second, in UTC."""
    return at.strftime("%Y-%m-%d %H:%M:%S UTC")


def span(length: timedelta | float) -> str:
    """A length of time (a number is one of seconds) in the largest unit that says it without remainder."""
    seconds = round(length if isinstance(length, int | float) else length.total_seconds())
    for unit, one in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= unit and seconds % unit == 0:
            return plural(seconds // unit, one)
    return plural(seconds, "second")


def amount(number: Decimal) -> str:
    """A number with its thousands set apart, without zeros that say nothing: `415,200,000`."""
    written = f"{number:,f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def who(source: ClaimedSource) -> str:
    """The name of a claimed source; some cues ("is expected") name nobody, others the item itself."""
    return source.name or ("itself" if source.kind is SourceKind.SELF else "nobody by name")


def named(source: ClaimedSource) -> str:
    """The same, marked where it is not known who that is."""
    unresolved = source.name and source.kind is SourceKind.UNRESOLVED
    return f"{source.name} (unresolved)" if unresolved else who(source)


def stated(statement: Statement) -> str:
    """A statement's value with its basis: whose word it is, or where it was read."""
    return f"{value(statement)}  [{basis(statement)}]"


def value(statement: Statement) -> str:
    """The value, and for a time the original wording where that says more."""
    moment = statement.moment
    if moment and statement.about in (Property.PUBLISHED, Property.MODIFIED, Property.RETRIEVED):
        if moment.zone is None and "T" in statement.value:
            return f"{statement.value.removesuffix('Z')} (no zone given)"
        given = (
            statement.basis in (Basis.CLAIMED, Basis.ASSERTED) or statement.about is not Property.RETRIEVED
        )
        if given and moment.original and moment.original != statement.value:
            return f"{statement.value} (written {moment.original})"
    return statement.value


def basis(statement: Statement) -> str:
    """The basis in words: who asserts it, or where the claim stands, or how it was inferred."""
    place = statement.evidence.place if statement.evidence else None
    if statement.basis is Basis.ASSERTED:
        return f"asserted by {statement.said_by}"
    if statement.basis is Basis.CLAIMED:
        return f"claimed in the {place}" if place else "claimed in the text"
    if statement.basis is Basis.INFERRED:
        return f"inferred from the {place}" if place else f"inferred by {statement.method}"
    return "observed"
