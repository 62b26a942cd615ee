"""What is to be followed: the words of a claim, from which they were taken, and within what bounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.catalog.references import Ambiguous, NotHeld
from archive.digest import digest_prefix
from archive.errors import UsageError
from archive.label import BadLabel, Label
from archive.model import ParagraphKind, Property
from archive.text.dates import after, date

if TYPE_CHECKING:
    from datetime import datetime

    from archive.archive import Archive
    from archive.model import ClosenessKind, Passage
    from archive.record import Holding, Sketch


class NothingToTrace(UsageError):
    """What was to be traced holds no words that could be found again."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which occurrences are wanted: published in this time, from these outlets, as close as this; all where empty.

    `since` is inclusive and `until` exclusive, both in UTC. Where nobody says when a version was published,
    its retrieval counts. `recorded_since` narrows to what came into the archive at that time or later.
    """

    since: datetime | None = None
    until: datetime | None = None
    outlets: tuple[str, ...] = ()
    kinds: tuple[ClosenessKind, ...] = ()
    recorded_since: datetime | None = None

    @property
    def narrow(self) -> bool:
        """Whether it leaves anything out but by closeness."""
        return bool(self.since or self.until or self.outlets or self.recorded_since)

    def holds(self, sketch: Sketch) -> bool:
        """Whether a version lies within it, but for its outlet, which the index knows."""
        at = dated(sketch)
        if self.recorded_since and sketch.recorded < self.recorded_since:
            return False
        if self.since or self.until:
            low, high = self.since or at, self.until
            return at is not None and low is not None and low <= at and (high is None or at < high)
        return True


@dataclass(frozen=True, slots=True)
class Claim:
    """The words that are followed, the passage they were taken from, and the date they are known to be of."""

    text: str
    asked_from: Label | None = None
    at: datetime | None = None


def dated(held: Sketch | Holding) -> datetime | None:
    """When a version was published as claimed, else when it was retrieved."""
    for about in (Property.PUBLISHED, Property.RETRIEVED):
        said = held.first(about)
        if said and said.moment:
            return said.moment.at
    return None


def scope(
    since: str | None = None,
    until: str | None = None,
    outlets: tuple[str, ...] = (),
    kinds: tuple[ClosenessKind, ...] = (),
    recorded_since: str | None = None,
) -> Scope:
    """The bounds as a person writes them: dates in ISO 8601, of which `until` counts whole; raises `BadDate`."""
    return Scope(
        date(since).at if since else None,
        after(date(until)) if until else None,
        outlets,
        kinds,
        date(recorded_since).at if recorded_since else None,
    )


def claim_of(archive: Archive, asked: str, within: Scope) -> Claim:
    """The claim in words as given, or in the passage that a label, an item, a version or a digest names.

    Its date is that of the passage's version, else the end of the bounds. Digits that
    are the beginning of no digest held are words. Raises `NotHeld` and `NothingToTrace`.
    """
    held, number = _named(archive, asked.strip())
    if held is None:
        return Claim(asked, None, within.until)
    passage = passage_of(held, number)
    return Claim(passage.span.of(held.text), held.version.label.at_passage(passage.number), dated(held))


def _named(archive: Archive, asked: str) -> tuple[Holding | None, int | None]:
    prefix = digest_prefix(asked)
    try:
        label = None if prefix else Label.parse(asked)
    except BadLabel:
        return None, None
    with archive.catalog.read() as reader:
        try:
            return reader.holdings(reader.find(asked)[-1:])[0], label.passage if label else None
        except NotHeld:
            if prefix and ":" not in asked and len(prefix) < len("0" * 64):
                return None, None
            raise
        except Ambiguous:
            if prefix and asked.isdigit():
                return None, None
            raise


def passage_of(held: Holding, number: int | None) -> Passage:
    """The passage with that number; without one, the first sentence that is not a heading."""
    for passage in held.passages:
        if number in (passage.number, None) and (number or passage.kind is ParagraphKind.TEXT):
            return passage
    what = f"has no passage {number}" if number else "holds no sentence to trace"
    raise NothingToTrace(f"{held.version.label} {what}")
