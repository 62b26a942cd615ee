"""What shares text with what: the links of a version, and every link of the archive."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from archive.linking import LinkLag, lag
from archive.model import Precision, Property

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archive.archive import Archive
    from archive.lineage.shared import SharedText
    from archive.model import Moment, Statement
    from archive.record import Holding


class Order(StrEnum):
    """How it is known which of two versions is dated earlier."""

    PUBLISHED = "published"
    RETRIEVED = "retrieved"
    VERSION = "version"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Earlier:
    """Which of two versions is the earlier, as far as what is said of them tells; `holding` is None where nothing does.

    `by` says what was compared; `said` are the two statements, this version's first, where dates were.
    """

    by: Order
    holding: Holding | None = None
    said: tuple[Statement, Statement] | None = None


@dataclass(frozen=True, slots=True)
class Relative:
    """Another version that shares text with the one asked about; the link is told from that one's side."""

    holding: Holding
    link: SharedText
    earlier: Earlier
    same_item: bool


@dataclass(frozen=True, slots=True)
class Relatives:
    """A version and what shares text with it, the most words first."""

    holding: Holding
    found: tuple[Relative, ...]


def related(archive: Archive, reference: str) -> tuple[list[Relatives], LinkLag]:
    """What copies or is copied from the versions that a reference names, and how far links are behind."""
    with archive.catalog.read() as reader:
        asked = reader.holdings(reader.find(reference))
        links = reader.links.links_of([each.version.position for each in asked])
        ends = {end for link in links for end in (link.later, link.earlier)}
        versions = reader.versions(reader.links.ids_at(ends).values())
        held = {each.version.position: each for each in reader.holdings(versions)}
    of: dict[int, list[SharedText]] = defaultdict(list)
    for link in links:
        of[link.later].append(link)
        of[link.earlier].append(link.turned())
    found = [Relatives(each, _relatives(each, of[each.version.position], held)) for each in asked]
    return found, lag(archive)


def _relatives(holding: Holding, links: list[SharedText], held: dict[int, Holding]) -> tuple[Relative, ...]:
    ordered = sorted(links, key=lambda link: (-link.covered, link.earlier))
    return tuple(
        Relative(
            other,
            link,
            dated_earlier(holding, other),
            other.version.item_id == holding.version.item_id,
        )
        for link in ordered
        for other in (held[link.earlier],)
    )


def dated_earlier(one: Holding, other: Holding) -> Earlier:
    """Which of two versions is dated earlier: by the dates of publication, else of retrieval; never by a guess.

    Of versions of one item it is the one with the lower number. A date given to the day alone does not come
    before or after a time on the same day.
    """
    if one.version.item_id == other.version.item_id:
        numbered = sorted((one, other), key=lambda each: each.version.label.version or 0)
        return Earlier(Order.VERSION, numbered[0])
    for order, about in ((Order.PUBLISHED, Property.PUBLISHED), (Order.RETRIEVED, Property.RETRIEVED)):
        here, there = one.first(about), other.first(about)
        if here and there and here.moment and there.moment:
            step = _compared(here.moment, there.moment)
            if step:
                return Earlier(order, one if step < 0 else other, (here, there))
    return Earlier(Order.UNKNOWN)


def _compared(here: Moment, there: Moment) -> int:
    """Less than 0 where the first is the earlier, 0 where they are the same as far as they are precise."""
    timed = {Precision.MINUTE, Precision.SECOND}
    if {here.precision, there.precision} <= timed:
        return (here.at > there.at) - (here.at < there.at)
    coarse = min(here.precision, there.precision, key=list(Precision).index)
    length = {Precision.YEAR: 1, Precision.MONTH: 2}.get(coarse, 3)
    one, other = here.at.timetuple()[:length], there.at.timetuple()[:length]
    return (one > other) - (one < other)


@dataclass(frozen=True, slots=True)
class NamedLink:
    """A link with what its two versions are called: labels, and identifiers that they came with."""

    link: SharedText
    later: str
    earlier: str
    later_external_id: str | None
    earlier_external_id: str | None


def every_link(archive: Archive) -> Iterator[NamedLink]:
    """Every link of the archive, in the order of the ledger, a page of them in memory."""
    with archive.catalog.read() as reader:
        for page in reader.links.pages():
            ends = {end for link in page for end in (link.later, link.earlier)}
            names = reader.links.names(ends)
            for link in page:
                (later, its_id), (earlier, other_id) = names[link.later], names[link.earlier]
                yield NamedLink(link, later, earlier, its_id, other_id)
